package texts

import (
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// Talking is what the screens say of notes, tasks, notifications, drafts and who
// is there.
type Talking struct {
	Note, NoteUnseen, NotePlaceholder, NoteSave, NoteOpen, NoteClose string
	NoteEdit, NoteRemove, NoteRemoveAsk, NoteEdited, NoteBy          string
	Colleagues, Team, Gone                                           string // Gone: somebody who is no longer here

	Tasks, TaskAdd, TaskText, TaskDue, TaskFor, TaskAnybody, TaskDone, TaskSave, TaskNone, TaskMine string
	TaskDueAt                                                                                       func(moment string) string

	Follow, Unfollow, FollowHint, Following string

	Bell, BellEmpty, BellEmptyHint, BellRead, BellUnread, BellAll string
	Why                                                           map[sellerdesk.NotificationKind]string
	// WhyBy says why somebody is told, with who did it.
	WhyBy func(kind sellerdesk.NotificationKind, who string) string

	Typing, Looking, Drafting func(names []string) string
	Meanwhile                 string // somebody wrote while an answer was being written
	Draft                     string
}

func englishTalking() Talking {
	are := func(names []string, one, many string) string {
		if len(names) < 2 {
			return strings.Join(names, "") + " " + one
		}
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " " + many
	}
	why := map[sellerdesk.NotificationKind]string{
		sellerdesk.NotificationMention: "You were named in a note", sellerdesk.NotificationAssigned: "A conversation is yours now",
		sellerdesk.NotificationWoke: "What you put off is back", sellerdesk.NotificationTask: "A task is due", sellerdesk.NotificationFollowed: "News in what you follow",
		sellerdesk.NotificationReturned: "Conversations of a colleague came back to your team",
	}
	return Talking{
		Note: "Note", NoteUnseen: "the buyer will not see it", NotePlaceholder: "Note for colleagues; @ names somebody", NoteSave: "Save the note",
		NoteOpen: "Write a note", NoteClose: "Back to the answer", NoteEdit: "Change", NoteRemove: "Remove", NoteRemoveAsk: "Remove this note?", NoteEdited: "changed", NoteBy: "Rule",
		Colleagues: "Colleagues", Team: "team", Gone: "somebody",
		Tasks: "Tasks", TaskAdd: "Add a task", TaskText: "What is to be done", TaskDue: "When", TaskFor: "Who", TaskAnybody: "Anybody", TaskDone: "Done", TaskSave: "Add", TaskNone: "No tasks", TaskMine: "My tasks",
		TaskDueAt: func(moment string) string { return "due " + moment },
		Follow:    "Follow", Unfollow: "Unfollow", FollowHint: "Tells you when the buyer writes or a colleague leaves a note", Following: "You follow this",
		Bell: "Notifications", BellEmpty: "Nothing new", BellEmptyHint: "You will be told here when somebody names you in a note, gives you a conversation or a task, and of what you follow.",
		BellRead: "Mark all as seen", BellUnread: "New", BellAll: "All", Why: why,
		WhyBy: func(kind sellerdesk.NotificationKind, who string) string {
			switch kind {
			case sellerdesk.NotificationMention:
				return who + " named you in a note"
			case sellerdesk.NotificationAssigned:
				return who + " gave you a conversation"
			case sellerdesk.NotificationTask:
				return who + " gave you a task"
			case sellerdesk.NotificationFollowed:
				return who + " left a note"
			}
			return why[kind]
		},
		Typing:    func(names []string) string { return are(names, "is writing…", "are writing…") },
		Looking:   func(names []string) string { return are(names, "is here", "are here") },
		Drafting:  func(names []string) string { return are(names, "has begun an answer", "have begun answers") },
		Meanwhile: "Somebody wrote meanwhile. Look at it, and send again if the answer is still right.", Draft: "Draft",
	}
}

func russianTalking() Talking {
	are := func(names []string, one, many string) string {
		if len(names) < 2 {
			return strings.Join(names, "") + " " + one
		}
		return strings.Join(names[:len(names)-1], ", ") + " и " + names[len(names)-1] + " " + many
	}
	why := map[sellerdesk.NotificationKind]string{
		sellerdesk.NotificationMention: "Вас упомянули в заметке", sellerdesk.NotificationAssigned: "Обращение назначено вам",
		sellerdesk.NotificationWoke: "Вернулось отложенное", sellerdesk.NotificationTask: "Подошёл срок задачи", sellerdesk.NotificationFollowed: "Новое в том, за чем вы следите",
		sellerdesk.NotificationReturned: "Обращения коллеги вернулись вашей команде",
	}
	return Talking{
		Note: "Заметка", NoteUnseen: "покупатель не увидит", NotePlaceholder: "Заметка для коллег; @ упомянет человека", NoteSave: "Сохранить заметку",
		NoteOpen: "Написать заметку", NoteClose: "Вернуться к ответу", NoteEdit: "Изменить", NoteRemove: "Удалить", NoteRemoveAsk: "Удалить эту заметку?", NoteEdited: "изменена", NoteBy: "Правило",
		Colleagues: "Коллеги", Team: "команда", Gone: "кто-то",
		Tasks: "Задачи", TaskAdd: "Добавить задачу", TaskText: "Что нужно сделать", TaskDue: "Срок", TaskFor: "Кому", TaskAnybody: "Кому угодно", TaskDone: "Сделано", TaskSave: "Добавить", TaskNone: "Задач нет", TaskMine: "Мои задачи",
		TaskDueAt: func(moment string) string { return "срок: " + moment },
		Follow:    "Следить", Unfollow: "Не следить", FollowHint: "Сообщим, когда покупатель напишет или коллега оставит заметку", Following: "Вы следите за этим обращением",
		Bell: "Уведомления", BellEmpty: "Ничего нового", BellEmptyHint: "Здесь появится, если вас упомянут в заметке, назначат обращение или задачу, и новое в том, за чем вы следите.",
		BellRead: "Отметить всё просмотренным", BellUnread: "Новые", BellAll: "Все", Why: why,
		WhyBy: func(kind sellerdesk.NotificationKind, who string) string {
			switch kind {
			case sellerdesk.NotificationMention:
				return who + ": упоминание в заметке"
			case sellerdesk.NotificationAssigned:
				return who + ": обращение назначено вам"
			case sellerdesk.NotificationTask:
				return who + ": задача для вас"
			case sellerdesk.NotificationFollowed:
				return who + ": новая заметка"
			}
			return why[kind]
		},
		Typing:  func(names []string) string { return are(names, "пишет…", "пишут…") },
		Looking: func(names []string) string { return are(names, "смотрит", "смотрят") },
		Drafting: func(names []string) string {
			return fmt.Sprintf("Начали ответ: %s", strings.Join(names, ", "))
		},
		Meanwhile: "Пока вы писали, здесь появилось новое. Прочитайте и отправьте ещё раз, если ответ всё ещё годится.", Draft: "Черновик",
	}
}
