package texts

import (
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// Handling is what the screens say of whom conversations belong to, until when they
// are put off, how much they matter, and of teams.
type Handling struct {
	Mine, Unassigned, Snoozed                            string
	EmptyMine, EmptyUnassigned, EmptySnoozed, EmptyHint  string
	Assign, AssignFind, AssignNobody, AssignMe, NoMatch  string
	Away, You, Somebody                                  string
	Open                                                 func(n int) string
	HeldBy                                               func(who string) string
	Snooze, SnoozeHint, SnoozeBuyer, SnoozeOrder, Custom string
	SnoozeUntil                                          string
	Presets                                              map[string]string
	Until                                                func(moment string) string
	TillBuyer                                            string
	Priority, More                                       string
	Priorities                                           map[sellerdesk.Priority]string
	Woke, WokeHint                                       map[sellerdesk.WokeReason]string
	GoHome, GoHomeHint, Back, BackHint, AwaySince        string
	HandedBack                                           func(n int) string

	Teams, TeamsHint, NoTeams, NewTeam, Name, Members, Keep, Remove, RemoveAsk, Saved string
	People                                                                            func(n int) string
}

func englishHandling() Handling {
	return Handling{
		Mine: "Mine", Unassigned: "Unassigned", Snoozed: "Snoozed",
		EmptyMine: "Nothing of yours waits", EmptyUnassigned: "Everything belongs to somebody", EmptySnoozed: "Nothing is put off",
		EmptyHint: "What is given to you, or put off, appears here by itself.",
		Assign:    "Assign", AssignFind: "Find a person or a team", AssignNobody: "Nobody", AssignMe: "Take it", NoMatch: "Nobody of this name",
		Away: "away", You: "You", Somebody: "Somebody",
		Open:   func(n int) string { return strconv.Itoa(n) + " to answer" },
		HeldBy: func(who string) string { return "Belongs to " + who },
		Snooze: "Snooze", SnoozeHint: "It comes back by itself. The buyer's next word always brings it back.",
		SnoozeBuyer: "Until the buyer writes", SnoozeOrder: "Until the order or claim changes", Custom: "Another time", SnoozeUntil: "Snooze until",
		Presets: map[string]string{
			"1h": "In an hour", "3h": "In three hours", "evening": "This evening", "tomorrow": "Tomorrow morning", "week": "Next Monday",
		},
		Until: func(moment string) string { return "until " + moment }, TillBuyer: "until the buyer writes",
		Priority: "Priority", More: "More",
		Priorities: map[sellerdesk.Priority]string{
			sellerdesk.PriorityLow: "Low", sellerdesk.PriorityNormal: "Normal", sellerdesk.PriorityHigh: "High", sellerdesk.PriorityUrgent: "Urgent",
		},
		Woke: map[sellerdesk.WokeReason]string{
			sellerdesk.WokeByTime: "Back: it is time", sellerdesk.WokeByBuyer: "Back: the buyer wrote", sellerdesk.WokeByOrder: "Back: the order changed",
		},
		WokeHint: map[sellerdesk.WokeReason]string{
			sellerdesk.WokeByTime:  "It was put off until a moment that has come",
			sellerdesk.WokeByBuyer: "It was put off, and the buyer wrote", sellerdesk.WokeByOrder: "It was put off, and its order or claim changed",
		},
		GoHome: "Go home", GoHomeHint: "What you have to answer goes back to its team, or to nobody.", Back: "I am back", BackHint: "Colleagues see that you are at work again.",
		AwaySince:  "You are away since",
		HandedBack: func(n int) string { return "Handed back: " + strconv.Itoa(n) },
		Teams:      "Teams", TeamsHint: "People who answer together. A conversation can be given to a team, so that any of its members takes it.", NoTeams: "There is no team yet.",
		NewTeam: "New team", Name: "Name", Members: "Members", Keep: "Save", Remove: "Remove the team", RemoveAsk: "Remove this team? What belongs to it will belong to no team.", Saved: "Saved.",
		People: func(n int) string {
			if n == 1 {
				return "1 person"
			}
			return strconv.Itoa(n) + " people"
		},
	}
}

func russianHandling() Handling {
	return Handling{
		Mine: "Мои", Unassigned: "Ничьи", Snoozed: "Отложенные",
		EmptyMine: "Ваших обращений нет", EmptyUnassigned: "У всех обращений есть ответственный", EmptySnoozed: "Ничего не отложено",
		EmptyHint: "Назначенное вам или отложенное появится здесь само.",
		Assign:    "Назначить", AssignFind: "Найти сотрудника или команду", AssignNobody: "Никто", AssignMe: "Взять себе", NoMatch: "С таким именем никого нет",
		Away: "не на месте", You: "Вы", Somebody: "Кто-то",
		Open: func(n int) string {
			return strconv.Itoa(n) + " " + russianPlural(n, "обращение", "обращения", "обращений")
		},
		HeldBy: func(who string) string { return "Ответственный: " + who },
		Snooze: "Отложить", SnoozeHint: "Обращение вернётся само. Новое сообщение покупателя возвращает его всегда.",
		SnoozeBuyer: "Пока покупатель не напишет", SnoozeOrder: "Пока не изменится заказ или заявка", Custom: "Другое время", SnoozeUntil: "Отложить до",
		Presets: map[string]string{
			"1h": "На час", "3h": "На три часа", "evening": "До вечера", "tomorrow": "До завтрашнего утра", "week": "До понедельника",
		},
		Until: func(moment string) string { return "до " + moment }, TillBuyer: "до сообщения покупателя",
		Priority: "Важность", More: "Ещё",
		Priorities: map[sellerdesk.Priority]string{
			sellerdesk.PriorityLow: "Низкая", sellerdesk.PriorityNormal: "Обычная", sellerdesk.PriorityHigh: "Высокая", sellerdesk.PriorityUrgent: "Срочная",
		},
		Woke: map[sellerdesk.WokeReason]string{
			sellerdesk.WokeByTime: "Вернулось: пора", sellerdesk.WokeByBuyer: "Вернулось: покупатель написал", sellerdesk.WokeByOrder: "Вернулось: заказ изменился",
		},
		WokeHint: map[sellerdesk.WokeReason]string{
			sellerdesk.WokeByTime:  "Было отложено, и время пришло",
			sellerdesk.WokeByBuyer: "Было отложено, и покупатель написал", sellerdesk.WokeByOrder: "Было отложено, и заказ или заявка изменились",
		},
		GoHome: "Ухожу", GoHomeHint: "Неотвеченное вернётся команде или станет ничьим.", Back: "Я на месте", BackHint: "Коллеги увидят, что вы снова работаете.",
		AwaySince:  "Вас нет на месте с",
		HandedBack: func(n int) string { return "Передано обращений: " + strconv.Itoa(n) },
		Teams:      "Команды", TeamsHint: "Сотрудники, которые отвечают вместе. Обращение можно назначить команде, и его возьмёт любой из неё.", NoTeams: "Команд пока нет.",
		NewTeam: "Новая команда", Name: "Название", Members: "Сотрудники", Keep: "Сохранить", Remove: "Удалить команду", RemoveAsk: "Удалить команду? Её обращения не будут принадлежать ни одной команде.", Saved: "Сохранено.",
		People: func(n int) string {
			return strconv.Itoa(n) + " " + russianPlural(n, "сотрудник", "сотрудника", "сотрудников")
		},
	}
}
