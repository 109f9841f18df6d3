package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// russianWindows are the texts of windows, templates, buttons and menus.
func russianWindows(t *Table) {
	t.WindowOpen, t.WindowShut = "Окно открыто ещё {}", "Окно закрыто: можно отправить только шаблон"
	t.WindowUnpaid = "Баланс мессенджера исчерпан: пока его не пополнят, отправить ничего нельзя"
	t.WindowHint = "Мессенджер принимает обычные сообщения лишь некоторое время после слов покупателя. Потом — только шаблоны, которые он одобрил заранее."
	t.DraftKept = "Черновик сохранён."
	t.WindowOpenAgain = "Окно снова открыто"
	t.BalanceFine = "баланса хватает"
	t.Quoted = "«{}»"
	t.ReadAnew = "Прочитать заново"
	t.HourShort, t.MinuteShort, t.SecondShort = "ч", "мин", "с"

	t.Template, t.Templates, t.FindTemplate = "Шаблон", "Шаблоны", "Найти шаблон"
	t.NoTemplates, t.NoTemplatesHint = "Шаблонов нет", "Их заводят в кабинете мессенджера; одобренные появятся здесь сами."
	t.NoTemplateMatch, t.OtherTemplate, t.SendTemplate = "Такого шаблона нет", "Другой шаблон", "Отправить шаблон"
	t.Preview, t.FillIn, t.Example = "Так увидит покупатель", "Не заполнено: {}", "Например: {}"
	t.TemplateOpen, t.PreviewEmpty = "Отправить шаблон", "Здесь появится сообщение"
	t.TemplateStatuses = map[sellerdesk.TemplateStatus]string{
		sellerdesk.TemplateApproved: "Одобрен", sellerdesk.TemplatePaused: "Приостановлен", sellerdesk.TemplateDisabled: "Отключён",
		sellerdesk.TemplatePending: "На проверке", sellerdesk.TemplateRejected: "Отклонён",
	}
	t.TemplateCategories = map[string]string{"MARKETING": "Реклама", "UTILITY": "Служебный", "AUTHENTICATION": "Код входа"}
	t.TemplateParts = map[string]string{"header": "Заголовок", "body": "Текст", "button": "Кнопка {}"}
	t.FileFormats = map[string]string{"image": "Фото", "video": "Видео", "document": "Документ", "location": "Место на карте"}
	t.TemplatesLoading, t.TemplatesFailed, t.TryAgain = "Загружаем шаблоны…", "Шаблоны не загрузились.", "Ещё раз"
	t.NoVariables, t.NeedsAddress = "Заполнять нечего: уйдёт как есть.", "Нужен адрес файла, он начинается с https://"

	t.WithButtons, t.WithMenu, t.SendButtons, t.SendMenu = "С кнопками", "С меню", "Отправить с кнопками", "Отправить с меню"
	t.FormHeader, t.FormBody, t.FormFooter, t.FormButton = "Заголовок", "Текст", "Подпись внизу", "Кнопка {}"
	t.AddButton, t.AddRow, t.AddSection, t.RemoveIt = "Добавить кнопку", "Добавить строку", "Добавить раздел", "Убрать"
	t.MenuButton, t.MenuSection, t.MenuRow, t.MenuHint = "Кнопка меню", "Название раздела", "Строка {}", "Пояснение"
	t.SayBody, t.SayButton, t.SameButton = "Напишите текст сообщения.", "Подпишите каждую кнопку.", "Две кнопки называются одинаково: по ответу их не различить."
	t.SayMenuButton, t.SayRow, t.SaySection = "Подпишите кнопку, которая открывает меню.", "Назовите каждую строку меню.", "Когда разделов несколько, у каждого должно быть название."
	t.TooLong, t.RowsLeft = "{} — длиннее, чем принимает мессенджер.", "строк: {}"
	t.DefaultMenuButton, t.Menu = "Выбрать", "Меню"
	t.MenuRows = "строк: {}"

	t.Voice, t.Audio, t.Listen = "Голосовое", "Аудио", "Слушать"
	t.BucketNames["general"] = "Все запросы"
	t.ScopeNames["messaging"], t.ScopeNames["connections"], t.ScopeNames["webhooks"] = "Сообщения", "Подключения", "Уведомления"
	t.Reasons[sellerdesk.ReasonWindowShut] = "Окно закрыто: можно отправить только шаблон."
	t.Reasons[sellerdesk.ReasonBalance] = "Баланс мессенджера исчерпан: пока его не пополнят, отправить ничего нельзя."
	t.Reasons[sellerdesk.ReasonRight] = "Вы можете здесь читать, но не отвечать и не менять."
	t.Reasons[sellerdesk.ReasonNoMessenger] = "У этого человека нет такого мессенджера, или писать ему нельзя."
}

// russianWays are the texts of ways to write and of starting a chat by one.
func russianWays(t *Table) {
	t.Source, t.Sources, t.Phone, t.Username, t.Profile = "Откуда", "Откуда пишем", "Телефон", "Имя пользователя", "Открыть профиль"
	t.SourcesHint, t.NoSources = "Номера и имена, от которых сообщения уходят покупателям.", "Ни одного номера или имени не подключено."
	t.SourceBy = map[sellerdesk.ChatSubject]string{sellerdesk.ChatWithPhone: "по телефону", sellerdesk.ChatWithUsername: "по имени пользователя"}
	t.SourceByNone, t.SourceTemplates = "первым пишет покупатель", "с шаблонами"
	t.StartChatHint = "Назовите, кому написать. Если чат с этим человеком уже есть, откроется он."
	t.StartToPerson, t.StartToOrder, t.StartBy = "Человеку", "О заказе или возврате", "Как найти"
	t.StartSource = "Откуда написать"
	t.StartPhone, t.StartPhoneHint = "Телефон покупателя", "В любом написании: +7 999 123-45-67 или 8 (999) 123-45-67."
	t.StartUsername, t.StartUsernameHint = "Имя пользователя", "Как в мессенджере, с @ или без."
	t.StartForNobody = "Определить по номеру или имени"
	t.ChatSubjects[sellerdesk.ChatWithPhone] = "По телефону"
	t.ChatSubjects[sellerdesk.ChatWithUsername] = "По имени пользователя"
	for field, words := range map[string]string{
		"invalid phone": "Это не похоже на номер телефона: нужны от 7 до 15 цифр, можно с +, пробелами и скобками.", "invalid username": "Это не похоже на имя пользователя.",
		"unsupported phone": "По телефону здесь чат не начать.", "unsupported username": "По имени пользователя здесь чат не начать.",
		"invalid source": "Выберите, откуда написать.", "not_found source": "Этого номера или имени больше нет.", "unsupported source": "Отсюда написать первым нельзя.",
		"not_found contact": "Этого человека больше нет.", "invalid contact": "Этого человека больше нет.",
		"invalid variables": "В шаблоне заполнено не всё или слишком длинно.", "invalid template": "Такой шаблон сейчас не отправить.", "not_found template": "Этого шаблона больше нет.", "unsupported template": "Такой шаблон сейчас не отправить.",
		"invalid interactive.body": "Текст сообщения пуст или слишком длинный.", "invalid interactive.header": "Заголовок слишком длинный.", "invalid interactive.footer": "Подпись внизу слишком длинная.",
		"invalid interactive.buttons": "С кнопками что-то не так: их слишком много, они одинаковы, пусты или длинны.", "invalid interactive.menu": "С меню что-то не так: в нём слишком много строк, или какие-то из них пусты или длинны.",
		"invalid interactive.kind": "Такие сообщения не поддерживаются: можно кнопки или меню.", "unsupported interactive": "Кнопок и меню здесь нет.",
	} {
		t.Errors[field] = words
	}
}

// russianPeople are the texts of people.
func russianPeople(t *Table) {
	t.PeoplePlace, t.PeopleHint = "Покупатели", "Сначала те, кто ждёт ответа, потом те, с кем говорили недавно."
	t.NoPeople, t.NoPeopleHint = "Покупателей пока нет", "Они появятся здесь, как только напишут."
	t.BackToPeople, t.Nameless = "К покупателям", "Без имени"
	t.OtherTheirs, t.PersonPage = "Другие обращения", "Всё об этом человеке"
	t.FindPerson, t.NobodyFound = "Имя или телефон", "Никого не нашлось"
	t.KnownBy, t.KnownNothing, t.Conversations = "Как связаться", "Кроме имени ничего не известно.", "Обращения"
	t.History, t.NoHistory = "История", "Здесь пока ничего нет."
	t.Note, t.NoteHint = "Заметка", "покупатель не увидит"
	t.NotePlaceholder, t.AddNote = "Что стоит помнить об этом человеке", "Добавить заметку"
	t.Merge, t.MergeTitle, t.MergeDo = "Объединить…", "Объединить с другим человеком", "Объединить"
	t.MergeHint = "Если один человек пишет с разных номеров или из разных мессенджеров."
	t.MergeWho, t.MergeStays = "Кого присоединить", "Ничего не пропадёт и не переедет: разъединить можно в любой момент, и всё станет как было."
	t.Unmerge, t.UnmergeHint = "Разъединить", "Снова станет отдельным человеком, со своими обращениями и заметками."
	t.MergedHere, t.MergedSince = "Объединены с этим человеком", "с {}"
	t.SamePerson, t.SamePersonHint = "Возможно, это один человек", "Решаете только вы."
	t.MergeThem, t.NotTheSame = "Объединить", "Нет, это разные люди"
	t.LoadMore = "Показать ещё"
	t.Evidences = map[sellerdesk.IdentityKind]string{
		sellerdesk.IdentityPhone: "Один и тот же телефон {}", sellerdesk.IdentityUsername: "Одно и то же имя пользователя {}",
		sellerdesk.IdentityUser: "Один и тот же пользователь мессенджера", sellerdesk.IdentityContact: "Один и тот же контакт кабинета",
	}
	t.Identities = map[sellerdesk.IdentityKind]string{
		sellerdesk.IdentityPhone: "Телефон", sellerdesk.IdentityUsername: "Имя пользователя", sellerdesk.IdentityUser: "Пользователь", sellerdesk.IdentityContact: "Контакт",
	}
	t.WaitsIn = func(n int) string {
		return fmt.Sprintf("ждёт в\u00a0%d\u00a0%s", n, russianPlural(n, "обращении", "обращениях", "обращениях"))
	}
	t.ConversationsMany = func(n int) string {
		return fmt.Sprintf("%d\u00a0%s", n, russianPlural(n, "обращение", "обращения", "обращений"))
	}
	t.MergeWill = func(name, into string) string {
		return fmt.Sprintf("«%s» станет частью человека «%s»: обращения, заказы и заметки обоих будут вместе.", name, into)
	}
	t.KeyPeople, t.KeyInbox, t.KeyTemplate, t.WriteThem = "К покупателям", "Во входящие", "Шаблон", "Написать"
	t.Errors["invalid note"] = "Заметка пуста или слишком длинная."
	t.Errors["conflict contact"] = "Эти люди уже объединены."
}
