package web

import (
	"fmt"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// russian is the table of Russian texts.
func russian() *Texts {
	t := &Texts{
		Language: sellerdesk.Russian, Locale: "ru-RU", DecimalMark: ",", Thousands: "\u00a0",
		Product: "Sellerdesk", Inbox: "Входящие", Accounts: "Кабинеты", Settings: "Настройки", SignOut: "Выйти",
		Back: "Назад", Close: "Закрыть", Cancel: "Отмена", Save: "Сохранить", Details: "Подробности", Keys: "Клавиши",
		SkipToContent: "К обращению",

		FilterNeedsAnswer: "Нужен ответ", FilterUnread: "Не прочитано", FilterAll: "Все", FilterClosed: "Закрытые",
		AllAccounts: "Все кабинеты", SortWaiting: "Ближе к сроку", SortNewest: "Сначала новые", Sort: "Порядок", AccountFilter: "Кабинет",
		FilterList: "Обращения", EmptyNeedsAnswer: "Всем ответили", EmptyUnread: "Всё прочитано", EmptyAll: "Обращений пока нет",
		EmptyClosed: "Закрытых нет", EmptyNeedsAnswerHint: "Новые сообщения покупателей появятся здесь сами.",
		EmptyAllHint: "Обращения появятся по мере чтения кабинетов.", EmptyFilterHint: "Попробуйте другой отбор или кабинет.",
		FirstRun: "Подключите первый кабинет", FirstRunHint: "Вставьте токен кабинета продавца. Sellerdesk прочитает сообщения покупателей и покажет их здесь.",
		AddAccount: "Добавить кабинет", Unread: "Не прочитано", NeedsAnswer: "Нужен ответ", You: "Вы", LoadMore: "Показать ещё", NoMatch: "В списке ничего не подходит",
		FindInList: "Отобрать в списке", Filters: "Отборы", Automation: "Правило", ElsewhereShort: "В кабинете", PlatformShort: "Площадка",
		WhyNoTarget:  "Ждёт; срок для этого вида не задан",
		BuyerUnknown: "Покупатель",
		Kinds: map[sellerdesk.Kind]string{
			sellerdesk.KindChat: "Чат", sellerdesk.KindQuestion: "Вопрос", sellerdesk.KindReview: "Отзыв", sellerdesk.KindClaim: "Заявка на возврат",
		},

		PickConversation: "Выберите обращение", PickConversationHint: "J и K — по списку, Enter — открыть, R — ответить.",
		NoAnswerNeeded: "Ответ не нужен", CloseConversation: "Закрыть", Reopen: "Открыть снова", MarkUnread: "Не прочитано", MarkRead: "Прочитано",
		Older: "Более ранние", ShowAll: "Показать полностью", AnsweredElsewhere: "Отвечено в кабинете", Today: "Сегодня", Yesterday: "Вчера", Edited: "изменено",
		Closed: "Закрыто", Archived: "В архиве", Snoozed: "Отложено", NoMessages: "Сообщений пока нет", Messages: "Сообщения", NewMessage: "Новое сообщение",
		ScrollDown: "Ниже новые сообщения", Person: "Коллега",
		Statuses: map[sellerdesk.MessageStatus]string{
			sellerdesk.MessageReceived: "Получено", sellerdesk.MessageQueued: "В очереди", sellerdesk.MessageSending: "Отправляется", sellerdesk.MessageSent: "Отправлено",
			sellerdesk.MessageDelivered: "Доставлено", sellerdesk.MessageRead: "Прочитано", sellerdesk.MessageRefused: "Не принято",
			sellerdesk.MessageUnknown: "Неизвестно, дошло ли", sellerdesk.MessageWithdrawn: "Отозвано",
		},
		Reasons: map[sellerdesk.ReasonCode]string{
			sellerdesk.ReasonCredentials: "Площадка больше не принимает токен этого кабинета.", sellerdesk.ReasonExpired: "Срок токена этого кабинета истёк.",
			sellerdesk.ReasonScope: "У токена нет нужного права.", sellerdesk.ReasonReadOnly: "Токен этого кабинета может только читать.",
			sellerdesk.ReasonPaused: "Кабинет на паузе: уйдёт, когда он заработает.", sellerdesk.ReasonThrottled: "Лимит площадки: уйдёт, как только она разрешит следующий запрос.",
			sellerdesk.ReasonUnreachable: "Площадка не отвечает, пробуем ещё раз сами.", sellerdesk.ReasonOutcomeUnknown: "Сообщение ушло, а ответ не пришёл.",
			sellerdesk.ReasonMalformed: "Площадка ответила непонятно.", sellerdesk.ReasonGone: "На площадке этого больше нет.",
			sellerdesk.ReasonFileTooLarge: "Файл слишком большой.", sellerdesk.ReasonFileUnreadable: "Картинка повреждена, показать её нельзя.",
			sellerdesk.ReasonCancelledByUser: "Отозвано вами.",
		},
		RefusedBecause: func(words string) string { return "Не принято: " + words },
		UnknownOutcome: "Неизвестно, дошло ли",
		CheckRisk:      "Перечитаем переписку на площадке. Ничего не отправляется.",
		CheckStarted:   "Смотрим на площадке. Что найдётся, появится здесь.",
		ResendRisk:     "Если первое дошло, покупатель получит текст дважды.", WithdrawUnknown: "Оставить как есть",
		Check: "Проверить", Resend: "Отправить ещё раз", ResendRefused: "Отправить ещё раз", Withdraw: "Отозвать",

		FileWanted: "Загружается…", FileGone: "На площадке файла больше нет", FileRefused: "Недоступен", Download: "Скачать", Picture: "Фото",
		NextPicture: "Следующее фото", PrevPicture: "Предыдущее фото", File: "Файл",

		ReplyPlaceholder: "Напишите покупателю", Send: "Отправить в чат", Attach: "Прикрепить файлы", RemoveFile: "Убрать", CannotReply: "Ответить нельзя",
		DropHere: "Отпустите файлы здесь", Uploading: "Загружается", SendHint: "Ctrl+Enter", QueueHint: "Уйдёт, когда кабинет заработает.", DraftKept: "Черновик хранится в этом браузере",
		EmptyReply:     "Сначала напишите текст или прикрепите файл.",
		CharactersLeft: "осталось {}", CharactersOver: "лишних: {}", TooManyFiles: "не больше {} на сообщение",
		FileLimits: func(max int, size, types string) string {
			return fmt.Sprintf("До\u00a0%d %s по\u00a0%s: %s", max, russianPlural(max, "файла", "файлов", "файлов"), size, types)
		},
		FileTooLarge:  func(limit string) string { return "больше " + limit },
		FileWrongType: func(types string) string { return "можно только " + types },
		TotalTooLarge: func(limit string) string { return "вместе больше " + limit },
		UploadFailed:  "не загрузился", EmptyFile: "пустой файл",

		Buyer: "Покупатель", Order: "Заказ", Price: "Цена", Size: "Размер", Article: "Артикул", Account: "Кабинет", Channel: "Канал", Started: "Начато",
		LastMessage: "Последнее", WaitingSince: "Ждёт с", AnswerDue: "Ответить до", NoProduct: "Товар не назван", Conversation: "Обращение",
		Copy: "Скопировать", Copied: "Скопировано",

		States: map[sellerdesk.AccountState]string{
			sellerdesk.AccountOK: "Работает", sellerdesk.AccountPaused: "На паузе", sellerdesk.AccountExpired: "Токен не принят", sellerdesk.AccountBroken: "Требует внимания",
		},
		AddAccountTitle: "Новый кабинет", AddAccountHint: "Токен проверяется до сохранения и хранится на этом сервере зашифрованным.",
		BaseURL: "Другой адрес", BaseURLHint: "Только для песочницы или прокси. Для настоящей площадки оставьте пустым.",
		AccountName: "Название", NameHint: "Как этот магазин называют у вас.", Add: "Проверить и добавить", Checking: "Проверяем…",
		Pause: "Пауза", ResumeAccount: "Продолжить", Rename: "Переименовать", Remove: "Удалить", RemoveConfirm: "Удалить навсегда",
		ReplaceToken: "Заменить токен", ReplaceHint: "Новый токен должен быть от того же кабинета.", TokenKind: "Токен", TokenScopes: "Разделы",
		TokenUntil: "Действует до", TokenForever: "без срока", TokenReadOnly: "только чтение", TokenReadWrite: "чтение и запись", Seller: "Продавец", Legal: "Юрлицо",
		Rights: "Права", Budget: "Лимиты площадки", BudgetHint: "Сколько запросов может уйти прямо сейчас и что ждёт очереди.",
		BudgetNone: "Запросов ещё не было.", BucketName: "Группа", BucketLeft: "Осталось", BucketNext: "Следующий запрос", BucketWaiting: "Ждут", Now: "сейчас",
		Reading: "Чтение", CaughtUp: "Всё прочитано", NotYetRead: "Ещё не читали", ReadAt: "Прочитано", ItemsRead: "Уже прочитано", Stream: "Поток",
		Connected: "Подключён", Danger: "Удалить кабинет", NoChannel: "В этой сборке нет ни одного канала.", NoAccounts: "Кабинетов пока нет",
		NoAccountsHint: "Кабинет — это один магазин на одной площадке.", Access: "Доступ", EstimateUnknown: "оцениваем…", Optional: "необязательно",
		ExpiresIn: func(days int) string {
			if days <= 0 {
				return "Токен истекает сегодня."
			}
			return fmt.Sprintf("Токен истечёт через %d\u00a0%s.", days, russianPlural(days, "день", "дня", "дней"))
		},
		Expired: "Срок токена истёк. Пока его не заменят, ничего не читается и не отправляется.", ReplaceNow: "Заменить токен",
		PausedHint: "На паузе: ничего не читается, написанное ждёт.",
		Estimate:   func(when string) string { return "закончим около " + when },
		Share:      func(p int) string { return fmt.Sprintf("%d\u00a0%%", p) },
		RemoveWarning: func(name string) string {
			return fmt.Sprintf("Все обращения, сообщения и файлы кабинета «%s» будут удалены отсюда. На площадке ничего не изменится.", name)
		},

		LanguageTitle: "Язык", Theme: "Оформление", ThemeSystem: "Как в системе", ThemeLight: "Светлое", ThemeDark: "Тёмное", Profile: "Профиль", Saved: "Сохранено",
		SignIn: "Войти", Login: "Логин", Password: "Пароль", Name: "Имя", SignInHint: "Войдите на свой рабочий стол.", OwnerTitle: "Добро пожаловать",
		OwnerHint: "Эта ссылка работает один раз. Выберите, как будете входить.", OwnerCreate: "Создать и войти", PasswordHint: "Не меньше 10 знаков.",
		LinkUsed: "Ссылка уже использована или устарела. Перезапустите сервер, чтобы получить новую.", PasswordAgain: "Пароль ещё раз", SignedInAs: "Вы вошли как", Owner: "владелец",
		NoOwner: "Владельца ещё нет: откройте одноразовую ссылку, которую сервер напечатал при запуске.", ErrorTitle: "Не получилось",
		NotFound: "Такой страницы нет.", BackToInbox: "Во входящие", Offline: "Нет связи с сервером. Восстанавливаем…", Reconnected: "Связь восстановлена",
		SomethingWentAway: "Этого уже нет.", TryAgain: "Повторить",
		WrongLogin: "Неверный логин или пароль.",
		Errors: map[string]string{
			"not_found ":       "Такой страницы нет, или это уже удалено.",
			"invalid login":    "Логин: от 1 до 64 знаков, без пробелов.",
			"invalid password": "Пароль: от 10 до 200 знаков.",
			"invalid name":     "Название не может быть пустым или длиннее 100 знаков.",
			"invalid base_url": "Это не похоже на адрес: нужен http:// или https:// и имя узла.",
			"limited ":         "Слишком много попыток. Подождите немного.",
			"unavailable ":     "Сейчас недоступно. Попробуйте ещё раз чуть позже.",
			"internal ":        "Ошибка на нашей стороне; подробности в журнале сервера.",
		},

		KeyNext: "Следующее", KeyPrevious: "Предыдущее", KeyOpen: "Открыть", KeyReply: "Ответить", KeySend: "Отправить", KeySendNext: "Отправить и дальше", KeyClose: "Закрыть или открыть снова", KeyUnread: "Не прочитано",
		KeySearch: "Отобрать в списке", KeyHelp: "Эта справка", KeyBack: "К списку", KeysHint: "Клавиши работают по месту на клавиатуре, в любой раскладке.",
		Months: [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	}
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
	return t
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
