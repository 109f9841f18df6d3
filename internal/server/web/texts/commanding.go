package texts

import "github.com/sellerdesk/sellerdesk"

// Commanding is what is said of keys and of the palette.
type Commanding struct {
	Names  map[sellerdesk.Command]string // of the commands
	Groups []string                      // of the sheet: moving, answering, sorting, going
	// Words are further words under which the palette finds a command, apart by spaces.
	Words map[sellerdesk.Command]string

	Title, KeysHint, Off, OffHint, OffNow, Change, Press, None, Reset, Fixed string
	Key                                                                      func(command string) string
	Taken, Wrong                                                             string

	Palette, PaletteHint, PaletteNone, Looking   string
	Commands, Places, Views, Tags, People, Talks string
	Themes                                       map[string]string // switch to a theme: "light", "dark", ""
	ThemeWords                                   string
}

func englishCommanding() Commanding {
	return Commanding{
		Names: map[sellerdesk.Command]string{
			sellerdesk.CommandNext: "Next", sellerdesk.CommandPrevious: "Previous", sellerdesk.CommandOpen: "Open",
			sellerdesk.CommandReply: "Answer", sellerdesk.CommandNote: "Note", sellerdesk.CommandTemplate: "Template",
			sellerdesk.CommandSend: "Send", sellerdesk.CommandSendNext: "Send and next",
			sellerdesk.CommandClose: "Close or reopen", sellerdesk.CommandSnooze: "Snooze", sellerdesk.CommandAssign: "Assign",
			sellerdesk.CommandTag: "Tag", sellerdesk.CommandUnread: "Unread",
			sellerdesk.CommandSelect: "Select", sellerdesk.CommandSelectRange: "Select a range", sellerdesk.CommandSelectAll: "Select all that match",
			sellerdesk.CommandStart: "Write first", sellerdesk.CommandSearch: "Search", sellerdesk.CommandPalette: "Command palette",
			sellerdesk.CommandGo: "Go to…", sellerdesk.CommandGoInbox: "Go to the inbox", sellerdesk.CommandGoPeople: "Go to people",
			sellerdesk.CommandGoSettings: "Go to settings", sellerdesk.CommandBack: "Back to the list", sellerdesk.CommandHelp: "All keys",
		},
		Groups: []string{"Move", "Answer", "Sort out", "Go to"},
		Words: map[sellerdesk.Command]string{
			sellerdesk.CommandReply: "reply respond write", sellerdesk.CommandNote: "comment colleague internal", sellerdesk.CommandTemplate: "canned macro snippet",
			sellerdesk.CommandClose: "done archive resolve", sellerdesk.CommandSnooze: "later postpone remind", sellerdesk.CommandAssign: "responsible team delegate",
			sellerdesk.CommandTag: "label", sellerdesk.CommandUnread: "mark", sellerdesk.CommandSelect: "choose bulk", sellerdesk.CommandSelectAll: "choose bulk everything",
			sellerdesk.CommandStart: "new chat conversation start", sellerdesk.CommandSearch: "find", sellerdesk.CommandHelp: "shortcuts hotkeys help",
		},
		Title: "Keyboard", KeysHint: "Keys work by their place on the keyboard, in any layout.",
		Off: "Single keys", OffHint: "Switch them off if you dictate or touch keys by accident. Ctrl+K, Ctrl+Enter and Esc always work.",
		OffNow: "Single keys are switched off.", Change: "Change keys", Press: "Press the new key here, Delete for none", None: "None",
		Reset: "The usual keys", Fixed: "Always this one",
		Key:   func(command string) string { return "Key for “" + command + "”" },
		Taken: "This key has another command already.", Wrong: "This key cannot be used: take a letter, a digit or a sign, with Shift if you like.",

		Palette: "Command palette", PaletteHint: "A command, a place, a buyer, words of a conversation…", PaletteNone: "Nothing found.", Looking: "Looking…",
		Commands: "Commands", Places: "Places", Views: "Views", Tags: "Tags", People: "Buyers", Talks: "Conversations",
		Themes:     map[string]string{"light": "Light theme", "dark": "Dark theme", "": "Theme of the system"},
		ThemeWords: "look appearance colours",
	}
}

func russianCommanding() Commanding {
	return Commanding{
		Names: map[sellerdesk.Command]string{
			sellerdesk.CommandNext: "Следующее", sellerdesk.CommandPrevious: "Предыдущее", sellerdesk.CommandOpen: "Открыть",
			sellerdesk.CommandReply: "Ответить", sellerdesk.CommandNote: "Заметка", sellerdesk.CommandTemplate: "Шаблон",
			sellerdesk.CommandSend: "Отправить", sellerdesk.CommandSendNext: "Отправить и дальше",
			sellerdesk.CommandClose: "Закрыть или открыть снова", sellerdesk.CommandSnooze: "Отложить", sellerdesk.CommandAssign: "Назначить",
			sellerdesk.CommandTag: "Метка", sellerdesk.CommandUnread: "Не прочитано",
			sellerdesk.CommandSelect: "Выбрать", sellerdesk.CommandSelectRange: "Выбрать подряд", sellerdesk.CommandSelectAll: "Выбрать все подходящие",
			sellerdesk.CommandStart: "Написать первым", sellerdesk.CommandSearch: "Поиск", sellerdesk.CommandPalette: "Палитра команд",
			sellerdesk.CommandGo: "Перейти…", sellerdesk.CommandGoInbox: "Перейти во входящие", sellerdesk.CommandGoPeople: "Перейти к покупателям",
			sellerdesk.CommandGoSettings: "Перейти в настройки", sellerdesk.CommandBack: "К списку", sellerdesk.CommandHelp: "Все клавиши",
		},
		Groups: []string{"Движение", "Ответ", "Разбор", "Переход"},
		Words: map[sellerdesk.Command]string{
			sellerdesk.CommandReply: "ответ написать", sellerdesk.CommandNote: "комментарий коллеге внутренняя", sellerdesk.CommandTemplate: "заготовка быстрый ответ",
			sellerdesk.CommandClose: "готово архивировать завершить решено", sellerdesk.CommandSnooze: "позже напомнить потом", sellerdesk.CommandAssign: "ответственный команда передать",
			sellerdesk.CommandTag: "ярлык тег", sellerdesk.CommandUnread: "пометить непрочитанное", sellerdesk.CommandSelect: "выделить отметить", sellerdesk.CommandSelectAll: "выделить массово",
			sellerdesk.CommandStart: "новый чат начать", sellerdesk.CommandSearch: "найти искать", sellerdesk.CommandHelp: "горячие сочетания справка помощь",
		},
		Title: "Клавиатура", KeysHint: "Клавиши работают по месту на клавиатуре, в любой раскладке.",
		Off: "Одиночные клавиши", OffHint: "Выключите, если диктуете или задеваете клавиши случайно. Ctrl+K, Ctrl+Enter и Esc работают всегда.",
		OffNow: "Одиночные клавиши выключены.", Change: "Изменить клавиши", Press: "Нажмите здесь новую клавишу, Delete — никакой", None: "Нет",
		Reset: "Обычные клавиши", Fixed: "Всегда эта",
		Key:   func(command string) string { return "Клавиша для «" + command + "»" },
		Taken: "У этой клавиши уже есть другая команда.", Wrong: "Эта клавиша не подходит: возьмите букву, цифру или знак, можно с Shift.",

		Palette: "Палитра команд", PaletteHint: "Команда, раздел, покупатель, слова из обращения…", PaletteNone: "Ничего не нашлось.", Looking: "Ищем…",
		Commands: "Команды", Places: "Разделы", Views: "Представления", Tags: "Метки", People: "Покупатели", Talks: "Обращения",
		Themes:     map[string]string{"light": "Светлая тема", "dark": "Тёмная тема", "": "Тема как в системе"},
		ThemeWords: "вид оформление цвета",
	}
}
