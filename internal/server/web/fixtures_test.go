package web

import (
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/server/web/faring"
)

// fixNow is the present of the fixtures.
func fixNow() time.Time { return time.Date(2026, 11, 21, 11, 20, 0, 0, time.UTC) }

func ago(d time.Duration) sellerdesk.Time { return sellerdesk.At(fixNow().Add(-d)) }

func fixDriver() channel.Driver {
	return channel.Driver{Kind: "north", Title: "Площадка", Fields: []channel.Field{{Name: "token", Secret: true, Title: map[string]string{"ru": "Токен API", "en": "API token"}, Help: map[string]string{"ru": "Личный кабинет → Настройки → Доступ к API. Нужны категории «Вопросы и отзывы», «Чат с покупателями».", "en": "Seller portal → Settings → API access."}}}}
}

func fixAccounts() []accountView {
	base := []sellerdesk.Account{
		{ID: 1, Channel: "north", Name: "Север", State: sellerdesk.AccountOK, Push: &sellerdesk.PushHealth{Address: "/in/1/k3yk3yk3yk3yk3yk3yk3yk3yk3y", Last: ptr(ago(3 * time.Minute)), Waiting: 12, Blocked: ptr(ago(2 * time.Minute)), ReasonCode: sellerdesk.ReasonThrottled, Reason: "x"}, Abilities: []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{{Action: sellerdesk.ActionOpen}}}}, Identity: sellerdesk.Identity{Seller: "x", Name: "ИП Кузнецова О. В.", Legal: "ООО «Северный ветер»", Token: "personal", Scopes: []string{"Чат с покупателями", "Вопросы и отзывы", "Возвраты"}, Expires: ptr(sellerdesk.At(fixNow().Add(5 * 24 * time.Hour)))},
			Streams:   []sellerdesk.StreamProgress{{Stream: "reviews.history", Items: 18234, Done: 0.62, DoneAt: ptr(sellerdesk.At(fixNow().Add(4 * time.Minute))), ReadAt: ptr(ago(2 * time.Second))}, {Stream: "chats", CaughtUp: true, Items: 412, Done: 1, ReadAt: ptr(ago(3 * time.Second))}},
			Budget:    []sellerdesk.BucketState{{Bucket: "questions-feedbacks", Limit: 6, Remaining: 0, Waiting: 2, NextFreeAt: ptr(sellerdesk.At(fixNow().Add(4 * time.Second)))}, {Bucket: "chat-download", Limit: 5, Remaining: 5}},
			CreatedAt: ago(40 * 24 * time.Hour)},
		{ID: 2, Channel: "south", Name: "Домашний уют", State: sellerdesk.AccountPaused, Push: &sellerdesk.PushHealth{Address: "/in/2/x"}, Identity: sellerdesk.Identity{Name: "ООО «Уют»", Token: "basic"}, CreatedAt: ago(9 * 24 * time.Hour)},
		{ID: 3, Channel: "post", Name: "Почта +7 900", State: sellerdesk.AccountExpired, ReasonCode: sellerdesk.ReasonExpired, Identity: sellerdesk.Identity{Name: "Поддержка", Expires: ptr(ago(time.Hour))}, CreatedAt: ago(9 * 24 * time.Hour)},
	}
	var out []accountView
	for _, a := range base {
		out = append(out, accountView{Account: a, Base: "http://127.0.0.1:8080", Title: map[string]string{"north": "Площадка", "south": "Рынок", "post": "Почта"}[string(a.Channel)], Fields: fixDriver().Fields})
	}
	return out
}

func fixConversation(i int) sellerdesk.Conversation {
	names := []string{"Анна", "Дмитрий Соколов", "user4521", "", "Мария", "عبد الله", "Игорь В.", "Екатерина Константиновна Преображенская-Задунайская", "Олег", "Светлана", "Павел", "Юлия"}
	words := []string{
		"Здравствуйте! Заказала кроссовки 38 размера, а пришёл 39. Как можно обменять?",
		"Добрый день. Курьер привёз коробку с вмятиной, внутри всё цело, но упаковка мокрая",
		"Когда будет синий цвет?",
		"А подойдёт ли крышка к кастрюле на 24 см? В описании указано разное",
		"Спасибо большое, всё получила, качество отличное!",
		"مرحبا، متى يصل الطلب؟",
		"Не могу оформить возврат, пишет ошибку",
		"Подскажите, пожалуйста, состав ткани и можно ли стирать в машинке при 40 градусах",
		"Пришёл не тот цвет", "Где мой заказ? Уже неделю стоит «в пути»", "", "Хорошо, жду ответа",
	}
	wait := []time.Duration{70 * time.Minute, 52 * time.Minute, 34 * time.Minute, 21 * time.Minute, 12 * time.Minute, 6 * time.Minute, 40 * time.Second, 3 * time.Hour}
	ch := []sellerdesk.ChannelKind{"north", "north", "south", "north", "post"}
	accs := []sellerdesk.AccountID{1, 1, 2, 1, 3}
	n := i % 12
	c := sellerdesk.Conversation{ID: sellerdesk.ConversationID(100 + i), RemoteID: ptr(sellerdesk.RemoteID("r")), Account: accs[i%5], Channel: ch[i%5], Kind: sellerdesk.KindChat, BuyerName: sellerdesk.Optional(names[n]), Status: sellerdesk.ConversationOpen,
		Product: &sellerdesk.Product{ID: "148273665", Name: "Кроссовки беговые мужские летние сетка, облегчённые, с амортизацией", Price: "4 290 ₽", Size: "42"}, Order: "2938475610", CreatedAt: ago(50 * time.Hour), Rev: 4,
		LastMessage: &sellerdesk.LastMessage{Text: words[n], At: ago(time.Duration(i*i) * 7 * time.Minute), Author: sellerdesk.AuthorBuyer}}
	if words[n] == "" {
		c.LastMessage.Files = 3
	}
	if i < 8 {
		c.NeedsAnswer = true
		c.WaitingSince = ptr(ago(wait[i]))
		c.DueAt = ptr(sellerdesk.At(c.WaitingSince.Add(time.Hour)))
		if i == 7 {
			c.DueAt = ptr(sellerdesk.At(c.WaitingSince.Add(24 * time.Hour)))
		}
	} else {
		c.LastMessage.Author = []sellerdesk.Author{sellerdesk.AuthorAgent, sellerdesk.AuthorBuyer, sellerdesk.AuthorElsewhere, sellerdesk.AuthorBuyer}[i%4]
	}
	if i == 9 {
		c.LastMessage.Status = sellerdesk.MessageRefused
	}
	if i == 11 {
		c.Status = sellerdesk.ConversationClosed
	}
	switch i % 4 {
	case 1:
		c.Kind, c.Question = sellerdesk.KindQuestion, &sellerdesk.Question{}
	case 2:
		c.Kind, c.Rating, c.Review = sellerdesk.KindReview, ptr(1+i%5), &sellerdesk.Review{}
		c.LastMessage.Files = 2
	case 3:
		c.Kind, c.Claim = sellerdesk.KindClaim, &sellerdesk.Claim{}
	}
	c.Unread = i%3 == 0
	c.Can = sellerdesk.Abilities([]sellerdesk.Ability{{Action: sellerdesk.ActionReply, MaxLength: ptr(1000), Files: &sellerdesk.FileLimits{Max: 10, MaxSize: 5 << 20, TotalSize: 30 << 20, Types: []string{"image/jpeg", "image/png", "application/pdf"}}}},
		sellerdesk.Facts{AccountState: sellerdesk.AccountOK, Status: c.Status, NeedsAnswer: c.NeedsAnswer, Unread: c.Unread})
	return c
}

func fixList(filter string) listView {
	states := []sellerdesk.Chat{
		{State: sellerdesk.ChatWaitsForSeller}, {State: sellerdesk.ChatWaitsForBuyer}, {State: sellerdesk.ChatWaitsForArbiter, Dispute: true}, {State: sellerdesk.ChatFinished},
	}
	l := listView{listState: listState{Filter: filter, Order: orderWaiting}, Titles: map[sellerdesk.ChannelKind]string{"north": "Площадка", "south": "Рынок", "post": "Почта"}}
	for _, a := range fixAccounts() {
		l.Accounts = append(l.Accounts, a.Account)
		if faring.NeedsPerson(a.Account, fixNow()) {
			l.Warnings = append(l.Warnings, a.Account)
		}
	}
	for i := range 24 {
		c := fixConversation(i)
		if c.Kind == sellerdesk.KindChat && i%8 == 0 {
			chat := states[i/8%len(states)]
			c.Chat, c.RemoteID, c.HasPhoto = &chat, ptr(sellerdesk.RemoteID("r")), i == 8
		}
		l.Items = append(l.Items, c)
	}
	return l
}

func fixThread(n int) *threadView {
	t := &threadView{Conversation: fixConversation(4), Account: fixAccounts()[0].Account, ChannelTitle: "Площадка", BackTo: "/"}
	say := func(a sellerdesk.Author, back time.Duration, text string, f ...sellerdesk.File) *sellerdesk.Message {
		t.Messages = append(t.Messages, sellerdesk.Message{ID: sellerdesk.MessageID(len(t.Messages) + 1), Author: a, Text: text, At: ago(back), Files: f, Status: sellerdesk.MessageReceived})
		return &t.Messages[len(t.Messages)-1]
	}
	pic := func(id int) sellerdesk.File {
		return sellerdesk.File{ID: sellerdesk.FileID(id), Name: "IMG_2031.jpg", Type: "image/jpeg", State: sellerdesk.FileFetched, Thumbnail: "x", Size: ptr(int64(2311000)), Width: ptr(400), Height: ptr(300)}
	}
	pdf := sellerdesk.File{ID: 9, Name: "Акт осмотра.pdf", Type: "application/pdf", State: sellerdesk.FileFetched, Size: ptr(int64(412000))}
	switch n {
	case 1:
		say(sellerdesk.AuthorBuyer, 27*time.Hour, "Добрый день! Заказал кроссовки в пятницу, статус не меняется третий день.")
		say(sellerdesk.AuthorAgent, 26*time.Hour, "Здравствуйте, Дмитрий! Проверили: посылка уже на сортировке, завтра будет в пункте выдачи.").Status = sellerdesk.MessageRead
		say(sellerdesk.AuthorPlatform, 20*time.Hour, "Заказ передан в доставку")
		say(sellerdesk.AuthorElsewhere, 19*time.Hour, "Если будут вопросы, пишите.")
		say(sellerdesk.AuthorBuyer, 55*time.Minute, "Курьер привёз коробку с вмятиной, внутри всё цело, но упаковка мокрая.")
		say(sellerdesk.AuthorBuyer, 54*time.Minute, "Вот фотографии. Трек смотрел здесь: https://track.example.com/r/8823-AX, там тоже ничего.", pic(1), pic(2), pic(3))
		say(sellerdesk.AuthorBuyer, 52*time.Minute, "И акт, который составили при курьере", pdf)
	case 2:
		say(sellerdesk.AuthorBuyer, 30*time.Minute, "Можно вернуть?")
		say(sellerdesk.AuthorAgent, 25*time.Minute, "Да, конечно.").Status = sellerdesk.MessageDelivered
		m := say(sellerdesk.AuthorAgent, 20*time.Minute, "Напишите, пожалуйста, номер телефона 8 900 123-45-67, перезвоним.")
		m.Status, m.Reason, m.ReasonCode = sellerdesk.MessageRefused, "Сообщение содержит контактные данные", sellerdesk.ReasonRefused
		m.Can = sellerdesk.MessageAbilities(m.Status)
		m = say(sellerdesk.AuthorAgent, 15*time.Minute, "Оформите возврат в приложении: «Профиль» → «Возвраты».")
		m.Status, m.ReasonCode, m.Reason = sellerdesk.MessageUnknown, sellerdesk.ReasonOutcomeUnknown, "x"
		m.Can = sellerdesk.MessageAbilities(m.Status)
		m = say(sellerdesk.AuthorAgent, 4*time.Minute, "Отправляем вам новый экземпляр.", pic(1), sellerdesk.File{ID: 5, Name: "video.mov", State: sellerdesk.FileRefused, ReasonCode: sellerdesk.ReasonFileTooLarge, Reason: "x"}, sellerdesk.File{ID: 6, Name: "photo.jpg", State: sellerdesk.FileWanted, Type: "image/jpeg"}, sellerdesk.File{ID: 7, State: sellerdesk.FileGone})
		m.Status = sellerdesk.MessageSending
		m = say(sellerdesk.AuthorAgent, 3*time.Minute, "Это займёт пару дней.")
		m.Status, m.ReasonCode, m.Reason = sellerdesk.MessageQueued, sellerdesk.ReasonThrottled, "x"
		m.Can = sellerdesk.MessageAbilities(m.Status)
		t.Account.State = sellerdesk.AccountPaused
	case 3:
		say(sellerdesk.AuthorBuyer, 50*time.Minute, "<script>alert(1)</script> <img src=x onerror=alert(1)> \u202Eevil txt\u202C http://evil.example/a?b=<c> https://user@bank.example javascript:alert(1)")
		say(sellerdesk.AuthorBuyer, 49*time.Minute, strings.Repeat("Очень длинное слово", 900))
		say(sellerdesk.AuthorBuyer, 48*time.Minute, "مرحبا، متى يصل الطلب؟ الرقم 12345")
		say(sellerdesk.AuthorBuyer, 47*time.Minute, "", pic(1), pic(2), pic(3), pic(4), pic(5), pic(6), pic(7), pic(8), pic(9), pic(10))
		t.Conversation.Can = sellerdesk.Abilities([]sellerdesk.Ability{{Action: sellerdesk.ActionReply}}, sellerdesk.Facts{AccountState: sellerdesk.AccountExpired, AccountReason: sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "x"}, Status: "open"})
		t.Account.State = sellerdesk.AccountExpired
	}
	return t
}

func ptr[T any](v T) *T { return &v }

// fixTree is a review or a question of a channel with comments.
func fixTree(kind sellerdesk.Kind) *threadView {
	t := fixPost(2)
	c := &t.Conversation
	c.Kind, c.BuyerName, c.NeedsAnswer = kind, "Анна", true
	c.Question, c.Rating, c.Product = &sellerdesk.Question{}, nil, &sellerdesk.Product{ID: "KRS-204-blue"}
	if kind == sellerdesk.KindReview {
		c.Question, c.Rating, c.Review = nil, ptr(3), &sellerdesk.Review{Tags: []string{}}
	}
	t.Messages = nil
	say := func(a sellerdesk.Author, name string, parent int, back time.Duration, text string) *sellerdesk.Message {
		m := sellerdesk.Message{ID: sellerdesk.MessageID(len(t.Messages) + 1), Author: a, AuthorName: sellerdesk.Optional(name), Text: text, At: ago(back), Status: sellerdesk.MessageReceived, RemoteID: "x"}
		if a.Ours() {
			m.Status = sellerdesk.MessageDelivered
		}
		if parent > 0 {
			m.Parent = ptr(sellerdesk.MessageID(parent))
		}
		t.Messages = append(t.Messages, m)
		return &t.Messages[len(t.Messages)-1]
	}
	say(sellerdesk.AuthorBuyer, "", 0, 60*time.Hour, "Кроссовки удобные, но шнурки короткие.\nДостоинства: лёгкие\nНедостатки: шнурки")
	say(sellerdesk.AuthorAgent, "", 0, 50*time.Hour, "Анна, спасибо за отзыв! Шнурки пришлём другие, напишите нам в чат заказа.")
	say(sellerdesk.AuthorBuyer, "Пётр Н.", 0, 40*time.Hour, "А мне длины хватило.")
	say(sellerdesk.AuthorBuyer, "", 2, 30*time.Hour, "Написала, пока никто не ответил.")
	say(sellerdesk.AuthorPlatform, "Спорт-мастерская", 3, 20*time.Hour, "У нас такие же, со шнурками 120 см.")
	say(sellerdesk.AuthorElsewhere, "", 5, 10*time.Hour, "Пожалуйста, без рекламы.").ReasonCode = sellerdesk.ReasonModeration
	say(sellerdesk.AuthorBuyer, "Пётр Н.", 6, 9*time.Hour, "Согласен.")
	m := say(sellerdesk.AuthorElsewhere, "", 4, 5*time.Hour, "Звоните 8 800 555-35-35")
	m.Status, m.ReasonCode, m.Reason = sellerdesk.MessageRefused, sellerdesk.ReasonModeration, "The moderation rejected it."
	say(sellerdesk.AuthorBuyer, "عبد الله", 900, time.Hour, "أين الطلب؟")
	text := func(a sellerdesk.ActionKind) sellerdesk.Ability {
		return sellerdesk.Ability{Action: a, MinLength: ptr(1), MaxLength: ptr(4096)}
	}
	c.Can = []sellerdesk.Ability{text(sellerdesk.ActionAnswer), text(sellerdesk.ActionEdit), {Action: sellerdesk.ActionNoAnswerNeeded}, {Action: sellerdesk.ActionClose}, {Action: sellerdesk.ActionArchive}}
	if kind == sellerdesk.KindReview {
		c.Can = append(c.Can, sellerdesk.Ability{Action: sellerdesk.ActionView})
	}
	return t
}

// fixDispute is a chat in which an arbiter decides.
func fixDispute() *threadView {
	t := fixThread(1)
	c := &t.Conversation
	id := sellerdesk.RemoteID("77")
	c.RemoteID, c.Product, c.NeedsAnswer = &id, nil, false
	c.Chat = &sellerdesk.Chat{State: sellerdesk.ChatWaitsForArbiter, Dispute: true, Subject: sellerdesk.ChatAboutReturn, Return: "512340", Shop: "Север, склад Москва"}
	c.Can = sellerdesk.Abilities([]sellerdesk.Ability{{Action: sellerdesk.ActionReply}}, sellerdesk.Facts{Status: "open", Shut: sellerdesk.Why{Code: sellerdesk.ReasonArbitration, Text: "x"}})
	t.Messages[2].AuthorName = "Поддержка площадки"
	return t
}

// fixOpening is a chat that could not be opened yet.
func fixOpening() *threadView {
	t := fixDispute()
	c := &t.Conversation
	c.RemoteID, c.BuyerName, c.LastMessage, t.Messages = nil, "", nil, nil
	c.Chat = &sellerdesk.Chat{Subject: sellerdesk.ChatAboutOrder}
	t.Actions = []sellerdesk.OutboxItem{{Action: sellerdesk.ActionOpen, State: sellerdesk.OutboxRefused, Why: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "Order 2938475610 not found"}}}
	c.Can = sellerdesk.Abilities([]sellerdesk.Ability{{Action: sellerdesk.ActionReply}}, sellerdesk.Facts{Status: "open", Shut: sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "Order 2938475610 not found"}})
	return t
}

// fixPost is a question, a review or a claim with everything that is hard to draw.
func fixPost(n int) *threadView {
	t := &threadView{Conversation: fixConversation(1), Account: fixAccounts()[0].Account, ChannelTitle: "Площадка", BackTo: "/"}
	c := &t.Conversation
	c.Product.Name = "Кроссовки беговые мужские летние сетка, облегчённые, с амортизацией"
	say := func(a sellerdesk.Author, back time.Duration, text string, f ...sellerdesk.File) *sellerdesk.Message {
		t.Messages = append(t.Messages, sellerdesk.Message{ID: sellerdesk.MessageID(len(t.Messages) + 1), Author: a, Text: text, At: ago(back), Files: f, Status: sellerdesk.MessageReceived})
		return &t.Messages[len(t.Messages)-1]
	}
	pic := func(id int) sellerdesk.File {
		return sellerdesk.File{ID: sellerdesk.FileID(id), Name: "IMG_2031.jpg", Type: "image/jpeg", State: sellerdesk.FileFetched, Thumbnail: "x", Size: ptr(int64(2311000)), Width: ptr(400), Height: ptr(300)}
	}
	text := func(a sellerdesk.ActionKind) sellerdesk.Ability {
		return sellerdesk.Ability{Action: a, MinLength: ptr(2), MaxLength: ptr(5000)}
	}
	until := ptr(sellerdesk.At(time.Date(2027, 3, 3, 12, 0, 0, 0, time.UTC)))
	switch n {
	case 1: // a review that fell from 5 to 2 stars, with a supplement and a refused answer
		c.Kind, c.Rating = sellerdesk.KindReview, ptr(2)
		c.Review = &sellerdesk.Review{Tags: []string{"качество", "соответствует описанию", "быстрая доставка"}, Size: "smaller", OrderStatus: "buyout", Supplemented: true, Pinned: true, ReturnOrdered: ptr(ago(2 * time.Hour)), Video: &sellerdesk.Video{Link: "https://video.example/1", Seconds: 65}}
		m := say(sellerdesk.AuthorBuyer, 60*time.Hour, "Сначала радовался, но через две недели подошва начала отклеиваться.\nДостоинства: лёгкие, красивые\nНедостатки: подошва, маломерят на размер", pic(1), pic(2), pic(3))
		m.EditedAt, m.Versions = ptr(ago(50*time.Minute)), []sellerdesk.Version{{Text: "Отличные кроссовки, сели как влитые!", Rating: ptr(5), At: ago(60 * time.Hour)}}
		say(sellerdesk.AuthorBuyer, 50*time.Minute, "Дополняю: на второй паре то же самое.")
		m = say(sellerdesk.AuthorAgent, 40*time.Minute, "Напишите нам: 8 900 123-45-67")
		m.Status, m.ReasonCode, m.Reason, m.Can = sellerdesk.MessageRefused, sellerdesk.ReasonModeration, "В ответе есть телефон", sellerdesk.MessageAbilities(sellerdesk.MessageRefused)
		c.Can = []sellerdesk.Ability{text(sellerdesk.ActionAnswer), {Action: sellerdesk.ActionPin, Reason: "Все места заняты: закреплено 3 из 3."}, {Action: sellerdesk.ActionOrderReturn}, {Action: sellerdesk.ActionNoAnswerNeeded}, {Action: sellerdesk.ActionClose}, {Action: sellerdesk.ActionArchive}}
	case 2: // a question: answer or reject
		c.Kind, c.Question = sellerdesk.KindQuestion, &sellerdesk.Question{Warned: true}
		say(sellerdesk.AuthorBuyer, 70*time.Minute, "Подскажите, пожалуйста, подойдут ли на широкую стопу? Обычно ношу 42, иногда 43.")
		c.Can = []sellerdesk.Ability{text(sellerdesk.ActionAnswer), text(sellerdesk.ActionReject), {Action: sellerdesk.ActionView}, {Action: sellerdesk.ActionNoAnswerNeeded}, {Action: sellerdesk.ActionClose}, {Action: sellerdesk.ActionArchive}}
	case 3: // an answered review that may be changed once
		c.Kind, c.Rating, c.NeedsAnswer = sellerdesk.KindReview, ptr(5), false
		c.Review = &sellerdesk.Review{Size: "ok", OrderStatus: "buyout"}
		say(sellerdesk.AuthorBuyer, 30*time.Hour, "")
		m := say(sellerdesk.AuthorAgent, 20*time.Hour, "Спасибо за высокую оценку! Носите с удовольствием.")
		m.Status = sellerdesk.MessageDelivered
		m.Versions, m.EditedAt = []sellerdesk.Version{{Text: "Спасибо!", At: ago(22 * time.Hour)}}, ptr(ago(20*time.Hour))
		m = say(sellerdesk.AuthorElsewhere, 19*time.Hour, "Ждём вас снова.")
		m.Status, m.ReasonCode = sellerdesk.MessageSent, sellerdesk.ReasonModeration
		e := text(sellerdesk.ActionEdit)
		e.Until = until
		c.Can = []sellerdesk.Ability{e, {Action: sellerdesk.ActionUnpin}, {Action: sellerdesk.ActionClose}, {Action: sellerdesk.ActionArchive}}
	case 4, 5: // a claim to be decided, and a decided one
		c.Kind, c.DueAt = sellerdesk.KindClaim, ptr(sellerdesk.At(fixNow().Add(26*time.Hour)))
		c.Claim = &sellerdesk.Claim{Price: "4 290 ₽", Status: "0", Ordered: ptr(ago(300 * time.Hour)), Received: ptr(ago(200 * time.Hour)), Note: "Серийный номер не совпадает", Video: &sellerdesk.Video{Link: "https://video.example/2"}}
		say(sellerdesk.AuthorBuyer, 20*time.Hour, "Подошва отклеилась на второй день. Прошу принять возврат.", pic(1), pic(2), pic(3), pic(4))
		o := func(value, ru, en string, b *sellerdesk.TextLimits) sellerdesk.Option {
			return sellerdesk.Option{Value: value, Title: map[sellerdesk.Language]string{"ru": ru, "en": en}, Comment: b}
		}
		c.Can = []sellerdesk.Ability{{Action: sellerdesk.ActionDecide, Until: c.DueAt, Options: []sellerdesk.Option{
			o("approve1", "Одобрить: вернуть деньги, товар забрать", "Approve: money back, goods returned", nil),
			o("autorefund1", "Одобрить: вернуть деньги, товар оставить", "Approve: money back, buyer keeps the goods", nil),
			o("rejectcustom", "Отказать, с комментарием", "Refuse, with a comment", &sellerdesk.TextLimits{Min: 10, Max: 1000}),
		}}, {Action: sellerdesk.ActionClose}, {Action: sellerdesk.ActionArchive}}
		if n == 5 {
			c.Claim.Decided, c.Claim.Decision, c.Claim.Status, c.NeedsAnswer, c.Can = true, "Отказ с комментарием", "1", false, c.Can[1:]
			say(sellerdesk.AuthorAgent, 10*time.Hour, "Износ подошвы от эксплуатации, брака нет.").Status = sellerdesk.MessageDelivered
		}
	case 6: // hostile words in every field
		evil := "<script>window.evil=1</script><img src=x onerror=window.evil=1>\u202Eevil\u202C" + strings.Repeat("длинно", 60)
		c.Kind, c.Rating, c.BuyerName, c.Product.Name, c.Product.ID = sellerdesk.KindReview, ptr(1), sellerdesk.Optional(evil), sellerdesk.Optional(evil), sellerdesk.RemoteID(evil)
		c.Review = &sellerdesk.Review{Tags: []string{evil, evil}, Size: sellerdesk.Optional(evil), OrderStatus: sellerdesk.Optional(evil), Video: &sellerdesk.Video{Link: "javascript:window.evil=1"}}
		m := say(sellerdesk.AuthorBuyer, time.Hour, evil, pic(1), pic(2), pic(3), pic(4), pic(5), pic(6), pic(7), pic(8), pic(9), pic(10))
		m.Versions = []sellerdesk.Version{{Text: evil, Rating: ptr(5), At: ago(2 * time.Hour)}}
		m = say(sellerdesk.AuthorElsewhere, 30*time.Minute, evil)
		m.Status, m.ReasonCode, m.Reason = sellerdesk.MessageRefused, sellerdesk.ReasonModeration, sellerdesk.Optional(evil)
		c.Can = []sellerdesk.Ability{text(sellerdesk.ActionAnswer), {Action: sellerdesk.ActionPin, Reason: sellerdesk.Optional(evil)}}
	}
	months := []sellerdesk.ProductMonth{}
	for i := range 12 {
		m := sellerdesk.ProductMonth{Month: fixNow().AddDate(0, i-11, 0).Format("2006-01"), Reviews: i * 3}
		if i > 1 {
			m.Average = ptr(4.9 - float64(i)*0.17)
		}
		months = append(months, m)
	}
	t.Summary = &sellerdesk.ProductSummary{Product: *c.Product, Reviews: 1198, Average: ptr(4.3), Months: months, Answers: []sellerdesk.ProductReply{
		{Conversation: 7, Kind: sellerdesk.KindQuestion, Text: "Здравствуйте! Да, колодка широкая, берите свой размер.", At: ago(30 * time.Hour)},
		{Conversation: 8, Kind: sellerdesk.KindReview, Text: "Спасибо за отзыв! Нам жаль, что размер не подошёл. Оформите возврат в приложении, деньги вернутся в течение трёх дней.", At: ago(50 * time.Hour)},
	}}
	return t
}
