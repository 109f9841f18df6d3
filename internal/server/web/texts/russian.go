package texts

import (
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Russian is the table of Russian texts.
func Russian() *Table {
	t := &Table{}
	for _, fill := range []func(*Table){russianPlaces, russianList, russianConversation, russianFiles, russianComposer, russianCard, russianAccounts, russianEntry, russianKeys, russianPhrases, russianFilters, russianPosts, russianClaims, russianProducts, russianLimits, russianChats, russianPushes, russianWindows, russianWays, russianPeople, russianRefusals} {
		fill(t)
	}
	return t
}

// russianPlaces are the texts of places and the frame.
func russianPlaces(t *Table) {
	t.Language = sellerdesk.Russian
	t.Product, t.Inbox, t.Accounts = "Sellerdesk", "Входящие", "Кабинеты"
	t.Settings, t.SignOut, t.Back = "Настройки", "Выйти", "Назад"
	t.Close, t.Save, t.Details = "Закрыть", "Сохранить", "Подробности"
	t.Keys, t.SkipToContent = "Клавиши", "К обращению"
}

// russianList are the texts of the list.
func russianList(t *Table) {
	t.FilterNeedsAnswer, t.FilterUnread, t.FilterAll = "Нужен ответ", "Не прочитано", "Все"
	t.FilterClosed, t.AllAccounts, t.SortWaiting = "Закрытые", "Все кабинеты", "Ближе к сроку"
	t.SortNewest, t.Sort, t.AccountFilter = "Сначала новые", "Порядок", "Кабинет"
	t.FilterList, t.EmptyNeedsAnswer, t.EmptyUnread = "Обращения", "Всем ответили", "Всё прочитано"
	t.EmptyAll, t.EmptyClosed, t.EmptyNeedsAnswerHint = "Обращений пока нет", "Закрытых нет", "Новые сообщения покупателей появятся здесь сами."
	t.EmptyAllHint, t.EmptyFilterHint = "Обращения появятся по мере чтения кабинетов.", "Попробуйте другой отбор или кабинет."
	t.FirstRun = "Подключите первый кабинет"
	t.FirstRunHint, t.AddAccount = "Вставьте токен кабинета продавца. Sellerdesk прочитает сообщения покупателей и покажет их здесь.", "Добавить кабинет"
	t.Unread, t.NeedsAnswer, t.You = "Не прочитано", "Нужен ответ", "Вы"
	t.Filters = "Отборы"
	t.Automation, t.ElsewhereShort, t.PlatformShort = "Правило", "В кабинете", "Площадка"
	t.WhyNoTarget, t.BuyerUnknown = "Ждёт; срок для этого вида не задан", "Покупатель"
	t.Kinds = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Чат", sellerdesk.KindQuestion: "Вопрос", sellerdesk.KindReview: "Отзыв", sellerdesk.KindClaim: "Заявка на возврат",
	}
}

// russianConversation are the texts of a conversation and the states of its messages.
func russianConversation(t *Table) {
	t.PickConversation, t.PickConversationHint = "Выберите обращение", "J и K — по списку, Enter — открыть, R — ответить."
	t.NoAnswerNeeded, t.CloseConversation, t.Reopen = "Ответ не нужен", "Закрыть", "Открыть снова"
	t.MarkUnread, t.Older, t.ShowAll = "Пометить непрочитанным", "Более ранние", "Показать полностью"
	t.AnsweredElsewhere, t.Today, t.Yesterday = "Отвечено в кабинете", "Сегодня", "Вчера"
	t.Edited, t.Closed, t.Archived = "изменено", "Закрыто", "В архиве"
	t.Snoozed, t.NoMessages, t.Messages = "Отложено", "Сообщений пока нет", "Сообщения"
	t.ScrollDown, t.Person = "Ниже новые сообщения", "Коллега"
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
		sellerdesk.ReasonCancelledByUser: "Отозвано вами.", sellerdesk.ReasonSignature: "Пришло уведомление без подписи, с неверной или устаревшей подписью; оно не принято. Сверьте секрет и часы с обеих сторон.", "no_slots": "Все места для закреплённых отзывов заняты. Сначала открепите один.", sellerdesk.ReasonElsewhere: "Раньше ответили в другом месте.", sellerdesk.ReasonEditing: "Новый текст отправляется.",
		sellerdesk.ReasonFileRefused: "Площадка не приняла файл.",
		sellerdesk.ReasonArbitration: "Сейчас решает арбитр площадки; до его решения никто другой писать не может.", sellerdesk.ReasonFinished: "Площадка завершила этот чат.",
		sellerdesk.ReasonOpening: "Чат не открылся, поэтому сообщение не ушло.",
	}
	t.RefusedBecause = func(words string) string { return "Не принято: " + words }
	t.UnknownOutcome, t.CheckRisk = "Неизвестно, дошло ли", "Перечитаем переписку на площадке. Ничего не отправляется."
	t.CheckStarted, t.ResendRisk = "Смотрим на площадке. Что найдётся, появится здесь.", "Если первое дошло, покупатель получит текст дважды."
	t.WithdrawUnknown, t.Check, t.Resend = "Оставить как есть", "Проверить", "Отправить ещё раз"
	t.ResendRefused, t.Withdraw = "Отправить ещё раз", "Отозвать"
}

// russianFiles are the texts of files.
func russianFiles(t *Table) {
	t.FileWanted, t.FileGone, t.FileRefused = "Загружается…", "На площадке файла больше нет", "Недоступен"
	t.Download, t.Picture, t.NextPicture = "Скачать", "Фото", "Следующее фото"
	t.PrevPicture, t.File = "Предыдущее фото", "Файл"
}

// russianComposer are the texts of the composer.
func russianComposer(t *Table) {
	t.ReplyPlaceholder, t.Send, t.Attach = "Напишите покупателю", "Отправить в чат", "Прикрепить файлы"
	t.RemoveFile, t.CannotReply, t.DropHere = "Убрать", "Ответить нельзя", "Отпустите файлы здесь"
	t.Uploading, t.SendHint, t.QueueHint = "Загружается", "Ctrl+Enter", "Уйдёт, когда кабинет заработает."
	t.EmptyReply, t.CharactersLeft, t.CharactersOver = "Сначала напишите текст или прикрепите файл.", "осталось {}", "лишних: {}"
	t.TooManyFiles = "не больше {} на сообщение"
	t.FileLimits = func(max int, size, types string) string {
		return fmt.Sprintf("До\u00a0%d %s по\u00a0%s: %s", max, russianPlural(max, "файла", "файлов", "файлов"), size, types)
	}
	t.FileTooLarge = func(limit string) string { return "больше " + limit }
	t.FileWrongType = func(types string) string { return "можно только " + types }
	t.TotalTooLarge = func(limit string) string { return "вместе больше " + limit }
	t.UploadFailed, t.EmptyFile = "не загрузился", "пустой файл"
}

// russianCard are the texts of the card.
func russianCard(t *Table) {
	t.Buyer, t.Order, t.Size = "Покупатель", "Заказ", "Размер"
	t.Article, t.Account, t.Channel = "Артикул", "Кабинет", "Канал"
	t.Started, t.LastMessage, t.WaitingSince = "Начато", "Последнее", "Ждёт с"
	t.AnswerDue, t.NoProduct, t.Conversation = "Ответить до", "Товар не назван", "Обращение"
}

// russianAccounts are the texts of accounts.
func russianAccounts(t *Table) {
	t.States = map[sellerdesk.AccountState]string{
		sellerdesk.AccountOK: "Работает", sellerdesk.AccountPaused: "На паузе", sellerdesk.AccountExpired: "Токен не принят", sellerdesk.AccountBroken: "Требует внимания",
	}
	t.AddAccountTitle, t.AddAccountHint = "Новый кабинет", "Токен проверяется до сохранения и хранится на этом сервере зашифрованным."
	t.BaseURL, t.BaseURLHint, t.AccountName = "Другой адрес", "Только для песочницы или прокси. Для настоящей площадки оставьте пустым.", "Название"
	t.NameHint, t.Add, t.Checking = "Как этот магазин называют у вас.", "Проверить и добавить", "Проверяем…"
	t.Pause, t.ResumeAccount, t.Rename = "Пауза", "Продолжить", "Переименовать"
	t.Remove, t.RemoveConfirm, t.ReplaceToken = "Удалить", "Удалить навсегда", "Заменить токен"
	t.ReplaceHint, t.TokenKind, t.TokenScopes = "Новый токен должен быть от того же кабинета.", "Токен", "Разделы"
	t.TokenUntil, t.TokenForever, t.TokenReadOnly = "Действует до", "без срока", "только чтение"
	t.TokenReadWrite, t.Seller, t.Legal = "чтение и запись", "Продавец", "Юрлицо, ИНН"
	t.Rights, t.Budget, t.BudgetHint = "Права", "Лимиты площадки", "Сколько запросов может уйти прямо сейчас и что ждёт очереди."
	t.BudgetNone, t.BucketName = "Запросов ещё не было.", "Группа"
	t.BucketNext, t.BucketWaiting, t.Now = "Следующий запрос", "Ждут", "сейчас"
	t.Reading, t.CaughtUp, t.NotYetRead = "Чтение", "Всё прочитано", "Ещё не читали"
	t.ReadAt, t.ItemsRead, t.Connected = "Прочитано", "Уже прочитано", "Подключён"
	t.Danger, t.NoChannel, t.NoAccounts = "Удалить кабинет", "В этой сборке нет ни одного канала.", "Кабинетов пока нет"
	t.NoAccountsHint, t.Access, t.EstimateUnknown = "Кабинет — это один магазин на одной площадке.", "Доступ", "оцениваем…"
	t.Optional = "необязательно"
	t.ExpiresIn = func(days int) string {
		if days <= 0 {
			return "Токен истекает сегодня."
		}
		return fmt.Sprintf("Токен истечёт через %d\u00a0%s.", days, russianPlural(days, "день", "дня", "дней"))
	}
	t.Expired, t.ReplaceNow = "Срок токена истёк. Пока его не заменят, ничего не читается и не отправляется.", "Заменить токен"
	t.PausedHint = "На паузе: ничего не читается, написанное ждёт."
	t.Estimate = func(when string) string { return "закончим около " + when }
	t.Share = func(p int) string { return fmt.Sprintf("%d\u00a0%%", p) }
	t.RemoveWarning = func(name string) string {
		return fmt.Sprintf("Все обращения, сообщения и файлы кабинета «%s» будут удалены отсюда. На площадке ничего не изменится.", name)
	}
}

// russianEntry are the texts of signing in, settings and errors.
func russianEntry(t *Table) {
	t.LanguageTitle, t.Theme, t.ThemeSystem = "Язык", "Оформление", "Как в системе"
	t.ThemeLight, t.ThemeDark, t.Saved = "Светлое", "Тёмное", "Сохранено"
	t.SignIn, t.Login, t.Password = "Войти", "Логин", "Пароль"
	t.Name, t.SignInHint, t.OwnerTitle = "Имя", "Войдите на свой рабочий стол.", "Добро пожаловать"
	t.OwnerHint, t.OwnerCreate, t.PasswordHint = "Эта ссылка работает один раз. Выберите, как будете входить.", "Создать и войти", "Не меньше 10 знаков."
	t.LinkDead = "Ссылка больше не действует"
	t.LinkUsed, t.SignedInAs, t.Owner = "Ссылка уже использована или устарела. Перезапустите сервер, чтобы получить новую.", "Вы вошли как", "владелец"
	t.NoOwner, t.ErrorTitle = "Владельца ещё нет: откройте одноразовую ссылку, которую сервер напечатал при запуске.", "Не получилось"
	t.BackToInbox, t.Offline, t.WrongLogin = "Во входящие", "Нет связи с сервером. Восстанавливаем…", "Неверный логин или пароль."
	t.Errors = map[string]string{
		"not_found ":          "Такой страницы нет, или это уже удалено.",
		"invalid login":       "Логин: от 1 до 64 знаков, без пробелов.",
		"invalid password":    "Пароль: от 10 до 200 знаков.",
		"invalid name":        "Название не может быть пустым или длиннее 100 знаков.",
		"invalid base_url":    "Это не похоже на адрес: нужен http:// или https:// и имя узла.",
		"limited ":            "Слишком много попыток. Подождите немного.",
		"invalid text":        "Текст не подходит: он пустой или длиннее, чем принимает площадка.",
		"invalid files":       "Файлы не подходят: площадка принимает меньше, другого вида или меньшего размера.",
		"invalid decision":    "Этого решения площадка больше не предлагает.",
		"invalid comment":     "Комментарий не подходит: он короче или длиннее, чем принимает площадка.",
		"unsupported ":        "Сейчас этого сделать нельзя: обращение успело измениться.",
		"unsupported action":  "Сейчас этого сделать нельзя: обращение успело измениться.",
		"conflict seen":       "Пока вы писали, здесь появилось новое. Прочитайте и отправьте ещё раз, если ответ всё ещё годится.",
		"conflict ":           "Это уже сделано или делается.",
		"unavailable ":        "Сейчас недоступно. Попробуйте ещё раз чуть позже.",
		"internal ":           "Ошибка на нашей стороне; подробности в журнале сервера.",
		"not_found account":   "Выберите кабинет.",
		"unsupported account": "В этом кабинете написать первым сейчас нельзя.",
		"invalid order":       "Назовите номер заказа.",
		"invalid return":      "Назовите номер возврата.",
		"unsupported order":   "О заказе в этом кабинете написать первым нельзя.",
		"unsupported return":  "О возврате в этом кабинете написать первым нельзя.",
		"unsupported parent":  "Площадка ещё не подтвердила этот комментарий, ответить на него пока нельзя.",
		"not_found parent":    "Этого комментария больше нет.",
		"not_found message":   "Этого ответа больше нет.",
	}
	t.Refusals = map[sellerdesk.ReasonCode]string{
		sellerdesk.ReasonCredentials: "Площадка не принимает этот токен: он скопирован не целиком, отозван или от другого кабинета.", sellerdesk.ReasonExpired: "Срок этого токена истёк.",
		sellerdesk.ReasonScope: "У токена нет нужного права. Создайте токен с правами, названными под полем.", sellerdesk.ReasonReadOnly: "Этот токен может только читать.",
		sellerdesk.ReasonThrottled: "Площадка просит подождать. Попробуйте ещё раз чуть позже.", sellerdesk.ReasonUnreachable: "Площадка сейчас не отвечает. Попробуйте ещё раз чуть позже.",
		sellerdesk.ReasonMalformed: "По этому адресу ответили непонятно. Верен ли адрес?",
	}
}

// russianKeys are the texts of keys and months.
func russianKeys(t *Table) {
	t.KeyNext, t.KeyPrevious, t.KeyOpen = "Следующее", "Предыдущее", "Открыть"
	t.KeyReply, t.KeySend, t.KeySendNext = "Ответить", "Отправить", "Отправить и дальше"
	t.KeyClose, t.KeyUnread, t.KeySearch = "Закрыть или открыть снова", "Не прочитано", "Отобрать в списке"
	t.KeyHelp, t.KeyBack, t.KeysHint = "Эта справка", "К списку", "Клавиши работают по месту на клавиатуре, в любой раскладке."
	t.Months = [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}
}

// russianPhrases are the texts with a number, a size or a moment in them.
func russianPhrases(t *Table) {
	t.WholeChannel = func(title string) string { return "Весь " + title }
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
func russianFilters(t *Table) {
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
func russianPosts(t *Table) {
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
func russianClaims(t *Table) {
	t.Decide, t.Decided, t.DecidedElsewhere = "Решение", "Решено", "Решено на площадке, не отсюда"
	t.DecideSend, t.DecideSure = "Отправить решение", "Решение уйдёт на площадку сразу. Отсюда его не изменить."
	t.DecideComment, t.DecisionOnItsWay = "Комментарий покупателю", "Решение"
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
func russianProducts(t *Table) {
	t.ProductTitle, t.StarsTrend, t.Average, t.Month = "Товар", "Оценки за 12 месяцев", "Средняя", "Месяц"
	t.ByMonths, t.LastAnswers, t.AllAbout = "По месяцам", "Последние ответы о товаре", "Все обращения о товаре"
	t.Reviews = func(n int) string {
		return fmt.Sprintf("%s\u00a0%s", grouped(n, "\u00a0"), russianPlural(n, "отзыв", "отзыва", "отзывов"))
	}
}

// russianLimits are the texts of limits and reading.
func russianLimits(t *Table) {
	t.BucketNames = map[string]string{
		"questions-feedbacks": "Вопросы и отзывы", "chat-list": "Список чатов", "chat-events": "Новое в чатах", "chat-message": "Сообщения чатов",
		"chat-download": "Файлы чатов", "pin": "Закреплённые отзывы", "claim-list": "Заявки на возврат", "claim-answer": "Решения по заявкам", "seller-info": "Сведения о продавце", "rating": "Рейтинг продавца",
		"chats": "Списки чатов", "chat": "Сведения о чате", "chat-history": "Истории чатов", "chat-send": "Ответы в чаты", "chat-file": "Файлы в чаты", "chat-new": "Новые чаты",
		"reviews": "Отзывы", "review-comments": "Комментарии отзывов", "review-comment-update": "Ответы на отзывы", "review-comment-delete": "Удаление ответов", "review-skip": "Отзывы без реакции",
		"questions": "Вопросы", "question-answers": "Ответы на вопросы", "question-update": "Отправка ответов на вопросы",
		"campaigns": "Магазины", "campaign": "Сведения о магазине", "token": "Проверка ключа", "settings": "Настройки кабинета",
	}
	t.StreamNames = map[string]string{
		"events": "Новое в чатах", "chats": "Чаты", "questions": "Вопросы", "reviews": "Отзывы", "questions.history": "Вопросы за всё время",
		"reviews.history": "Отзывы за всё время", "reviews.archive": "Архив отзывов", "claims": "Заявки на возврат", "claims.archive": "Архив заявок", "pins": "Закреплённые отзывы",
		"chats.all": "Все чаты", "chats.history": "Чаты за всё время", "reviews.waiting": "Отзывы, которые ждут реакции",
	}
	t.TokenKinds = map[string]string{"basic": "базовый", "test": "тестовый", "personal": "персональный", "service": "сервисный", "api-key": "ключ Api-Key", "oauth": "OAuth"}
	t.ScopeNames = map[string]string{
		"content": "Контент", "analytics": "Аналитика", "prices": "Цены", "marketplace": "Маркетплейс", "statistics": "Статистика", "promotion": "Продвижение",
		"questions and feedbacks": "Вопросы и отзывы", "recommendations": "Рекомендации", "buyer chat": "Чаты с покупателями", "supplies": "Поставки",
		"buyer returns": "Возвраты", "documents": "Документы", "finance": "Финансы", "users": "Пользователи",
		"ALL_METHODS": "Весь кабинет", "ALL_METHODS_READ_ONLY": "Весь кабинет, просмотр", "COMMUNICATION": "Общение с покупателями", "PRICING": "Цены", "PRICING_READ_ONLY": "Цены, просмотр",
		"INVENTORY_AND_ORDER_PROCESSING": "Заказы", "INVENTORY_AND_ORDER_PROCESSING_READ_ONLY": "Заказы, просмотр", "OFFERS_AND_CARDS_MANAGEMENT": "Товары", "OFFERS_AND_CARDS_MANAGEMENT_READ_ONLY": "Товары, просмотр",
		"PROMOTION": "Продвижение", "PROMOTION_READ_ONLY": "Продвижение, просмотр", "FINANCE_AND_ACCOUNTING": "Финансы", "SETTINGS_MANAGEMENT": "Настройка магазинов", "SUPPLIES_MANAGEMENT_READ_ONLY": "Поставки, просмотр",
	}
	t.BucketUsed = "Использовано"
	t.SlotsLeft = func(left, total int) string { return fmt.Sprintf("Осталось мест: %d из %d", left, total) }
	t.SlowToken = "Медленный токен: площадка разрешает ему лишь несколько запросов в час. Всё работает, но новое появляется с задержкой, а история читается долго. Персональный токен быстрее."
	t.Repair, t.RepairHint = "Перечитать всё", "Прочитает кабинет с начала. Ничего не пропадёт и не задвоится."
	t.NextIn = func(wait string) string { return "через " + wait }
	t.LimitLine = func(wait string) string {
		return "Лимит площадки: следующий запрос через " + wait
	}
	t.Wait = func(d time.Duration) string { return shortWait(d, "с", "мин", "ч", "д") }
}

// russianChats are the texts of chats with a state, of comments, and of starting a chat.
func russianChats(t *Table) {
	t.ChatStates = map[sellerdesk.ChatState]string{
		sellerdesk.ChatNew: "Новый чат", sellerdesk.ChatWaitsForSeller: "Ход за вами", sellerdesk.ChatWaitsForBuyer: "Ход за покупателем",
		sellerdesk.ChatWaitsForArbiter: "Решает арбитр", sellerdesk.ChatWaitsForMarket: "Ход за площадкой", sellerdesk.ChatFinished: "Завершён",
	}
	t.ChatSubjects = map[sellerdesk.ChatSubject]string{sellerdesk.ChatAboutOrder: "Заказ", sellerdesk.ChatAboutReturn: "Возврат", sellerdesk.ChatDirect: "Без заказа"}
	t.Dispute, t.DisputeHint, t.Return, t.Shop = "Спор", "Покупатель позвал арбитра", "Возврат", "Магазин"
	t.State, t.About, t.Opening, t.Opens = "Состояние", "О чём", "открывается", "Открытие чата"
	t.NotOpened, t.StartAgain = "не открылся", "Попробовать ещё раз"
	t.Comment, t.ReplyTo, t.TargetRemove, t.EarlierParent = "Комментарий", "Ответить", "Не отвечать на этот комментарий", "к более раннему комментарию"
	t.SkipReview, t.SkipHint = "Оставить без реакции", "Отзыв перестанет ждать реакции и на самой площадке."
	t.InReply = func(who, words string) string { return "В ответ: " + who + " — «" + words + "»" }
	t.EditsOf = func(words string) string { return "Изменяется: «" + words + "»" }
	t.FilesApart = "каждый отдельно"
	t.Start, t.StartTitle, t.StartButton = "Написать первым", "Новый чат", "Открыть чат"
	t.StartHint = "Назовите заказ или возврат. Если чат о нём на площадке уже есть, откроется он."
	t.StartNumber, t.StartSubject = "Номер", "О чём"
	t.StartNone = "Ни в одном из кабинетов продавец не может написать первым."
	t.StartFailed, t.StartUnknown = "Чат не открылся.", "На площадке нет такого заказа или возврата."
	t.KeyStart = "Написать первым"
}

// russianPushes are the texts of pushes.
func russianPushes(t *Table) {
	t.Pushes, t.PushAddress = "Уведомления", "Адрес для площадки"
	t.PushHint = "Площадка сама сообщает о новом, сразу. Без этого всё тоже работает, но на несколько секунд позже."
	t.PushSecret = "Введите его в кабинете продавца как есть. Кто его знает, может слать уведомления: никому не показывайте."
	t.PushHTTPS = "Площадке нужен адрес https, доступный из интернета. Откройте эту страницу по такому адресу — и здесь будет верный."
	t.PushRegistered = "Sellerdesk сам сообщает туда свой адрес: вводить ничего не нужно."
	t.PushPublic = "Для этого ему нужен адрес, по которому он доступен из интернета: настройка public-url."
	t.PushLast, t.PushNever = "Последнее", "Ещё ни одного"
	t.PushOnlyHint = "Скрипт этого канала сообщает сюда, что пишут покупатели, и подписывает секретом кабинета."
	t.PushOnlySecret = "Передайте его скрипту вместе с секретом. Больше никому не показывайте."
	t.PushOnlyNever = "Запустите скрипт с этим адресом и секретом: первое же уведомление появится здесь."
	t.PushNeverHint = "Введите адрес в кабинете продавца: через две минуты площадка пришлёт проверку."
	t.PushWaiting, t.PushBlocked, t.PushStuck, t.PushFine = "Ждут чтения", "Не читаются с", "Не читаются", "Приходят"
	t.PushThrottled = "Площадка просит подождать; прочитаем, как только она разрешит следующий запрос."
	t.Copy, t.Copied = "Скопировать", "Скопировано"
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
