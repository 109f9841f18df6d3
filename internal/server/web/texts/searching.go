package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// Searching is what the search says.
type Searching struct {
	Title, Placeholder, Do, Help, HelpTitle, Recent, Forget, InList, Everything string
	Start, StartHint, None, NoneHint, Wrong, WrongHint, CanBe, Without, Remove  string
	Partial, PartialHint, OfNewest, Filters, Clear, More, Loading, Failed, Back string
	InThread, InThreadHint, Found, Hit, Newest, Newer, ByFilters, Widened       string
	Order, NewestFirst, Relevance, RelevanceHint, RankedNewest                  string

	Kind, Stars, State, Author, Channel, Cabinet, Period, From, To, Days, Apply, Photo string
	AnyTime, Week, Month, Quarter, Waiting, Unread                                     string
	OnlyHere, Whose, Mine, Nobody, Team, Tag, Priority, Unanswered                     string

	Authors map[sellerdesk.Author]string
	States  map[sellerdesk.ConversationStatus]string
	Urgency map[sellerdesk.Priority]string
	// Operators are the lines of the help: what is typed, and what it finds.
	Operators [][2]string
	Examples  []string

	Hits  func(n int, exact bool) string
	Took  func(ms int64) string
	Since func(day string) string
	Until func(day string) string
	// Misread says which part of what was typed is not understood.
	Misread func(part string) string
	Stared  func(stars string) string
	Article func(article string) string
}

func englishSearching() Searching {
	return Searching{
		Title: "Search", Placeholder: "Search words, names, orders, articles", Do: "Search", Help: "How to search", HelpTitle: "What can be typed",
		Recent: "Recent searches", Forget: "Forget them", InList: "Search everywhere", Everything: "Show all",
		Start: "Search every conversation", StartHint: "Words are found in all their forms, in messages, names of buyers, orders and articles.",
		None: "Nothing found", NoneHint: "Fewer words or filters find more. A beginning with a star finds more too: return*.",
		Wrong: "This is not understood", WrongHint: "Mend it above, or leave it out.", CanBe: "It can be:", Without: "Search without it", Remove: "Remove the filter",
		Partial:     "Not everything was looked at",
		PartialHint: "The search took longer than a second, or the words of old messages are being made anew. A filter makes it faster.",
		OfNewest:    fmt.Sprintf("Counted among the newest %d.", sellerdesk.FacetsCounted), Filters: "Filters", Clear: "Clear filters", More: "Show more", Loading: "Searching…",
		Failed: "The search did not answer. Try again.", Back: "Back to the results",
		InThread: "Search in this conversation", InThreadHint: "Only in one conversation", Found: "Found words are marked", Hit: "Found message",
		Newest: "To the newest messages", Newer: "Newer messages", ByFilters: "Conversations by their filters, each with its newest message.",
		Widened: "No such word. Found by its beginning:",
		Order:   "Order", NewestFirst: "Newest first", Relevance: "Best match",
		RelevanceHint: "First the very words that were typed, near each other and in their order; then what is newer and shorter",
		RankedNewest:  fmt.Sprintf("The newest %d are counted, and ordered by match; older ones follow, as many at a time.", sellerdesk.FacetsCounted),
		Kind:          "Kind", Stars: "Stars", State: "State", Author: "Written by", Channel: "Channel", Cabinet: "Account", Period: "Period", From: "From", To: "To",
		Days: "Days are counted in UTC.", Apply: "Apply", Photo: "With a photo", AnyTime: "Any time", Week: "7 days", Month: "30 days", Quarter: "90 days",
		Waiting: "Needs answer", Unread: "Unread", OnlyHere: "In one conversation",
		Whose: "Assigned to", Mine: "Me", Nobody: "Nobody", Team: "Team", Tag: "Tag", Priority: "Priority", Unanswered: "Without our answer",
		Urgency: map[sellerdesk.Priority]string{
			sellerdesk.PriorityLow: "Low", sellerdesk.PriorityNormal: "Normal", sellerdesk.PriorityHigh: "High", sellerdesk.PriorityUrgent: "Urgent",
		},
		Authors: map[sellerdesk.Author]string{
			sellerdesk.AuthorBuyer: "Buyer", sellerdesk.AuthorAgent: "Us", sellerdesk.AuthorRule: "Rule",
			sellerdesk.AuthorPlatform: "Marketplace", sellerdesk.AuthorElsewhere: "Answered elsewhere",
		},
		States: map[sellerdesk.ConversationStatus]string{
			sellerdesk.ConversationOpen: "Open", sellerdesk.ConversationSnoozed: "Snoozed", sellerdesk.ConversationClosed: "Closed", sellerdesk.ConversationArchived: "Archived",
		},
		Operators: [][2]string{
			{"return shoes", "Both words, in any form"}, {`"did not fit"`, "These words side by side"}, {"shoes -return", "Without a word"},
			{"retur*", "A beginning, from four letters on"}, {"AB-123", "An article, an order, a name"}, {"kind:review", "chat, question, review, claim"},
			{"stars:1-3", "1 to 5, or a span"}, {"state:waiting", "open, snoozed, closed, archived, waiting, unread"}, {"author:buyer", "buyer, agent, rule, platform, elsewhere"},
			{"cabinet:\"North\"", "Name or number of an account"}, {"channel:…", "As the channel is called in the API"}, {"article:AB-123", "An article alone"},
			{"assignee:me", "me, none, or a name; team: likewise"}, {"tag:damaged", "A tag; field:\"Name=value\" a field"}, {"priority:urgent", "low, normal, high, urgent"},
			{"from:2026-11-01 to:2026-11", "Days or months, both included"}, {"has:photo", "The buyer sent a picture"},
		},
		Examples: []string{`"did not fit"`, "stars:1-2 has:photo", "state:waiting kind:question"},
		Hits: func(n int, exact bool) string {
			switch {
			case !exact && n < sellerdesk.FacetsCounted:
				return "Found so far: " + grouped(n, ",")
			case !exact:
				return "More than " + grouped(n, ",") + " results"
			case n == 1:
				return "1 result"
			default:
				return grouped(n, ",") + " results"
			}
		},
		Took:    func(ms int64) string { return fmt.Sprintf("in %d\u00a0ms", ms) },
		Since:   func(day string) string { return "From " + day },
		Until:   func(day string) string { return "To " + day },
		Misread: func(part string) string { return "“" + part + "” is not understood." },
		Stared:  func(stars string) string { return stars + "\u00a0★" },
		Article: func(article string) string { return "Article " + article },
	}
}

func russianSearching() Searching {
	return Searching{
		Title: "Поиск", Placeholder: "Слова, имена, заказы, артикулы", Do: "Найти", Help: "Как искать", HelpTitle: "Что можно набрать",
		Recent: "Недавние запросы", Forget: "Забыть их", InList: "Искать везде", Everything: "Показать все",
		Start: "Поиск по всем обращениям", StartHint: "Слова находятся во всех формах: в сообщениях, именах покупателей, заказах и артикулах.",
		None: "Ничего не найдено", NoneHint: "Чем меньше слов и фильтров, тем больше найдётся. Начало слова со звёздочкой находит больше: возвр*.",
		Wrong: "Так не понять", WrongHint: "Поправьте запрос или уберите эту часть.", CanBe: "Можно:", Without: "Искать без этого", Remove: "Убрать фильтр",
		Partial:     "Просмотрено не всё",
		PartialHint: "Поиск занял больше секунды, или слова старых сообщений готовятся заново. С фильтром быстрее.",
		OfNewest:    fmt.Sprintf("Посчитано по последним %d.", sellerdesk.FacetsCounted), Filters: "Фильтры", Clear: "Сбросить фильтры", More: "Показать ещё", Loading: "Ищем…",
		Failed: "Поиск не ответил. Попробуйте ещё раз.", Back: "К результатам",
		InThread: "Искать в этом обращении", InThreadHint: "Только в одном обращении", Found: "Найденные слова отмечены", Hit: "Найденное сообщение",
		Newest: "К последним сообщениям", Newer: "Более новые сообщения", ByFilters: "Обращения по фильтрам, каждое с последним сообщением.",
		Widened: "Такого слова нет. Найдено по началу:",
		Order:   "Порядок", NewestFirst: "Сначала новые", Relevance: "По смыслу",
		RelevanceHint: "Сначала те самые слова, рядом и в том же порядке; затем более новые и короткие",
		RankedNewest:  fmt.Sprintf("Посчитаны и упорядочены по смыслу последние %d; более старые идут за ними, так же по %[1]d.", sellerdesk.FacetsCounted),
		Kind:          "Вид", Stars: "Звёзды", State: "Состояние", Author: "Кто написал", Channel: "Канал", Cabinet: "Кабинет", Period: "Период", From: "С", To: "По",
		Days: "Дни считаются по UTC.", Apply: "Применить", Photo: "С фото", AnyTime: "За всё время", Week: "7\u00a0дней", Month: "30\u00a0дней", Quarter: "90\u00a0дней",
		Waiting: "Нужен ответ", Unread: "Не прочитано", OnlyHere: "В одном обращении",
		Whose: "Ответственный", Mine: "Я", Nobody: "Никто", Team: "Команда", Tag: "Метка", Priority: "Важность", Unanswered: "Без нашего ответа",
		Urgency: map[sellerdesk.Priority]string{
			sellerdesk.PriorityLow: "Низкая", sellerdesk.PriorityNormal: "Обычная", sellerdesk.PriorityHigh: "Высокая", sellerdesk.PriorityUrgent: "Срочная",
		},
		Authors: map[sellerdesk.Author]string{
			sellerdesk.AuthorBuyer: "Покупатель", sellerdesk.AuthorAgent: "Мы", sellerdesk.AuthorRule: "Правило",
			sellerdesk.AuthorPlatform: "Площадка", sellerdesk.AuthorElsewhere: "Отвечено в кабинете",
		},
		States: map[sellerdesk.ConversationStatus]string{
			sellerdesk.ConversationOpen: "Открыто", sellerdesk.ConversationSnoozed: "Отложено", sellerdesk.ConversationClosed: "Закрыто", sellerdesk.ConversationArchived: "В архиве",
		},
		Operators: [][2]string{
			{"вернуть кроссовку", "Оба слова в любой форме"}, {"«не подошёл размер»", "Эти слова подряд"}, {"кроссовки -возврат", "Без слова"},
			{"возвр*", "Начало слова, от четырёх букв"}, {"AB-123", "Артикул, заказ или имя"}, {"вид:отзыв", "чат, вопрос, отзыв, возврат"},
			{"звёзд:1-3", "От 1 до 5 или промежуток"}, {"статус:ждёт", "открыт, отложен, закрыт, архив, ждёт, непрочитано"}, {"автор:покупатель", "покупатель, оператор, правило, площадка, извне"},
			{"кабинет:\"Север\"", "Название или номер кабинета"}, {"канал:…", "Как канал называется в API"}, {"артикул:AB-123", "Только артикул"},
			{"ответственный:я", "я, никто или имя; так же команда:"}, {"метка:брак", "Метка; поле:\"Название=значение\" для полей"}, {"важность:срочная", "низкая, обычная, высокая, срочная"},
			{"с:01.11.2026 по:2026-11", "Дни или месяцы, оба включительно"}, {"есть:фото", "Покупатель прислал фото"},
		},
		Examples: []string{"«не подошёл размер»", "звёзд:1-2 есть:фото", "статус:ждёт вид:вопрос"},
		Hits: func(n int, exact bool) string {
			if !exact && n < sellerdesk.FacetsCounted {
				return "Пока найдено: " + grouped(n, "\u00a0")
			}
			if !exact {
				return "Больше " + grouped(n, "\u00a0") + " результатов"
			}
			return grouped(n, "\u00a0") + " " + russianPlural(n, "результат", "результата", "результатов")
		},
		Took:    func(ms int64) string { return fmt.Sprintf("за %d\u00a0мс", ms) },
		Since:   func(day string) string { return "С " + day },
		Until:   func(day string) string { return "По " + day },
		Misread: func(part string) string { return "«" + part + "» непонятно." },
		Stared:  func(stars string) string { return stars + "\u00a0★" },
		Article: func(article string) string { return "Артикул " + article },
	}
}
