package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// Labelling is what is said of tags, fields and saved views.
type Labelling struct {
	// The picker of tags.
	Tags, Tag, Pick, Find, NoTags, Saved string
	Make                                 func(name string) string
	Tagged                               func(names string) string

	// The views beside the list.
	Views, View, Save, SaveHint, Name, For, ForMe, ForHouse, Keep, AllViews string
	More                                                                    string // behind the greatest number that is counted

	// The pages under settings.
	TagsTitle, TagsHint, ViewsTitle, ViewsHint                    string
	NewTag, Color, Remove, Rename, Change, Done, Removed          string
	NoViews, NoViewsHint, Query, QueryHint, Sort, Waiting, Newest string
	Whose, Mine, House, Copy                                      string
	Fields, FieldsHint, NewField, Kind, Of, Options, OptionsHint  string
	NoFields, Yes, Unset, Up, Down                                string
	OfConversation, OfContact                                     string
	RemoveTag, RemoveField, RemoveView                            string
	Kinds                                                         map[sellerdesk.FieldKind]string
	Colors                                                        []string // of tags, by number
	On                                                            func(n int) string
	Team                                                          func(name string) string
	Wrong                                                         map[string]string // by the field that is wrong
}

func englishLabelling() Labelling {
	return Labelling{
		Tags: "Tags", Tag: "Tag", Pick: "Tags of the conversation", Find: "Find or make a tag", NoTags: "There is no such tag yet.", Saved: "Saved",
		Make:   func(name string) string { return "Make “" + name + "”" },
		Tagged: func(names string) string { return "Tags: " + names },
		Views:  "Views", View: "View", Save: "Save as a view", SaveHint: "Keeps what the list is narrowed to and shows it beside the list, with a counter.", Name: "Name", For: "For", ForMe: "For me", ForHouse: "For everybody",
		Keep: "Save", AllViews: "All views", More: "1,000+",
		TagsTitle: "Tags and fields", TagsHint: "Tags find conversations and buyers again. Fields keep what the marketplaces do not tell.",
		ViewsTitle: "Views", ViewsHint: "What is looked for again and again. The link of a view opens the same for a colleague, as far as they may see it.",
		NewTag: "New tag", Color: "Colour", Remove: "Remove", Rename: "Rename", Change: "Change", Done: "Saved.", Removed: "Removed.",
		NoViews: "No views yet", NoViewsHint: "Narrow the list and save it as a view.", Query: "What to show", QueryHint: "As in the search box: kind:review stars:1-2 tag:Urgent",
		Sort: "Order", Waiting: "Nearest deadline first", Newest: "Newest first", Whose: "Whose", Mine: "Mine", House: "Everybody’s", Copy: "Link",
		Fields: "Fields", FieldsHint: "They stand in the card beside a conversation and on the page of a buyer.", NewField: "New field", Kind: "Kind", Of: "Belongs to",
		Options: "Options", OptionsHint: "For a choice: one on each line.", NoFields: "No fields yet", Yes: "Yes", Unset: "—", Up: "Up", Down: "Down",
		OfConversation: "Conversation", OfContact: "Buyer",
		RemoveTag: "The tag will be taken off everything. This cannot be undone.", RemoveField: "The field will be removed with all its values. This cannot be undone.", RemoveView: "The view will be removed. Conversations stay.",
		Kinds:  map[sellerdesk.FieldKind]string{sellerdesk.FieldText: "Text", sellerdesk.FieldNumber: "Number", sellerdesk.FieldDate: "Date", sellerdesk.FieldChoice: "Choice", sellerdesk.FieldYes: "Yes or empty"},
		Colors: []string{"Grey", "Red", "Orange", "Amber", "Olive", "Green", "Teal", "Cyan", "Blue", "Violet", "Purple", "Pink"},
		On: func(n int) string {
			return fmt.Sprintf("%s\u00a0%s", grouped(n, ","), plural(n, "conversation", "conversations"))
		},
		Team: func(name string) string { return "Team " + name },
		Wrong: map[string]string{"name": "Another one has this name, or it is too long or has quotation marks in it.", "options": "Write at least one option.",
			"value": "This does not fit the field.", "query": "The question is not understood: write it as in the search box.", "kind": "Choose a kind."},
	}
}

func russianLabelling() Labelling {
	return Labelling{
		Tags: "Метки", Tag: "Метка", Pick: "Метки обращения", Find: "Найти или создать метку", NoTags: "Такой метки ещё нет.", Saved: "Сохранено",
		Make:   func(name string) string { return "Создать «" + name + "»" },
		Tagged: func(names string) string { return "Метки: " + names },
		Views:  "Представления", View: "Представление", Save: "Сохранить как представление", SaveHint: "Запомнит отбор обращений и покажет его рядом со списком, со счётчиком.", Name: "Название", For: "Для кого", ForMe: "Для меня", ForHouse: "Для всех",
		Keep: "Сохранить", AllViews: "Все представления", More: "1\u00a0000+",
		TagsTitle: "Метки и поля", TagsHint: "Метки помогают снова найти обращения и покупателей. Поля хранят то, чего не сообщают площадки.",
		ViewsTitle: "Представления", ViewsHint: "Отборы обращений, которые нужны снова и снова. По ссылке коллега откроет тот же отбор и увидит в нём то, к чему у него есть доступ.",
		NewTag: "Новая метка", Color: "Цвет", Remove: "Удалить", Rename: "Переименовать", Change: "Изменить", Done: "Сохранено.", Removed: "Удалено.",
		NoViews: "Представлений пока нет", NoViewsHint: "Сузьте список и сохраните его как представление.", Query: "Что показывать", QueryHint: "Как в строке поиска: вид:отзыв звёзд:1-2 метка:Срочно",
		Sort: "Порядок", Waiting: "Сначала срочные", Newest: "Сначала новые", Whose: "Чьё", Mine: "Моё", House: "Общее", Copy: "Ссылка",
		Fields: "Поля", FieldsHint: "Стоят в карточке рядом с обращением и на странице покупателя.", NewField: "Новое поле", Kind: "Тип", Of: "К чему относится",
		Options: "Варианты", OptionsHint: "Для типа «Выбор»: по одному на строке.", NoFields: "Полей пока нет", Yes: "Да", Unset: "—", Up: "Выше", Down: "Ниже",
		OfConversation: "Обращение", OfContact: "Покупатель",
		RemoveTag: "Метка будет снята отовсюду. Вернуть её нельзя.", RemoveField: "Поле будет удалено со всеми значениями. Вернуть его нельзя.", RemoveView: "Представление будет удалено. Обращения останутся.",
		Kinds:  map[sellerdesk.FieldKind]string{sellerdesk.FieldText: "Текст", sellerdesk.FieldNumber: "Число", sellerdesk.FieldDate: "Дата", sellerdesk.FieldChoice: "Выбор", sellerdesk.FieldYes: "Да или пусто"},
		Colors: []string{"Серый", "Красный", "Оранжевый", "Янтарный", "Оливковый", "Зелёный", "Бирюзовый", "Голубой", "Синий", "Фиолетовый", "Пурпурный", "Розовый"},
		On: func(n int) string {
			return grouped(n, "\u00a0") + "\u00a0" + russianPlural(n, "обращение", "обращения", "обращений")
		},
		Team: func(name string) string { return "Команда «" + name + "»" },
		Wrong: map[string]string{"name": "Такое название уже есть, либо оно слишком длинное или в нём есть кавычки.", "options": "Напишите хотя бы один вариант.",
			"value": "Это значение полю не подходит.", "query": "Вопрос непонятен: напишите его как в строке поиска.", "kind": "Выберите тип."},
	}
}
