package texts

import (
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Bulking is what is said where one thing is done to many conversations.
type Bulking struct {
	// Selecting rows of the list.
	Select, Unselect, PickedWord, PickAll, Counting, TooMany, WithPicked, More, Group string
	// Picked and AllPicked say how many at their {}.
	Picked, AllPicked string

	// The dialog.
	Verbs, Will                                                    map[sellerdesk.ActionKind]string
	Titles                                                         map[sellerdesk.ActionKind]func(n int) string
	Cancel, Sample, SampleHint, NoText, Nothing, NothingHint       string
	Variants, VariantsHint, AddVariant, RemoveVariant, FromLibrary string
	InsertName, InsertProduct, InsertOneOf                         string
	NameSample, ProductSample, OneOfSample                         string
	Variant                                                        func(n int) string
	Takes                                                          func(d string) string
	Rest                                                           func(n int) string
	PutOn, TakeOff, Value, ValueHint                               string

	// Jobs. Reasons are what jobs say of what they did not do, by their English words.
	Reasons                                                          map[string]string
	Jobs, JobsHint, None, NoneHint, Everything, ByHand, Mine, Older  string
	Pause, PauseHint, Resume, Stop, StopHint, StopAnswers            string
	Undo, UndoHint, Hide, AllJobs, Undoing, Errors, Program, Details string
	OpenFound, Began, Ended                                          string
	States                                                           map[sellerdesk.JobState]string
	Did                                                              map[sellerdesk.ActionKind]string
	Of                                                               func(done, total int) string
	Left                                                             func(d string) string
	Waits, Failed, Undone, DoneMany                                  func(n int) string
	About                                                            func(d time.Duration) string
}

func englishBulking() Bulking {
	number := func(n int) string { return grouped(n, ",") }
	many := func(verb string) func(int) string {
		return func(n int) string {
			return fmt.Sprintf(verb, number(n)+"\u00a0"+plural(n, "conversation", "conversations"))
		}
	}
	return Bulking{
		Select: "Select several", Unselect: "Clear the selection", PickedWord: "Selected", PickAll: "Select all that match", Counting: "Counting…",
		TooMany: "Too many match", WithPicked: "With the selected", More: "More actions", Group: "Selection",
		Picked:    "Selected: {}",
		AllPicked: "All that match: {}",
		Verbs: map[sellerdesk.ActionKind]string{
			sellerdesk.ActionAnswer: "Answer", sellerdesk.ActionClose: "Close", sellerdesk.ActionReopen: "Reopen", sellerdesk.ActionArchive: "Archive",
			sellerdesk.ActionUnarchive: "Take out of the archive", sellerdesk.ActionMarkRead: "Mark read", sellerdesk.ActionNoAnswerNeeded: "No answer needed",
			sellerdesk.ActionTag: "Tag", sellerdesk.ActionAssign: "Assign", sellerdesk.ActionSnooze: "Snooze", sellerdesk.ActionPriority: "Priority", sellerdesk.ActionField: "Field",
		},
		Titles: map[sellerdesk.ActionKind]func(int) string{
			sellerdesk.ActionAnswer: many("Answer %s"), sellerdesk.ActionClose: many("Close %s"), sellerdesk.ActionReopen: many("Reopen %s"), sellerdesk.ActionArchive: many("Archive %s"),
			sellerdesk.ActionUnarchive: many("Take %s out of the archive"), sellerdesk.ActionMarkRead: many("Mark %s read"), sellerdesk.ActionNoAnswerNeeded: many("%s: no answer needed"),
			sellerdesk.ActionTag: many("Tag %s"), sellerdesk.ActionAssign: many("Assign %s"), sellerdesk.ActionSnooze: many("Snooze %s"), sellerdesk.ActionPriority: many("Priority of %s"), sellerdesk.ActionField: many("Set a field of %s"),
		},
		Will: map[sellerdesk.ActionKind]string{
			sellerdesk.ActionAnswer:         "Each gets one of the variants. Answers to reviews and questions are public. You can pause and stop: what has not left is withdrawn, what has left stays.",
			sellerdesk.ActionClose:          "They leave the inbox until the buyer writes again. You can undo this.",
			sellerdesk.ActionReopen:         "Those that are closed come back to the inbox. You can undo this.",
			sellerdesk.ActionArchive:        "They leave the inbox and are found in the archive. You can undo this.",
			sellerdesk.ActionUnarchive:      "Those in the archive come back to the inbox. You can undo this.",
			sellerdesk.ActionMarkRead:       "They are no longer unread for you; for colleagues nothing changes. You can undo this.",
			sellerdesk.ActionNoAnswerNeeded: "Nobody waits in them any more until the buyer writes again. You can undo this.",
			sellerdesk.ActionTag:            "Tags are put on or taken off. You can undo this.",
			sellerdesk.ActionAssign:         "Who held them before no longer does. You can undo this.",
			sellerdesk.ActionSnooze:         "They leave the inbox and come back by themselves. You can undo this.",
			sellerdesk.ActionPriority:       "How much they matter changes. You can undo this.",
			sellerdesk.ActionField:          "The field gets the value. You can undo this.",
		},
		PutOn: "Put on", TakeOff: "Take off", Value: "Value", ValueHint: "Days as 2026-11-21, yes for yes; empty takes the value away.",
		Cancel: "Cancel", Sample: "For example", SampleHint: "Of those it will be done to", NoText: "Write a variant to see how it will read.",
		Nothing: "Nothing to do", NothingHint: "Nothing matches, or you may not do this to many there.",
		Variants: "Variants of the answer", VariantsHint: "{name|Buyer} is the name of the buyer, or “Buyer” where it is not known; {Hello|Good day} is one of several.",
		AddVariant: "Add a variant", RemoveVariant: "Remove the variant", FromLibrary: "From the templates",
		InsertName: "Name", InsertProduct: "Product", InsertOneOf: "One of", NameSample: "{name|Dear buyer}", ProductSample: "{product|your order}", OneOfSample: "{Hello|Good day}",
		Variant: func(n int) string { return fmt.Sprintf("Variant\u00a0%d", n) },
		Takes:   func(d string) string { return "By the limits of the marketplaces this takes " + d + "." },
		Rest:    func(n int) string { return "and " + number(n) + " more" },
		Reasons: englishReasons(),
		Jobs:    "Bulk jobs", JobsHint: "What was done to many conversations at once, newest first. Jobs go on by themselves, also after a restart.",
		None: "No jobs yet", NoneHint: "Select rows of the list with X, or all that match with Ctrl+A, and choose what to do.",
		Everything: "All conversations", ByHand: "Selected by hand", Mine: "mine", Older: "Older jobs",
		Pause: "Pause", PauseHint: "What has not left stays here", Resume: "Go on", Stop: "Stop", StopHint: "What is done stays, the rest is not done",
		StopAnswers: "What has not left is withdrawn", Undo: "Undo", UndoHint: "Everything goes back to where it was; what somebody changed since stays",
		Hide: "Hide", AllJobs: "All jobs", Undoing: "Being undone", Errors: "Why not", Program: "Somebody", Details: "Details", OpenFound: "Show them", Began: "Began", Ended: "Ended",
		States: map[sellerdesk.JobState]string{
			sellerdesk.JobRunning: "Running", sellerdesk.JobPaused: "Paused", sellerdesk.JobStopped: "Stopped", sellerdesk.JobDone: "Done", sellerdesk.JobUndone: "Undone",
		},
		Did:      englishDeeds(),
		Of:       func(done, total int) string { return number(done) + " of\u00a0" + number(total) },
		Left:     func(d string) string { return d + " left" },
		Waits:    func(n int) string { return "on their way: " + number(n) },
		Failed:   func(n int) string { return "not done: " + number(n) },
		DoneMany: func(n int) string { return "Done: " + number(n) },
		Undone:   func(n int) string { return "taken back: " + number(n) },
		About:    func(d time.Duration) string { return "about\u00a0" + duration(max(d, time.Minute), "min", "h", "d") },
	}
}

func russianBulking() Bulking {
	number := func(n int) string { return grouped(n, "\u00a0") }
	many := func(verb string) func(int) string {
		return func(n int) string {
			return fmt.Sprintf(verb, number(n)+"\u00a0"+russianPlural(n, "обращение", "обращения", "обращений"))
		}
	}
	return Bulking{
		Select: "Выбрать несколько", Unselect: "Снять выбор", PickedWord: "Выбрано", PickAll: "Выбрать все подходящие", Counting: "Считаем…",
		TooMany: "Подходит слишком много", WithPicked: "С выбранными", More: "Ещё действия", Group: "Выбор",
		Picked:    "Выбрано: {}",
		AllPicked: "Все подходящие: {}",
		Verbs: map[sellerdesk.ActionKind]string{
			sellerdesk.ActionAnswer: "Ответить", sellerdesk.ActionClose: "Закрыть", sellerdesk.ActionReopen: "Открыть снова", sellerdesk.ActionArchive: "Архивировать",
			sellerdesk.ActionUnarchive: "Вернуть из архива", sellerdesk.ActionMarkRead: "Отметить прочитанными", sellerdesk.ActionNoAnswerNeeded: "Ответ не нужен",
			sellerdesk.ActionTag: "Метка", sellerdesk.ActionAssign: "Назначить", sellerdesk.ActionSnooze: "Отложить", sellerdesk.ActionPriority: "Важность", sellerdesk.ActionField: "Поле",
		},
		Titles: map[sellerdesk.ActionKind]func(int) string{
			sellerdesk.ActionAnswer: many("Ответить на %s"), sellerdesk.ActionClose: many("Закрыть %s"), sellerdesk.ActionReopen: many("Открыть снова %s"), sellerdesk.ActionArchive: many("Архивировать %s"),
			sellerdesk.ActionUnarchive: many("Вернуть из архива %s"), sellerdesk.ActionMarkRead: many("Отметить прочитанными %s"), sellerdesk.ActionNoAnswerNeeded: many("Ответ не нужен: %s"),
			sellerdesk.ActionTag: many("Метки: %s"), sellerdesk.ActionAssign: many("Назначить %s"), sellerdesk.ActionSnooze: many("Отложить %s"), sellerdesk.ActionPriority: many("Важность: %s"), sellerdesk.ActionField: many("Поле: %s"),
		},
		Will: map[sellerdesk.ActionKind]string{
			sellerdesk.ActionAnswer:         "Каждому уйдёт один из вариантов. Ответы на отзывы и вопросы видят все. Можно приостановить и остановить: что не ушло, отзывается, что ушло, остаётся.",
			sellerdesk.ActionClose:          "Они уйдут из входящих, пока покупатель не напишет снова. Это можно отменить.",
			sellerdesk.ActionReopen:         "Закрытые вернутся во входящие. Это можно отменить.",
			sellerdesk.ActionArchive:        "Они уйдут из входящих, найти их можно в архиве. Это можно отменить.",
			sellerdesk.ActionUnarchive:      "Те, что в архиве, вернутся во входящие. Это можно отменить.",
			sellerdesk.ActionMarkRead:       "Для вас они больше не будут непрочитанными, у коллег ничего не изменится. Это можно отменить.",
			sellerdesk.ActionNoAnswerNeeded: "В них никто больше не ждёт, пока покупатель не напишет снова. Это можно отменить.",
			sellerdesk.ActionTag:            "Метки поставятся или снимутся. Это можно отменить.",
			sellerdesk.ActionAssign:         "Кто держал их раньше, больше не держит. Это можно отменить.",
			sellerdesk.ActionSnooze:         "Они уйдут из входящих и вернутся сами. Это можно отменить.",
			sellerdesk.ActionPriority:       "Изменится их важность. Это можно отменить.",
			sellerdesk.ActionField:          "В поле запишется значение. Это можно отменить.",
		},
		PutOn: "Поставить", TakeOff: "Снять", Value: "Значение", ValueHint: "Дни как 2026-11-21, «да» как yes; пусто убирает значение.",
		Cancel: "Отмена", Sample: "Например", SampleHint: "Из тех, с кем это будет сделано", NoText: "Напишите вариант, и здесь будет видно, как он прочитается.",
		Nothing: "Делать нечего", NothingHint: "Ничего не подходит, или здесь вам нельзя делать это сразу со многими.",
		Variants: "Варианты ответа", VariantsHint: "{имя|Покупатель} станет именем покупателя, а где оно неизвестно, словом «Покупатель»; {Здравствуйте|Добрый день} станет одним из вариантов.",
		AddVariant: "Добавить вариант", RemoveVariant: "Убрать вариант", FromLibrary: "Из шаблонов",
		InsertName: "Имя", InsertProduct: "Товар", InsertOneOf: "Одно из", NameSample: "{имя|Уважаемый покупатель}", ProductSample: "{товар|ваш заказ}", OneOfSample: "{Здравствуйте|Добрый день}",
		Variant: func(n int) string { return fmt.Sprintf("Вариант\u00a0%d", n) },
		Takes:   func(d string) string { return "По лимитам площадок это займёт " + d + "." },
		Rest:    func(n int) string { return "и ещё " + number(n) },
		Reasons: russianReasons(),
		Jobs:    "Массовые действия", JobsHint: "Что делали сразу со многими обращениями, новые сверху. Работа идёт сама, и после перезапуска тоже.",
		None: "Пока ничего", NoneHint: "Выберите строки списка клавишей X или все подходящие через Ctrl+A и решите, что с ними сделать.",
		Everything: "Все обращения", ByHand: "Выбраны вручную", Mine: "моё", Older: "Раньше",
		Pause: "Приостановить", PauseHint: "Что не ушло, останется здесь", Resume: "Продолжить", Stop: "Остановить", StopHint: "Сделанное останется, остальное не будет сделано",
		StopAnswers: "Что не ушло, отзывается", Undo: "Отменить", UndoHint: "Всё вернётся, как было; что кто-то изменил потом, останется",
		Hide: "Скрыть", AllJobs: "Все действия", Undoing: "Отменяется", Errors: "Почему нет", Program: "Кто-то", Details: "Подробно", OpenFound: "Показать", Began: "Начато", Ended: "Закончено",
		States: map[sellerdesk.JobState]string{
			sellerdesk.JobRunning: "Выполняется", sellerdesk.JobPaused: "Приостановлено", sellerdesk.JobStopped: "Остановлено", sellerdesk.JobDone: "Готово", sellerdesk.JobUndone: "Отменено",
		},
		Did:      russianDeeds(),
		Of:       func(done, total int) string { return number(done) + " из\u00a0" + number(total) },
		Left:     func(d string) string { return "осталось " + d },
		Waits:    func(n int) string { return "в очереди: " + number(n) },
		Failed:   func(n int) string { return "не сделано: " + number(n) },
		DoneMany: func(n int) string { return "Сделано: " + number(n) },
		Undone:   func(n int) string { return "возвращено: " + number(n) },
		About: func(d time.Duration) string {
			return "около\u00a0" + duration(max(d, time.Minute), "мин", "ч", "д")
		},
	}
}

// englishReasons say why jobs did not do something.
func englishReasons() map[string]string {
	return map[string]string{
		"This cannot be done here.":                     "This cannot be done here.",
		"Somebody answered meanwhile.":                  "Somebody answered meanwhile.",
		"It failed here.":                               "It failed here.",
		"Whoever began this may no longer do it there.": "Whoever began this may no longer do it there.",
		"Whoever began this no longer works here.":      "Whoever began this no longer works here.",
	}
}

// englishDeeds say what jobs are about.
func englishDeeds() map[sellerdesk.ActionKind]string {
	return map[sellerdesk.ActionKind]string{
		sellerdesk.ActionAnswer: "Answers", sellerdesk.ActionClose: "Closing", sellerdesk.ActionReopen: "Reopening", sellerdesk.ActionArchive: "Archiving",
		sellerdesk.ActionUnarchive: "Taking out of the archive", sellerdesk.ActionMarkRead: "Marking read", sellerdesk.ActionNoAnswerNeeded: "No answer needed",
		sellerdesk.ActionTag: "Tags", sellerdesk.ActionAssign: "Assigning", sellerdesk.ActionSnooze: "Snoozing", sellerdesk.ActionPriority: "Priority", sellerdesk.ActionField: "Field",
	}
}

// russianReasons say why jobs did not do something.
func russianReasons() map[string]string {
	return map[string]string{
		"This cannot be done here.":                                                    "Здесь этого сделать нельзя.",
		"Somebody answered meanwhile.":                                                 "Тем временем кто-то ответил.",
		"It failed here.":                                                              "Не получилось у нас.",
		"Whoever began this may no longer do it there.":                                "Тому, кто это начал, здесь больше нельзя это делать.",
		"Whoever began this no longer works here.":                                     "Тот, кто это начал, здесь больше не работает.",
		"There is no such conversation.":                                               "Этого обращения больше нет.",
		"There is no such team.":                                                       "Этой команды больше нет.",
		"This has just been done.":                                                     "Это только что сделано.",
		"This is on its way already.":                                                  "Это уже отправляется.",
		"This moment is over: name one to come.":                                       "Время, до которого это откладывали, уже прошло.",
		"Nothing is read from this channel now.":                                       "С этой площадки сейчас ничего не читается.",
		"This channel takes no files here.":                                            "Файлы здесь не принимаются.",
		"At most 50 tags can be on one conversation.":                                  "На одном обращении помещается не больше 50\u00a0меток.",
		"This person cannot answer here: they lack the right, or no longer work here.": "Этот человек здесь не отвечает: нет права, или он больше не работает.",
	}
}

// russianDeeds say what jobs are about.
func russianDeeds() map[sellerdesk.ActionKind]string {
	return map[sellerdesk.ActionKind]string{
		sellerdesk.ActionAnswer: "Ответы", sellerdesk.ActionClose: "Закрытие", sellerdesk.ActionReopen: "Открытие снова", sellerdesk.ActionArchive: "В архив",
		sellerdesk.ActionUnarchive: "Возврат из архива", sellerdesk.ActionMarkRead: "Отметка «прочитано»", sellerdesk.ActionNoAnswerNeeded: "Ответ не нужен",
		sellerdesk.ActionTag: "Метки", sellerdesk.ActionAssign: "Назначение", sellerdesk.ActionSnooze: "Отложить", sellerdesk.ActionPriority: "Важность", sellerdesk.ActionField: "Поле",
	}
}
