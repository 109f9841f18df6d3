package texts

import (
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
)

// russianRefusals says in Russian what the program says in English of what people do
// at the desk and in settings: by the whole sentence, else by code and field, else
// by code alone.
func russianRefusals(t *Table) {
	for key, words := range map[string]string{
		"The form could not be read.":                                                   "Форму не удалось прочитать. Обновите страницу и попробуйте ещё раз.",
		"This view is somebody else's. Keep one of your own.":                           "Это чужое представление. Сохраните своё.",
		"Only who wrote a note can change or remove it.":                                "Изменить или удалить заметку может только её автор.",
		"This person has rights that you do not have.":                                  "У этого человека есть права, которых нет у вас.",
		"Only the owner changes the owner.":                                             "Владельца может изменить только он сам.",
		"This link was used already or has expired.":                                    "Ссылка уже использована или устарела.",
		"Whoever began this may no longer do it there.":                                 "У того, кто это начал, здесь больше нет на это права.",
		"These two are one person already.":                                             "Эти люди уже объединены.",
		"There is no such note.":                                                        "Этой заметки больше нет.",
		"There is no such task.":                                                        "Этой задачи больше нет.",
		"There is no such view.":                                                        "Этого представления больше нет.",
		"A conversation is put off for two years at most.":                              "Отложить можно не больше чем на два года.",
		"This person is disabled: enable them first.":                                   "Этот человек отключён. Сначала верните ему доступ.",
		"Change how you sign in yourself in your own settings, with your password.":     "Свой вход меняйте в своих настройках, с паролем.",
		"A filter cannot be turned round with a minus: name what is wanted.":            "Отбор нельзя обратить минусом: назовите то, что нужно.",
		"The first day is behind the last one.":                                         "Первый день позже последнего.",
		"Nothing is selected.":                                                          "Ничего не выбрано.",
		"The file is empty.":                                                            "Файл пуст.",
		"Name the template.":                                                            "Выберите шаблон.",
		"The key would have expired already.":                                           "Этот срок уже прошёл.",
		"There are 10000 templates, which is the most there may be: remove some first.": "Шаблонов уже 10\u00a0000, больше не поместится: сначала удалите лишние.",
		"Login or password is wrong.":                                                   "Неверный логин или пароль.",

		"conflict login": "С таким логином уже входит другой человек.", "conflict name": "Такое название уже есть.", "conflict user": "Сейчас этого сделать нельзя: человек отключён.",
		"limited add": "Больше меток сюда не поместится.", "limited name": "Больше создать нельзя: сначала удалите лишнее.",
		"forbidden code": "Код неверен или уже использован.", "forbidden grants": "Нельзя дать права, которых нет у вас.", "forbidden rights": "Нельзя дать или забрать права, которых нет у вас.",
		"forbidden password": "Неверный пароль.", "forbidden login": "Неверный логин или пароль.", "forbidden ticket": "Прошло слишком много времени. Введите логин и пароль ещё раз.",
		"invalid account": "Такого кабинета нет.", "invalid accounts": "Такого кабинета нет, или их слишком много.", "invalid action": "Этого здесь сделать нельзя.", "invalid add": "Такая метка не подходит.",
		"invalid tags": "Назовите метки: от одной до двухсот.", "invalid color": "Такого цвета нет.", "invalid field": "Выберите поле.", "not_found field": "Этого поля больше нет.", "invalid value": "Это значение полю не подходит.",
		"invalid of": "Поле бывает у обращения или у покупателя.", "invalid options": "Варианты не подходят: нужен хотя бы один, не длиннее 100 знаков.", "invalid kind": "Выберите тип.", "invalid kinds": "Такого вида нет.",
		"invalid conversations": "Выбрано слишком много или ничего.", "invalid filter": "Ничего не найдено, или найдено слишком много: измените отбор.", "invalid query": "Так не понять, что показывать.",
		"invalid q": "Так не понять, что искать.", "invalid sort": "Такого порядка нет.", "invalid cursor": "Список успел измениться. Откройте его заново.", "invalid state": "Такого состояния нет.",
		"invalid team": "Этой команды больше нет.", "not_found team": "Этой команды больше нет.", "invalid members": "Кого-то из этих людей нет, или их больше 500.",
		"invalid user": "Этот человек здесь не отвечает: нет права, или он больше не работает.", "invalid until": "Это время уже прошло или слишком далеко.", "invalid due_at": "Это не время.", "invalid priority": "Такой важности нет.",
		"invalid folder": "Папка — до 200 знаков, не больше пяти уровней.", "invalid file": "Файл не подходит: он пуст, повреждён или слишком велик.", "invalid templates": "Такого шаблона нет.", "invalid texts": "С текстом что-то не так: он пуст, или у скобки { нет пары.",
		"invalid seen": "Обращение успело измениться. Обновите страницу.", "invalid message": "Этого сообщения больше нет.", "unsupported text": "Ответ здесь — только текст.", "unavailable template": "Шаблоны этого кабинета ещё не прочитаны.",
		"invalid channel": "Такой площадки нет.", "invalid grants": "С ролями что-то не так: их слишком много, или такой роли нет.", "invalid rights": "Выберите хотя бы одно право.", "invalid expires_at": "Этот срок уже прошёл.",
		"invalid language": "Такого языка нет.", "invalid theme": "Такого оформления нет.", "invalid limit": "Такой предел не подходит.", "invalid rating": "Звёзд бывает от одной до пяти.", "invalid shortcuts": "Такие клавиши не подходят.",
		"invalid to": "Это слишком много за один раз.", "invalid from": "Выберите, что доставить ещё раз.", "invalid deliveries": "Выберите от одной до 500 доставок.", "invalid ids": "Это слишком много за один раз.",
		"invalid parent": "Это нельзя написать под другим сообщением.", "invalid interactive": "Сообщение — это текст с файлами, шаблон, кнопки или меню: выберите одно.", "invalid credentials": "Такого доступа площадка не знает.",

		"forbidden ": "У вас нет на это права.", "invalid ": "Так не получится: что-то введено не так.",
	} {
		if _, known := t.Errors[key]; !known {
			t.Errors[key] = words
		}
	}
}

// Sentence says an expected error in the language of the screen. What a remote side
// said in Russian stays as it is where we have no words for it.
func (t *Table) Sentence(code sellerdesk.Code, field, words string) string {
	if t.Language != sellerdesk.English {
		first, _ := utf8.DecodeRuneInString(words)
		if s, ok := t.Errors[words]; ok {
			return s
		}
		if s, ok := t.Errors[string(code)+" "+field]; ok && field != "" {
			return s
		}
		if s, ok := t.Errors[string(code)+" "]; ok && !unicode.Is(unicode.Cyrillic, first) {
			return s
		}
	}
	if words != "" {
		return words
	}
	return t.ErrorTitle
}
