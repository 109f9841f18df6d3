package web

import (
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// russian is the table of Russian texts.
func russian() *Texts {
	t := &Texts{}
	for _, fill := range []func(*Texts){russianPlaces, russianList, russianConversation, russianFiles, russianComposer, russianCard, russianAccounts, russianEntry, russianKeys, russianPhrases, russianFilters, russianPosts, russianClaims, russianProducts, russianLimits} {
		fill(t)
	}
	return t
}

// russianPlaces are the texts of places and the frame.
func russianPlaces(t *Texts) {
	t.Language = sellerdesk.Russian
	t.Product = "Sellerdesk"
	t.Inbox = "Входящие"
	t.Accounts = "Кабинеты"
	t.Settings = "Настройки"
	t.SignOut = "Выйти"
	t.Back = "Назад"
	t.Close = "Закрыть"
	t.Save = "Сохранить"
	t.Details = "Подробности"
	t.Keys = "Клавиши"
	t.SkipToContent = "К обращению"
}

// russianList are the texts of the list.
func russianList(t *Texts) {
	t.FilterNeedsAnswer = "Нужен ответ"
	t.FilterUnread = "Не прочитано"
	t.FilterAll = "Все"
	t.FilterClosed = "Закрытые"
	t.AllAccounts = "Все кабинеты"
	t.SortWaiting = "Ближе к сроку"
	t.SortNewest = "Сначала новые"
	t.Sort = "Порядок"
	t.AccountFilter = "Кабинет"
	t.FilterList = "Обращения"
	t.EmptyNeedsAnswer = "Всем ответили"
	t.EmptyUnread = "Всё прочитано"
	t.EmptyAll = "Обращений пока нет"
	t.EmptyClosed = "Закрытых нет"
	t.EmptyNeedsAnswerHint = "Новые сообщения покупателей появятся здесь сами."
	t.EmptyAllHint = "Обращения появятся по мере чтения кабинетов."
	t.EmptyFilterHint = "Попробуйте другой отбор или кабинет."
	t.FirstRun = "Подключите первый кабинет"
	t.FirstRunHint = "Вставьте токен кабинета продавца. Sellerdesk прочитает сообщения покупателей и покажет их здесь."
	t.AddAccount = "Добавить кабинет"
	t.Unread = "Не прочитано"
	t.NeedsAnswer = "Нужен ответ"
	t.You = "Вы"
	t.NoMatch = "В списке ничего не подходит"
	t.FindInList = "Отобрать в списке"
	t.Filters = "Отборы"
	t.Automation = "Правило"
	t.ElsewhereShort = "В кабинете"
	t.PlatformShort = "Площадка"
	t.WhyNoTarget = "Ждёт; срок для этого вида не задан"
	t.BuyerUnknown = "Покупатель"
	t.Kinds = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Чат", sellerdesk.KindQuestion: "Вопрос", sellerdesk.KindReview: "Отзыв", sellerdesk.KindClaim: "Заявка на возврат",
	}
}

// russianConversation are the texts of a conversation and the states of its messages.
func russianConversation(t *Texts) {
	t.PickConversation = "Выберите обращение"
	t.PickConversationHint = "J и K — по списку, Enter — открыть, R — ответить."
	t.NoAnswerNeeded = "Ответ не нужен"
	t.CloseConversation = "Закрыть"
	t.Reopen = "Открыть снова"
	t.MarkUnread = "Пометить непрочитанным"
	t.Older = "Более ранние"
	t.ShowAll = "Показать полностью"
	t.AnsweredElsewhere = "Отвечено в кабинете"
	t.Today = "Сегодня"
	t.Yesterday = "Вчера"
	t.Edited = "изменено"
	t.Closed = "Закрыто"
	t.Archived = "В архиве"
	t.Snoozed = "Отложено"
	t.NoMessages = "Сообщений пока нет"
	t.Messages = "Сообщения"
	t.ScrollDown = "Ниже новые сообщения"
	t.Person = "Коллега"
	t.Statuses = map[sellerdesk.MessageStatus]string{
		sellerdesk.MessageReceived: "Получено", sellerdesk.MessageQueued: "В очереди", sellerdesk.MessageSending: "Отправляется", sellerdesk.MessageSent: "Отправлено",
		sellerdesk.MessageDelivered: "Доставлено", sellerdesk.MessageRead: "Прочитано", sellerdesk.MessageRefused: "Не принято",
		sellerdesk.MessageUnknown: "Неизвестно, дошло ли", sellerdesk.MessageWithdrawn: "Отозвано",
	}
	t.Reasons = map[sellerdesk.ReasonCode]string{
		sellerdesk.ReasonCredentials: "Площадка больше не принимает токен этого кабинета.", sellerdesk.ReasonExpired: "Срок токена этого кабинета истёк.",
		sellerdesk.ReasonScope: "У токена нет нужного права.", sellerdesk.ReasonReadOnly: "Токен этого кабинета может только читать.",
		sellerdesk.ReasonPaused: "Кабинет на паузе: уйдёт, когда он заработает.", sellerdesk.ReasonThrottled: "Лимит площадки: уйдёт, как только она разрешит следующий запрос.",
		sellerdesk.ReasonUnreachable: "Площадка не отвечает, пробуем ещё раз сами.", sellerdesk.ReasonOutcomeUnknown: "Сообщение ушло, а ответ не пришёл.",
		sellerdesk.ReasonMalformed: "Площадка ответила непонятно.", sellerdesk.ReasonGone: "На площадке этого больше нет.",
		sellerdesk.ReasonFileTooLarge: "Файл слишком большой.", sellerdesk.ReasonFileUnreadable: "Картинка повреждена, показать её нельзя.",
		sellerdesk.ReasonCancelledByUser: "Отозвано вами.", "no_slots": "Все места для закреплённых отзывов заняты. Сначала открепите один.", sellerdesk.ReasonElsewhere: "Раньше ответили в другом месте.", sellerdesk.ReasonEditing: "Новый текст отправляется.",
		sellerdesk.ReasonFileRefused: "Площадка не приняла файл.",
	}
	t.RefusedBecause = func(words string) string { return "Не принято: " + words }
	t.UnknownOutcome = "Неизвестно, дошло ли"
	t.CheckRisk = "Перечитаем переписку на площадке. Ничего не отправляется."
	t.CheckStarted = "Смотрим на площадке. Что найдётся, появится здесь."
	t.ResendRisk = "Если первое дошло, покупатель получит текст дважды."
	t.WithdrawUnknown = "Оставить как есть"
	t.Check = "Проверить"
	t.Resend = "Отправить ещё раз"
	t.ResendRefused = "Отправить ещё раз"
	t.Withdraw = "Отозвать"
}

// russianFiles are the texts of files.
func russianFiles(t *Texts) {
	t.FileWanted = "Загружается…"
	t.FileGone = "На площадке файла больше нет"
	t.FileRefused = "Недоступен"
	t.Download = "Скачать"
	t.Picture = "Фото"
	t.NextPicture = "Следующее фото"
	t.PrevPicture = "Предыдущее фото"
	t.File = "Файл"
}

// russianComposer are the texts of the composer.
func russianComposer(t *Texts) {
	t.ReplyPlaceholder = "Напишите покупателю"
	t.Send = "Отправить в чат"
	t.Attach = "Прикрепить файлы"
	t.RemoveFile = "Убрать"
	t.CannotReply = "Ответить нельзя"
	t.DropHere = "Отпустите файлы здесь"
	t.Uploading = "Загружается"
	t.SendHint = "Ctrl+Enter"
	t.QueueHint = "Уйдёт, когда кабинет заработает."
	t.EmptyReply = "Сначала напишите текст или прикрепите файл."
	t.CharactersLeft = "осталось {}"
	t.CharactersOver = "лишних: {}"
	t.TooManyFiles = "не больше {} на сообщение"
	t.FileLimits = func(max int, size, types string) string {
		return fmt.Sprintf("До\u00a0%d %s по\u00a0%s: %s", max, russianPlural(max, "файла", "файлов", "файлов"), size, types)
	}
	t.FileTooLarge = func(limit string) string { return "больше " + limit }
	t.FileWrongType = func(types string) string { return "можно только " + types }
	t.TotalTooLarge = func(limit string) string { return "вместе больше " + limit }
	t.UploadFailed = "не загрузился"
	t.EmptyFile = "пустой файл"
}

// russianCard are the texts of the card.
func russianCard(t *Texts) {
	t.Buyer = "Покупатель"
	t.Order = "Заказ"
	t.Size = "Размер"
	t.Article = "Артикул"
	t.Account = "Кабинет"
	t.Channel = "Канал"
	t.Started = "Начато"
	t.LastMessage = "Последнее"
	t.WaitingSince = "Ждёт с"
	t.AnswerDue = "Ответить до"
	t.NoProduct = "Товар не назван"
	t.Conversation = "Обращение"
}

// russianAccounts are the texts of accounts.
func russianAccounts(t *Texts) {
	t.States = map[sellerdesk.AccountState]string{
		sellerdesk.AccountOK: "Работает", sellerdesk.AccountPaused: "На паузе", sellerdesk.AccountExpired: "Токен не принят", sellerdesk.AccountBroken: "Требует внимания",
	}
	t.AddAccountTitle = "Новый кабинет"
	t.AddAccountHint = "Токен проверяется до сохранения и хранится на этом сервере зашифрованным."
	t.BaseURL = "Другой адрес"
	t.BaseURLHint = "Только для песочницы или прокси. Для настоящей площадки оставьте пустым."
	t.AccountName = "Название"
	t.NameHint = "Как этот магазин называют у вас."
	t.Add = "Проверить и добавить"
	t.Checking = "Проверяем…"
	t.Pause = "Пауза"
	t.ResumeAccount = "Продолжить"
	t.Rename = "Переименовать"
	t.Remove = "Удалить"
	t.RemoveConfirm = "Удалить навсегда"
	t.ReplaceToken = "Заменить токен"
	t.ReplaceHint = "Новый токен должен быть от того же кабинета."
	t.TokenKind = "Токен"
	t.TokenScopes = "Разделы"
	t.TokenUntil = "Действует до"
	t.TokenForever = "без срока"
	t.TokenReadOnly = "только чтение"
	t.TokenReadWrite = "чтение и запись"
	t.Seller = "Продавец"
	t.Legal = "Юрлицо"
	t.Rights = "Права"
	t.Budget = "Лимиты площадки"
	t.BudgetHint = "Сколько запросов может уйти прямо сейчас и что ждёт очереди."
	t.BudgetNone = "Запросов ещё не было."
	t.BucketName = "Группа"
	t.BucketLeft = "Осталось"
	t.BucketNext = "Следующий запрос"
	t.BucketWaiting = "Ждут"
	t.Now = "сейчас"
	t.Reading = "Чтение"
	t.CaughtUp = "Всё прочитано"
	t.NotYetRead = "Ещё не читали"
	t.ReadAt = "Прочитано"
	t.ItemsRead = "Уже прочитано"
	t.Connected = "Подключён"
	t.Danger = "Удалить кабинет"
	t.NoChannel = "В этой сборке нет ни одного канала."
	t.NoAccounts = "Кабинетов пока нет"
	t.NoAccountsHint = "Кабинет — это один магазин на одной площадке."
	t.Access = "Доступ"
	t.EstimateUnknown = "оцениваем…"
	t.Optional = "необязательно"
	t.ExpiresIn = func(days int) string {
		if days <= 0 {
			return "Токен истекает сегодня."
		}
		return fmt.Sprintf("Токен истечёт через %d\u00a0%s.", days, russianPlural(days, "день", "дня", "дней"))
	}
	t.Expired = "Срок токена истёк. Пока его не заменят, ничего не читается и не отправляется."
	t.ReplaceNow = "Заменить токен"
	t.PausedHint = "На паузе: ничего не читается, написанное ждёт."
	t.Estimate = func(when string) string { return "закончим около " + when }
	t.Share = func(p int) string { return fmt.Sprintf("%d\u00a0%%", p) }
	t.RemoveWarning = func(name string) string {
		return fmt.Sprintf("Все обращения, сообщения и файлы кабинета «%s» будут удалены отсюда. На площадке ничего не изменится.", name)
	}
}

// russianEntry are the texts of signing in, settings and errors.
func russianEntry(t *Texts) {
	t.LanguageTitle = "Язык"
	t.Theme = "Оформление"
	t.ThemeSystem = "Как в системе"
	t.ThemeLight = "Светлое"
	t.ThemeDark = "Тёмное"
	t.Saved = "Сохранено"
	t.SignIn = "Войти"
	t.Login = "Логин"
	t.Password = "Пароль"
	t.Name = "Имя"
	t.SignInHint = "Войдите на свой рабочий стол."
	t.OwnerTitle = "Добро пожаловать"
	t.OwnerHint = "Эта ссылка работает один раз. Выберите, как будете входить."
	t.OwnerCreate = "Создать и войти"
	t.PasswordHint = "Не меньше 10 знаков."
	t.LinkUsed = "Ссылка уже использована или устарела. Перезапустите сервер, чтобы получить новую."
	t.SignedInAs = "Вы вошли как"
	t.Owner = "владелец"
	t.NoOwner = "Владельца ещё нет: откройте одноразовую ссылку, которую сервер напечатал при запуске."
	t.ErrorTitle = "Не получилось"
	t.BackToInbox = "Во входящие"
	t.Offline = "Нет связи с сервером. Восстанавливаем…"
	t.WrongLogin = "Неверный логин или пароль."
	t.Errors = map[string]string{
		"not_found ":         "Такой страницы нет, или это уже удалено.",
		"invalid login":      "Логин: от 1 до 64 знаков, без пробелов.",
		"invalid password":   "Пароль: от 10 до 200 знаков.",
		"invalid name":       "Название не может быть пустым или длиннее 100 знаков.",
		"invalid base_url":   "Это не похоже на адрес: нужен http:// или https:// и имя узла.",
		"limited ":           "Слишком много попыток. Подождите немного.",
		"invalid text":       "Текст не подходит: он пустой или длиннее, чем принимает площадка.",
		"invalid files":      "Файлы не подходят: площадка принимает меньше, другого вида или меньшего размера.",
		"invalid decision":   "Этого решения площадка больше не предлагает.",
		"invalid comment":    "Комментарий не подходит: он короче или длиннее, чем принимает площадка.",
		"unsupported ":       "Сейчас этого сделать нельзя: обращение успело измениться.",
		"unsupported action": "Сейчас этого сделать нельзя: обращение успело измениться.",
		"conflict ":          "Это уже сделано или делается.",
		"unavailable ":       "Сейчас недоступно. Попробуйте ещё раз чуть позже.",
		"internal ":          "Ошибка на нашей стороне; подробности в журнале сервера.",
	}
}

// russianKeys are the texts of keys and months.
func russianKeys(t *Texts) {
	t.KeyNext = "Следующее"
	t.KeyPrevious = "Предыдущее"
	t.KeyOpen = "Открыть"
	t.KeyReply = "Ответить"
	t.KeySend = "Отправить"
	t.KeySendNext = "Отправить и дальше"
	t.KeyClose = "Закрыть или открыть снова"
	t.KeyUnread = "Не прочитано"
	t.KeySearch = "Отобрать в списке"
	t.KeyHelp = "Эта справка"
	t.KeyBack = "К списку"
	t.KeysHint = "Клавиши работают по месту на клавиатуре, в любой раскладке."
	t.Months = [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}
}

// russianPhrases are the texts with a number, a size or a moment in them.
func russianPhrases(t *Texts) {
	t.NewAbove = func(n int) string {
		return fmt.Sprintf("%d %s выше", n, russianPlural(n, "новое", "новых", "новых"))
	}
	t.FilesOnly = func(n int) string {
		return fmt.Sprintf("%d\u00a0%s", n, russianPlural(n, "файл", "файла", "файлов"))
	}
	t.Short = func(d time.Duration) string { return duration(d, "мин", "ч", "д") }
	t.Waiting = func(d time.Duration) string { return "Ждёт ответа " + duration(d, "мин", "ч", "д") }
	t.DueUntil = func(when string) string { return "ответить до\u00a0" + when }
	t.DueSince = func(when string) string { return "срок прошёл " + when }
	t.Day = func(d time.Time, withYear bool) string {
		s := fmt.Sprintf("%d\u00a0%s", d.Day(), t.Months[d.Month()-1])
		if withYear {
			s += fmt.Sprintf(" %d", d.Year())
		}
		return s
	}
	t.ShortDay = func(d time.Time) string {
		return fmt.Sprintf("%d\u00a0%s", d.Day(), string([]rune(t.Months[d.Month()-1])[:3]))
	}
	t.Exact = func(d time.Time) string { return t.Day(d, true) + d.Format(", 15:04:05 MST") }
	t.Bytes = func(n int64) string { return bytes(n, ",", "Б", "КБ", "МБ") }
	t.Number = func(n int) string { return grouped(n, "\u00a0") }
}

// russianFilters are the texts of kinds and filters.
func russianFilters(t *Texts) {
	t.KindsMany = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Чаты", sellerdesk.KindQuestion: "Вопросы", sellerdesk.KindReview: "Отзывы", sellerdesk.KindClaim: "Заявки",
	}
	t.KindFilter, t.MoreFilters, t.FilterApply, t.FilterClear = "Вид обращения", "Фильтры", "Показать", "Сбросить всё"
	t.FilterStars, t.FilterDates, t.FilterFrom, t.FilterTo = "Оценка", "Когда написано", "с", "по"
	t.FilterPhoto, t.FilterAnswer, t.FilterAnswered, t.FilterUnanswered, t.FilterAny = "С фото", "Ответ", "Есть", "Нет", "Неважно"
	t.EmptyHere = "По этим условиям ничего нет"
	t.FilterRemove = func(what string) string { return "Убрать: " + what }
	t.FilterProduct = func(what string) string { return "Товар: " + what }
	t.FilterSince = func(what string) string { return "с\u00a0" + what }
	t.FilterBefore = func(what string) string { return "по\u00a0" + what }
	t.FilterStar = func(what string) string { return what + "\u00a0★" }
	t.StarsOf = func(n int) string { return fmt.Sprintf("Оценка %d из\u00a05", n) }
	t.WhyHere = func(kind, words string) string { return kind + ": " + words }
}

// russianPosts are the texts of questions and reviews.
func russianPosts(t *Texts) {
	t.Actions = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionAnswer: "Ответить", sellerdesk.ActionEdit: "Изменить ответ", sellerdesk.ActionReject: "Отклонить",
		sellerdesk.ActionView: "Отметить просмотренным", sellerdesk.ActionPin: "Закрепить", sellerdesk.ActionUnpin: "Открепить",
		sellerdesk.ActionOrderReturn: "Запросить возврат", sellerdesk.ActionArchive: "Архивировать", sellerdesk.ActionUnarchive: "Вернуть из архива",
	}
	t.Sends = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionReply: t.Send, sellerdesk.ActionAnswer: "Ответить публично", sellerdesk.ActionEdit: "Изменить ответ", sellerdesk.ActionReject: "Отклонить вопрос",
	}
	t.Placeholders = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionReply: t.ReplyPlaceholder, sellerdesk.ActionAnswer: "Напишите ответ", sellerdesk.ActionEdit: "Новый текст ответа", sellerdesk.ActionReject: "Почему вопрос отклонён",
	}
	t.Was, t.Became, t.ChangedByBuyer, t.ChangedAnswer = "Было", "Стало", "Покупатель изменил написанное", "Прежний текст ответа"
	t.Supplement, t.Answer, t.Video, t.VideoOpens = "Дополнение", "Ответ", "Видео покупателя", "откроется на площадке"
	t.OrderStatus, t.NoText, t.NoTextRating, t.Tags = "Заказ", "Без текста", "Только оценка, без текста", "Отметки покупателя"
	t.Published, t.InModeration, t.Pinned = "Опубликован", "На проверке у площадки", "Закреплён"
	t.Warned, t.Rejected = "Площадка считает вопрос подозрительным", "Вопрос отклонён"
	t.EditOnce, t.Cancel = "Можно изменить один раз", "Отмена"
	t.ComposerModes, t.RejectHint, t.PublicHint = "Что сделать", "Вопрос будет отклонён с\u00a0этим текстом.", "Ответ увидят все покупатели."
	t.ReturnSure, t.ReturnHint = "Запросить возврат товара?", "Просьба уйдёт на площадку сразу, отозвать её отсюда нельзя."
	t.CharactersMissing = "ещё хотя бы {}"
	t.Fits = map[string]string{"ok": "В самый раз", "smaller": "Маломерит", "bigger": "Большемерит"}
	t.OrderStatuses = map[string]string{"buyout": "выкуплен", "returned": "возвращён", "rejected": "отказ при получении"}
	t.ModerationRefused = func(words string) string {
		if words == "" {
			return "Отклонён модерацией"
		}
		return "Отклонён модерацией: " + words
	}
	t.EditUntil = func(day string) string { return "Можно изменить один раз до\u00a0" + day }
	t.ReturnOrdered = func(when string) string { return "Возврат запрошен " + when }
	t.WhyDecide = func(when string) string { return "решить до\u00a0" + when }
	t.DecideUntil = func(when string) string { return "Решить до\u00a0" + when }
}

// russianClaims are the texts of return claims.
func russianClaims(t *Texts) {
	t.Decide, t.Decided, t.DecidedElsewhere = "Решение", "Решено", "Решено в кабинете"
	t.DecideSend, t.DecideSure = "Отправить решение", "Решение уйдёт на площадку сразу. Отсюда его не изменить."
	t.DecideComment, t.DecisionOnItsWay, t.ByPerson = "Комментарий покупателю", "Решение", "Решил(а)"
	t.Price, t.Ordered, t.Received, t.ClaimStatus, t.ClaimNote = "Цена", "Заказан", "Получен", "Состояние", "Замечание площадки"
	t.NothingToDecide, t.ChooseDecision = "Площадка не предлагает решений по этой заявке.", "Сначала выберите решение."
	t.ClaimStatuses = map[string]string{"under_review": "На рассмотрении", "refused": "Отказано", "approved": "Одобрена"}
	t.Decisions = map[string]string{
		"stays_with_buyer": "отказ, товар остаётся у покупателя", "scrapped": "деньги возвращены, товар утилизирован", "refunded_stays_with_buyer": "деньги возвращены, товар остаётся у покупателя",
		"back_to_sale": "деньги возвращены, товар снова в продаже", "returned_to_seller": "деньги возвращены, товар вернётся продавцу",
	}
	t.CommentBounds = func(least, most int) string {
		if least == 0 {
			return fmt.Sprintf("необязательно, до\u00a0%d знаков", most)
		}
		return fmt.Sprintf("от\u00a0%d до\u00a0%d знаков", least, most)
	}
}

// russianProducts are the texts of the product's card.
func russianProducts(t *Texts) {
	t.ProductTitle, t.StarsTrend, t.Average, t.Month = "Товар", "Оценки за 12 месяцев", "Средняя", "Месяц"
	t.ByMonths, t.LastAnswers, t.AllAbout = "По месяцам", "Последние ответы о товаре", "Все обращения о товаре"
	t.Reviews = func(n int) string {
		return fmt.Sprintf("%s\u00a0%s", grouped(n, "\u00a0"), russianPlural(n, "отзыв", "отзыва", "отзывов"))
	}
}

// russianLimits are the texts of limits and reading.
func russianLimits(t *Texts) {
	t.BucketNames = map[string]string{
		"questions-feedbacks": "Вопросы и отзывы", "chat-list": "Список чатов", "chat-events": "Новое в чатах", "chat-message": "Отправка в чаты",
		"chat-download": "Файлы чатов", "claim-list": "Заявки на возврат", "claim-answer": "Решения по заявкам", "seller-info": "Сведения о продавце", "rating": "Рейтинг продавца",
	}
	t.StreamNames = map[string]string{
		"events": "Новое в чатах", "chats": "Список чатов", "questions": "Вопросы", "reviews": "Отзывы", "questions.history": "Вопросы за всё время",
		"reviews.history": "Отзывы за всё время", "reviews.archive": "Архив отзывов", "claims": "Заявки на возврат", "claims.archive": "Архив заявок", "pins": "Закреплённые отзывы",
	}
	t.BucketUsed = "Использовано"
	t.SlowToken = "Медленный токен: площадка разрешает ему лишь несколько запросов в час. Всё работает, но новое появляется с задержкой, а история читается долго. Персональный токен быстрее."
	t.Repair, t.RepairHint = "Перечитать всё", "Прочитает кабинет с начала. Ничего не пропадёт и не задвоится."
	t.NextIn = func(wait string) string { return "через " + wait }
	t.LimitLine = func(wait string) string {
		return "Лимит площадки: следующий запрос через " + wait
	}
	t.Wait = func(d time.Duration) string { return shortWait(d, "с", "мин", "ч", "д") }
}

// russianPlural chooses the form by the CLDR rules of Russian: 1, 2 to 4, 5 and more.
func russianPlural(n int, one, few, many string) string {
	n100, n10 := n%100, n%10
	switch {
	case n10 == 1 && n100 != 11:
		return one
	case n10 >= 2 && n10 <= 4 && (n100 < 12 || n100 > 14):
		return few
	default:
		return many
	}
}
