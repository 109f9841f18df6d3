package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// RussianHouse is the table of Russian texts of the pages under settings.
func RussianHouse() *House {
	return &House{
		Pages: Pages{All: "Страницы настроек", Own: "Мой аккаунт", Team: "Люди", Roles: "Роли", Keys: "Ключи", Hooks: "Вебхуки", Audit: "Журнал", Health: "Состояние"},
		Own:   russianOwn(), Keyed: russianKeyed(), Team: russianTeam(), Roster: russianRoster(), Hooks: russianHooks(),
		Audit: russianAudit(), Health: russianHealth(), Door: russianDoor(), Denied: russianDenied(), Previewing: russianPreviewing(), Commanding: russianCommanding(), Welcoming: russianWelcoming(), Searching: russianSearching(),
		Bulking:   russianBulking(),
		Talking:   russianTalking(),
		Library:   russianLibrary(),
		Labelling: russianLabelling(),
		Handling:  russianHandling(),
	}
}

func russianOwn() Own {
	return Own{
		Profile:  "Профиль",
		Password: "Пароль", PasswordNow: "Нынешний пароль", PasswordNew: "Новый пароль", PasswordSaved: "Пароль изменён. В других браузерах придётся войти заново.",
		PasswordNone: "Вы вошли без пароля: это демонстрация или владельца ещё нет.",
		Factor:       "Второй фактор", FactorOn: "Включён", FactorOff: "Выключен",
		FactorHint:   "После пароля спрашивается код из приложения на телефоне. Тогда одного украденного пароля мало.",
		FactorNone:   "Сначала задайте пароль: второй фактор спрашивается после него.",
		FactorStart:  "Включить",
		FactorScan:   "Отсканируйте картинку приложением для кодов: подойдёт любое, которое показывает шесть цифр.",
		FactorSecret: "Или введите этот секрет вручную", FactorCode: "Код из приложения", FactorCodeHint: "Шесть цифр, меняются каждые 30\u00a0секунд.",
		FactorConfirm: "Подтвердить и включить", FactorStop: "Выключить",
		FactorStopHint: "Введите пароль и код из приложения или код восстановления. Потом будет спрашиваться только пароль.", FactorStopped: "Второй фактор выключен.",
		FactorPicture: "Картинка с секретом для камеры приложения", FactorByApp: "При входе спрашивается код из вашего приложения.",
		Codes: "Коды восстановления", CodesHint: "Каждый один раз впустит вас без телефона. Они показаны только сейчас: распечатайте их или сохраните в менеджере паролей.",
		CodesSave: "Скачать", FactorNext: "Дальше", CodesLeft: func(n int) string {
			return fmt.Sprintf("Осталось кодов восстановления: %d.", n)
		}, CodesDone: "Коды сохранены",
		Sessions: "Где вы вошли", SessionsHint: "Что-то здесь не ваше? Завершите сеанс и смените пароль.", ThisBrowser: "этот браузер",
		End: "Завершить", EndOthers: "Завершить все остальные", Ended: "Завершено.", Used: "Активность", Since: "с", SomeBrowser: "Неизвестный браузер", SomeWhere: "адрес неизвестен",
		UserAgent: func(browser, system string) string { return browser + ", " + system },
		Keys:      "Мои ключи", KeysHint: "С ключом программа действует от вашего имени и никогда не может больше, чем вы.",
	}
}

func russianKeyed() Keyed {
	return Keyed{
		AllHint: "Ключи всех сотрудников. Новый ключ каждый создаёт себе в разделе «Мой аккаунт». Программа с ключом может то, что позволено и ключу, и его хозяину.", None: "Ключей пока нет", NoneHint: "Ключ даёт вашей программе доступ к API.",
		New: "Новый ключ", Name: "Название", NameHint: "Для чего ключ, чтобы потом его узнать.", Rights: "Может", RightsHint: "Из того, что можете вы сами.",
		Accounts: "Только в этих кабинетах", AllAccounts: "все кабинеты", AccountsHint: "Не выбрано ничего: все, что видите вы, и будущие тоже.", Expiry: "Действует", Forever: "пока не отозван",
		Limit: "Запросов в минуту", LimitHint: "Пусто: без ограничения.", NoLimit: "без ограничения", Make: "Создать ключ",
		Made: "Ключ создан", MadeHint: "Скопируйте сейчас: он показан один раз. Хранится только отпечаток, по которому ключ не прочитать.", Copy: "Ключ",
		Revoke: "Отозвать", RevokeSure: "Отозвать насовсем", Revoked: "отозван", Expired: "истёк", Used: "Использован", Unused: "ещё не использован", Whose: "Чей",
		Works: "действует", State: "Состояние", Kept: "Готово, скопировано",
		Days: func(n int) string {
			return fmt.Sprintf("%d\u00a0%s", n, russianPlural(n, "день", "дня", "дней"))
		},
		PerMinute: func(n int) string { return grouped(n, "\u00a0") + " в\u00a0минуту" },
		Until:     func(day string) string { return "до " + day },
	}
}

func russianTeam() Team {
	return Team{
		Hint: "Кто здесь работает и что каждый может видеть и делать.", Invite: "Пригласить", InviteTitle: "Пригласить человека",
		InviteHint: "Вы получите ссылку. По ней человек сам выберет логин и пароль.", InviteDo: "Создать ссылку", NameHint: "Каким его увидят коллеги; человек может его изменить.",
		Invited: "Ссылка создана", LinkHint: "Передайте её так, чтобы не увидел никто другой. Она действует один раз и три дня; новая ссылка отменяет эту.", Once: "Показана только сейчас",
		NotYet: "ещё не входил", Disabled: "отключён", Factor: "второй фактор", Nothing: "пока ничего не видит", Owner: "Владелец", Everywhere: "везде", You: "вы",
		Grants: "Роли", GrantsHint: "Роль для всей компании действует везде. Роль для канала или кабинета добавляется к ней.",
		ForHouse: "Во всей компании", NoRole: "нет роли", OnChannel: "В канале", InAccount: "В кабинете", AllOfChannel: "все кабинеты, и будущие тоже",
		OwnerHint: "Владелец может всё, выбирать нечего.", Saved: "Сохранено",
		NewLink: "Новая ссылка", NewLinkHint: "Если забыт пароль или потеряно приглашение: по ссылке логин и пароль задаются заново. Открытые сеансы тогда завершатся.",
		Drop: "Убрать второй фактор", DropHint: "Если потерян телефон: будет спрашиваться только пароль, пока второй фактор не включат снова.",
		Disable: "Отключить", DisableHint: "Человек больше не сможет войти, его ключи перестанут действовать, сеансы завершатся. Всё сделанное останется.", DisableSure: "Отключить сейчас",
		Enable: "Включить снова", EnableHint: "Человек будет входить как прежде.", End: "Завершить сеансы", EndHint: "Везде; человек войдёт заново.", Ended: "Сеансы завершены.",
		Access: "Вход", Sessions: "Открытые сеансы",
		DisabledSince: func(when string) string { return "Отключён с " + when },
		RoleIn:        func(role, where string) string { return role + " · " + where },
	}
}

func russianRoster() Roster {
	return Roster{
		Hint: "Роль — это набор прав. Её дают человеку для всей компании, для канала или для одного кабинета.", New: "Своя роль",
		NewHint: "Когда не подходит ни одна из четырёх: например, для тех, кто отвечает на отзывы и делает выгрузки.", Name: "Короткое имя", NameHint: "Буквы, цифры и дефис: otzyvy-plus. Потом не изменить.",
		Title: "Название", Rights: "Права", Save: "Сохранить", Remove: "Удалить", RemoveSure: "Удалить роль", BuiltIn: "Есть всегда",
		Has: "да", Lacks: "нет", Right: "Право", Own: "Свои", Change: "Изменить", Saved: "Сохранено", OfHouse: "действует, только если роль дана для всей компании",
		Names: map[sellerdesk.RoleName]string{sellerdesk.RoleOwner: "Владелец", sellerdesk.RoleLead: "Старший", sellerdesk.RoleOperator: "Оператор", sellerdesk.RoleReadOnly: "Только чтение"},
		Rightly: map[sellerdesk.Right]string{
			sellerdesk.RightSee: "Видеть", sellerdesk.RightWork: "Отвечать", sellerdesk.RightBulk: "Действовать списком", sellerdesk.RightExport: "Выгружать", sellerdesk.RightDelete: "Удалять кабинеты",
			sellerdesk.RightAccounts: "Управлять кабинетами", sellerdesk.RightAudit: "Читать журнал", sellerdesk.RightPeople: "Люди и роли", sellerdesk.RightKeys: "Чужие ключи",
			sellerdesk.RightWebhooks: "Вебхуки", sellerdesk.RightSettings: "Общие настройки",
		},
		RightHints: map[sellerdesk.Right]string{
			sellerdesk.RightSee: "обращения, сообщения, файлы, людей, счётчики", sellerdesk.RightWork: "ответы, действия, новые обращения, заметки", sellerdesk.RightBulk: "одно действие со всеми, что подходят",
			sellerdesk.RightExport: "забирать данные файлом", sellerdesk.RightDelete: "удалить кабинет со всем, что в нём", sellerdesk.RightAccounts: "пауза, название, токены; для всей компании: добавлять",
			sellerdesk.RightAudit: "кто что делал", sellerdesk.RightPeople: "приглашать, давать роли, завершать сеансы", sellerdesk.RightKeys: "создавать и отзывать их", sellerdesk.RightWebhooks: "передавать события наружу",
			sellerdesk.RightSettings: "общие шаблоны, ключ шифрования, сроки хранения",
		},
	}
}

func russianHooks() Hooks {
	return Hooks{
		Hint: "Как только что-то происходит, об этом узнаёт ваш адрес: с подписью, по порядку и с повторами целые сутки, если никто не принял.", None: "Вебхуков пока нет",
		NoneHint: "Подключите учётную систему, бота или скрипт: о новых сообщениях они узнают сразу.", New: "Новый вебхук", Name: "Название",
		URL: "Адрес", URLHint: "https://… Внутренние и локальные адреса не принимаются, если сервер этого не разрешает.",
		Kinds: "События", KindsHint: "Не выбрано ничего: все.", AllKinds: "все события",
		Accounts: "Только этих кабинетов", AccountsHint: "Не выбрано ничего: всех, что видите вы.", AllAccounts: "все кабинеты", Add: "Создать вебхук", Save: "Сохранить", Saved: "Сохранено",
		Secret: "Секрет подписи", SecretHint: "Передайте его получателю сейчас: он показан один раз. С ним проверяет любая библиотека Standard Webhooks.",
		Pause: "Приостановить", Resume: "Продолжить", Rotate: "Новый секрет", RotateHint: "Сутки отправляются подписи обоими секретами, так что получатель ничего не потеряет.", RotateSure: "Создать новый секрет",
		Test: "Отправить пробное", TestHint: "Отправит одно событие, которое ничего не значит.", Tested: "Пробное событие отправляется, оно в журнале ниже.", Remove: "Удалить",
		RemoveSure: "Удалить вместе с журналом", Waiting: "Ждут отправки", Last: "Последнее принято", Never: "ещё ничего", Failing: "Принимается не всё с", OldSecret: "Прежний секрет действует до",
		Settings: "Настройки", Whose: "В пределах прав", Standard: "Standard Webhooks",
		Log: "Отправки", NoLog: "Пока ничего не отправлялось", NoLogHint: "Всё, что произойдёт с этой минуты, будет здесь, каждое со своим ответом.", Event: "Событие", State: "Состояние", Tries: "Попыток", Answer: "Ответ",
		When: "Произошло", Took: "Заняло", Next: "Следующая попытка", Request: "Что отправлено", Response: "Что пришло в ответ", NoAnswer: "нет ответа", Again: "Отправить ещё раз",
		AgainHint: "С тем же webhook-id: получатель, у которого оно уже есть, поймёт.", ID: "webhook-id", Order: "По порядку с", Choose: "Выбрать", AgainChosen: "Отправить выбранные ещё раз",
		Range: "Отправить ещё раз диапазон", RangeHint: "По номерам событий, вместе с обоими концами.", From: "С события", To: "по событие", RangeDo: "Отправить ещё раз", All: "Все",
		Nothing: "Таких нет.", Delivery: "Отправка", Done: "Завершено", More: "Более ранние", Cut: "Обрезано до 4\u00a0КБ, подписи убраны.",
		States:         map[sellerdesk.WebhookState]string{sellerdesk.WebhookActive: "Работает", sellerdesk.WebhookPaused: "Приостановлен", sellerdesk.WebhookFailed: "Остановился сам"},
		DeliveryStates: map[sellerdesk.DeliveryState]string{sellerdesk.DeliveryWaiting: "Ждёт", sellerdesk.DeliveryDelivered: "Доставлено", sellerdesk.DeliveryFailed: "Не доставлено"},
		Nouns: map[string]string{
			"account": "Кабинеты", "conversation": "Обращения", "message": "Сообщения", "outbox": "Отправка", "file": "Файлы", "contact": "Люди",
			"push": "Уведомления площадок", "sync": "Чтение", "access": "Права", "webhook": "Вебхуки", "job": "Задания",
			"note": "Заметки", "task": "Задачи", "draft": "Черновики", "notification": "Уведомления", "house": "Компания",
		},
		Events: map[sellerdesk.EventKind]string{
			sellerdesk.EventAccountCreated: "кабинет добавлен", sellerdesk.EventAccountChanged: "кабинет изменён", sellerdesk.EventAccountRemoved: "кабинет удалён",
			sellerdesk.EventConversationCreated: "новое обращение", sellerdesk.EventConversationUpdated: "обращение изменено", sellerdesk.EventConversationRemoved: "обращение объединено с другим",
			sellerdesk.EventMessageCreated: "новое сообщение", sellerdesk.EventMessageUpdated: "сообщение изменено", sellerdesk.EventOutboxQueued: "ответ в очереди", sellerdesk.EventOutboxSettled: "ответ отправлен или не принят",
			sellerdesk.EventFileUpdated: "файл получен", sellerdesk.EventContactUpdated: "изменился человек", sellerdesk.EventPushReceived: "пришло уведомление", sellerdesk.EventSyncProgress: "чтение продвинулось",
			sellerdesk.EventAccessChanged: "изменились права", sellerdesk.EventWebhookChanged: "изменился вебхук", sellerdesk.EventJobChanged: "задание продвинулось",
			sellerdesk.EventNoteChanged: "изменилась заметка", sellerdesk.EventTaskChanged: "изменилась задача", sellerdesk.EventDraftChanged: "появился или исчез черновик", sellerdesk.EventNotificationCreated: "кому-то есть на что взглянуть", sellerdesk.EventHouseChanged: "изменились метки, поля, команды, виды или шаблоны",
		},
		Redelivered: func(n int) string {
			return fmt.Sprintf("%s ещё раз: %d.", russianPlural(n, "Отправляется", "Отправляются", "Отправляются"), n)
		},
		Took2: func(ms int64) string { return fmt.Sprintf("%d\u00a0мс", ms) },
	}
}

func russianAudit() Audit {
	return Audit{
		Hint: "Записи никогда не меняются и не удаляются. Секретов здесь нет.", None: "Таких записей нет", NoneHint: "Такого ещё никто не делал, или отбор слишком узкий.",
		Kind: "Что", AnyKind: "что угодно", Who: "Кто", Anyone: "кто угодно", Account: "Кабинет", Anywhere: "любой", From: "С", To: "По", Show: "Показать", Clear: "Сбросить",
		Nobody: "неизвестно кто", Open: "Открыть обращение", Template: "Шаблон", Rule: "Правило", Program: "программа", What: "Что", When: "Когда", Where: "Откуда", More: "Более ранние",
		Text: "Текст", RemoteID: "Номер там",
		Kinds: map[sellerdesk.AuditKind]string{
			sellerdesk.AuditSignedIn: "Вход", sellerdesk.AuditSignInRefused: "Вход не удался", sellerdesk.AuditSignedOut: "Выход", sellerdesk.AuditPersonInvited: "Приглашён человек",
			sellerdesk.AuditPersonChanged: "Изменён человек", sellerdesk.AuditPersonRemoved: "Удалён человек", sellerdesk.AuditPasswordChanged: "Смена пароля", sellerdesk.AuditFactorAdded: "Включён второй фактор",
			sellerdesk.AuditFactorRemoved: "Выключен второй фактор", sellerdesk.AuditRecoveryUsed: "Код восстановления", sellerdesk.AuditSessionRevoked: "Завершён сеанс", sellerdesk.AuditRoleChanged: "Изменена роль",
			sellerdesk.AuditRoleRemoved: "Удалена роль", sellerdesk.AuditKeyCreated: "Создан ключ", sellerdesk.AuditKeyRevoked: "Отозван ключ", sellerdesk.AuditAccountAdded: "Добавлен кабинет",
			sellerdesk.AuditAccountChanged: "Изменён кабинет", sellerdesk.AuditAccountRemoved: "Удалён кабинет", sellerdesk.AuditWebhookChanged: "Изменён вебхук", sellerdesk.AuditWebhookRemoved: "Удалён вебхук",
			sellerdesk.AuditSecretsRotated: "Смена ключа шифрования", sellerdesk.AuditSettingChanged: "Изменена настройка", sellerdesk.AuditExported: "Выгрузка данных", sellerdesk.AuditBulkStarted: "Действие списком", sellerdesk.AuditTextSent: "Отправлен текст",
		},
		Files: func(n int) string {
			return fmt.Sprintf("%d\u00a0%s", n, russianPlural(n, "файл", "файла", "файлов"))
		},
	}
}

func russianHealth() Health {
	return Health{
		Hint: "То же говорит команда sellerdesk doctor. Страница обновляется сама.", House: "Сервер", Fine: "Работает", AllFine: "Всё работает", Accounts: "Кабинеты",
		States: map[sellerdesk.FindingState]string{sellerdesk.FindingOK: "Работает", sellerdesk.FindingWarn: "Обратите внимание", sellerdesk.FindingFail: "Не работает"},
		Counts: func(fail, warn int) string {
			switch {
			case fail > 0:
				return fmt.Sprintf("Не работает: %d", fail)
			default:
				return fmt.Sprintf("Обратите внимание: %d", warn)
			}
		},
	}
}

func russianDoor() Door {
	return Door{
		Code: "Второй фактор", CodeHint: "Введите шесть цифр из приложения для кодов или один из кодов восстановления.", CodeLabel: "Код",
		CodeWrong: "Код неверен или уже использован. Приложение показывает новый каждые 30\u00a0секунд.", Again: "Войти под другим именем",
		Welcome: "Добро пожаловать в Sellerdesk", WelcomeHint: "Выберите, с чем будете входить.", WelcomeDo: "Начать работу",
		Reset: "Новый пароль", ResetHint: "Ссылка действует один раз.", ResetDo: "Сохранить и войти", TooLate: "Прошло слишком много времени. Введите логин и пароль ещё раз.", Recovery: "Нет телефона под рукой? Подойдёт код восстановления.",
	}
}

func russianDenied() Denied {
	return Denied{
		ReadOnly: "Здесь вы можете читать, но не отвечать. Право может дать владелец.", Nothing: "Пока ничего не видно", NothingHint: "У вас нет роли ни в одном кабинете. Её может дать владелец.",
		Accounts: "Кабинеты добавляет и меняет тот, у кого есть право «Управлять кабинетами».",
		Lacks: func(right string) string {
			return "У вас нет права «" + right + "». Его может дать владелец."
		},
	}
}
