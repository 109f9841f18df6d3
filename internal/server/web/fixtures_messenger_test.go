package web

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// fixLimits are those of a messenger with buttons and menus.
func fixLimits() sellerdesk.InteractiveLimits {
	return sellerdesk.InteractiveLimits{Body: 1024, Header: 60, Footer: 60, Buttons: 3, ButtonTitle: 20, Sections: 10, Rows: 10, RowTitle: 24, Description: 72}
}

// fixGate is the account of a gateway with three ways to write.
func fixGate() accountView {
	a := fixAccounts()[0]
	a.ID, a.Channel, a.Name, a.Title = 4, "gate", "Мессенджеры", "Шлюз"
	a.Registers = true
	a.Push = &sellerdesk.PushHealth{Address: "/in/4/k3y", Last: ptr(ago(20 * time.Second))}
	a.Identity = sellerdesk.Identity{Seller: "9", Name: "ООО «Северный ветер»", Token: "api-key", Sources: []sellerdesk.Source{
		{ID: "10", Name: "Магазин", Network: "whatsapp", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}, Templates: true},
		{ID: "11", Name: "Поддержка", Network: "telegram", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone, sellerdesk.ChatWithUsername}},
		{ID: "12", Name: "Бот заказов", Network: "telegram"},
		{ID: "13", Name: "Север MAX", Network: "max", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}},
	}}
	o := func(kind sellerdesk.ChatSubject, ru, en string) sellerdesk.Option {
		return sellerdesk.Option{Value: string(kind), Title: map[sellerdesk.Language]string{"ru": ru, "en": en}}
	}
	a.Abilities = []sellerdesk.KindAbilities{{Kind: sellerdesk.KindChat, Can: []sellerdesk.Ability{
		{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{o(sellerdesk.ChatWithPhone, "По телефону", "By phone"), o(sellerdesk.ChatWithUsername, "По имени пользователя", "By user name")}},
	}}}
	return a
}

// fixChats are chats of the gateway.
func fixChats() []sellerdesk.Conversation {
	networks := []string{"whatsapp", "telegram", "max", "viber"}
	var out []sellerdesk.Conversation
	for i, n := range networks {
		c := fixConversation(i)
		c.ID, c.Kind, c.Account, c.Channel, c.Product, c.Order, c.Rating, c.Review, c.Question, c.Claim = sellerdesk.ConversationID(700+i), sellerdesk.KindChat, 4, "gate", nil, "", nil, nil, nil, nil
		c.Chat = &sellerdesk.Chat{Network: sellerdesk.Optional(n), Source: sellerdesk.Optional([]string{"10", "11", "13", "99"}[i]), Phone: "79991234567"}
		out = append(out, c)
	}
	out[1].Chat.Phone, out[1].Chat.Username, out[1].Chat.Profile = "", "sokolov_d", "https://t.me/sokolov_d"
	return out
}

// fixMessenger is a chat of the gateway whose window stands as told.
func fixMessenger(w *sellerdesk.Window) *threadView {
	t := fixThread(0)
	a := fixGate()
	t.Account, t.ChannelTitle, t.Conversation = a.Account, "Шлюз", fixChats()[0]
	t.Conversation.BuyerName, t.Conversation.Window = "Анна Ковалёва", w
	limits := fixLimits()
	t.Conversation.Contact = ptr(sellerdesk.ContactID(1))
	t.Conversation.Can = sellerdesk.Abilities([]sellerdesk.Ability{
		{Action: sellerdesk.ActionReply, MaxLength: ptr(4096), Interactive: &limits, Files: &sellerdesk.FileLimits{Max: 10, MaxSize: 100 << 20, TotalSize: 1 << 30, Types: []string{"image/jpeg", "image/png", "video/mp4", "application/pdf"}, Apart: true}},
		{Action: sellerdesk.ActionTemplate},
	}, sellerdesk.Facts{AccountState: sellerdesk.AccountOK, Status: "open", NeedsAnswer: true, Window: w, Now: sellerdesk.At(fixNow())})
	say := func(author sellerdesk.Author, back time.Duration, text string, files ...sellerdesk.File) *sellerdesk.Message {
		t.Messages = append(t.Messages, sellerdesk.Message{ID: sellerdesk.MessageID(len(t.Messages) + 1), Author: author, Text: text, At: ago(back), Files: files, Status: sellerdesk.MessageReceived})
		return &t.Messages[len(t.Messages)-1]
	}
	m := say(sellerdesk.AuthorAgent, 50*time.Hour, "Заказ 12345 собран\nАнна, здравствуйте! Ваш заказ собран и ждёт в пункте выдачи на ул. Лесной, 5. Забрать можно до 3 декабря.\nСеверный ветер")
	m.Status, m.Form = sellerdesk.MessageRead, &sellerdesk.Form{Template: &sellerdesk.TemplateUse{Name: "order_ready", Language: "ru", Variables: []string{"12345", "Анна"}}}
	say(sellerdesk.AuthorBuyer, 49*time.Hour, "Спасибо! А можно перенести?")
	m = say(sellerdesk.AuthorAgent, 48*time.Hour, "Конечно. Когда вам удобно забрать?")
	m.Status, m.Form = sellerdesk.MessageDelivered, &sellerdesk.Form{Interactive: &sellerdesk.Interactive{Kind: sellerdesk.InteractiveButtons, Header: "Перенос выдачи", Body: m.Text, Footer: "Ответьте кнопкой", Buttons: []string{"Завтра", "В субботу", "Позвоните мне"}}}
	say(sellerdesk.AuthorBuyer, 47*time.Hour, "В субботу")
	m = say(sellerdesk.AuthorAgent, 46*time.Hour, "Выберите время:")
	m.Status, m.Form = sellerdesk.MessageSent, &sellerdesk.Form{Interactive: &sellerdesk.Interactive{Kind: sellerdesk.InteractiveMenu, Body: m.Text, Menu: &sellerdesk.Menu{Button: "Время", Sections: []sellerdesk.MenuSection{
		{Title: "Утро", Rows: []sellerdesk.MenuRow{{Title: "9:00–10:00"}, {Title: "10:00–11:00", Description: "обычно без очереди"}}}, {Title: "Вечер", Rows: []sellerdesk.MenuRow{{Title: "19:00–20:00"}}},
	}}}}
	say(sellerdesk.AuthorBuyer, 80*time.Minute, "", sellerdesk.File{ID: 21, Name: "AwACAgI.oga", Type: "application/ogg", State: sellerdesk.FileFetched, Size: ptr(int64(48_200))})
	say(sellerdesk.AuthorBuyer, 70*time.Minute, "Послушайте, пожалуйста. И вот что с упаковкой:", sellerdesk.File{ID: 22, Name: "video.3gp", Type: "video/3gpp", State: sellerdesk.FileFetched, Size: ptr(int64(9_311_000))}, sellerdesk.File{ID: 23, Name: "Музыка.mp3", Type: "audio/mpeg", State: sellerdesk.FileWanted})
	m = say(sellerdesk.AuthorAgent, 30*time.Minute, "Посмотрите, пожалуйста, инструкцию.")
	m.Status, m.ReasonCode, m.Reason, m.Can = sellerdesk.MessageRefused, sellerdesk.ReasonNoMessenger, "131026", sellerdesk.MessageAbilities(sellerdesk.MessageRefused)
	t.Templates = fixTemplates()
	t.Titles = map[sellerdesk.ChannelKind]string{"gate": "Шлюз", "north": "Площадка"}
	other, third := fixChats()[1], fixConversation(0)
	other.ID, third.ID = 801, 802
	t.Person = &sellerdesk.Contact{ID: 1, Name: "Анна Ковалёва", Conversations: []sellerdesk.Conversation{t.Conversation, other, third}, ConversationCount: 3}
	return t
}

// fixWindows are windows by their standing.
func fixWindows() map[string]*sellerdesk.Window {
	yes, no := true, false
	until := func(d time.Duration) *sellerdesk.Time { return ptr(sellerdesk.At(fixNow().Add(d))) }
	return map[string]*sellerdesk.Window{
		"open": {Until: until(3*time.Hour + 12*time.Minute), Balance: &yes, CheckedAt: ago(0)}, "soon": {Until: until(42 * time.Minute), CheckedAt: ago(0)},
		"shut": {Until: until(-time.Hour), Balance: &yes, CheckedAt: ago(0)}, "unpaid": {Until: until(time.Hour), Balance: &no, CheckedAt: ago(0)},
	}
}

// fixTemplates are templates of every kind and state.
func fixTemplates() []sellerdesk.RemoteTemplate {
	v := func(name, part, example string) sellerdesk.TemplateVariable {
		return sellerdesk.TemplateVariable{Name: name, Part: part, Format: "text", Example: sellerdesk.Optional(example), MaxLength: 60}
	}
	full := sellerdesk.RemoteTemplate{
		Source: "10", Name: "order_ready", Language: "ru", Category: "UTILITY", Status: sellerdesk.TemplateApproved,
		Header: &sellerdesk.TemplateHeader{Format: "text", Text: "Заказ {{1}} собран"}, Body: "{{1}}, здравствуйте! Ваш заказ собран и ждёт в пункте выдачи {{2}}. Забрать можно до {{3}}.\n\nЕсли планы изменились, просто ответьте на это сообщение.",
		Footer: "Северный ветер", Buttons: []sellerdesk.TemplateButton{{Kind: "url", Text: "Отследить", URL: "https://north.example/track/{{1}}"}, {Kind: "phone", Text: "Позвонить нам", Phone: "+78001234567"}, {Kind: "reply", Text: "Перенести выдачу"}},
		Variables: []sellerdesk.TemplateVariable{v("1", "header", "12345"), v("1", "body", "Анна"), v("2", "body", "на ул. Лесной, 5"), v("3", "body", "3 декабря"), v("1", "button", "12345")},
	}
	return []sellerdesk.RemoteTemplate{
		full,
		{Source: "10", Name: "photo_report", Language: "ru", Category: "UTILITY", Status: sellerdesk.TemplateApproved, Header: &sellerdesk.TemplateHeader{Format: "image"}, Body: "Так выглядит ваш заказ перед отправкой.",
			Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "header", Format: "image"}}},
		{Source: "10", Name: "we_are_back", Language: "en", Category: "MARKETING", Status: sellerdesk.TemplateApproved, Body: "Hello! We are back at work and happy to help."},
		{Source: "10", Name: "black_friday_2026_early_access_for_our_dearest_customers", Language: "ru", Category: "MARKETING", Status: sellerdesk.TemplatePaused, Reason: "Paused for low quality.", ReasonCode: sellerdesk.ReasonTemplate, Body: "Скидки до 40 % только для своих: с пятницы по понедельник на всё, кроме новинок"},
		{Source: "10", Name: "review_request", Language: "ru", Category: "MARKETING", Status: sellerdesk.TemplatePending, Reason: "In review.", ReasonCode: sellerdesk.ReasonTemplate, Body: "Как вам покупка?"},
		{Source: "10", Name: "old_promo", Language: "ru", Category: "MARKETING", Status: sellerdesk.TemplateRejected, Reason: "Rejected.", ReasonCode: sellerdesk.ReasonTemplate, Body: "Распродажа!"},
	}
}

// fixPeople are people who wait, who do not, and who are hard to draw.
func fixPeople() peopleView {
	chats := fixChats()
	talk := func(i int, waits bool) sellerdesk.Conversation {
		c := fixConversation(i)
		if !waits {
			c.NeedsAnswer, c.WaitingSince = false, nil
		}
		return c
	}
	phone := func(s string) []sellerdesk.ContactIdentity {
		return []sellerdesk.ContactIdentity{{Kind: sellerdesk.IdentityPhone, Value: s, Contact: 1}}
	}
	return peopleView{Titles: map[sellerdesk.ChannelKind]string{"gate": "Шлюз", "north": "Площадка", "south": "Рынок", "post": "Почта"}, Next: "x", Items: []sellerdesk.Contact{
		{ID: 1, Name: "Анна Ковалёва", Identities: append(phone("79991234567"), sellerdesk.ContactIdentity{Kind: sellerdesk.IdentityUsername, Network: "telegram", Value: "kovaleva"}), Unanswered: 2, LastAt: ptr(ago(0)), Conversations: []sellerdesk.Conversation{chats[0], chats[1], talk(9, false)}, ConversationCount: 5},
		{ID: 2, Unanswered: 1, Identities: phone("4915112345678"), LastAt: ptr(ago(time.Hour)), Conversations: []sellerdesk.Conversation{chats[2]}, ConversationCount: 1},
		{ID: 3, Name: "Екатерина Константиновна Преображенская-Задунайская, отдел закупок", Identities: phone("79990000003"), LastAt: ptr(ago(2 * time.Hour)), Conversations: []sellerdesk.Conversation{talk(8, false), talk(2, false)}, ConversationCount: 2},
		{ID: 4, Name: "عبد الله", LastAt: ptr(ago(30 * time.Hour)), Conversations: []sellerdesk.Conversation{talk(5, false)}, ConversationCount: 1},
		{ID: 5, LastAt: ptr(ago(300 * time.Hour)), Conversations: []sellerdesk.Conversation{talk(10, false)}, ConversationCount: 1},
	}}
}

// fixPerson is one person with everything that may stand on the page.
func fixPerson() personView {
	list := fixPeople()
	p := personView{Contact: list.Items[0], Titles: list.Titles, Writable: true, Users: map[sellerdesk.UserID]string{2: "Игорь"}, Next: "x"}
	p.Accounts = []sellerdesk.Account{fixGate().Account, fixAccounts()[0].Account, fixAccounts()[1].Account}
	p.Merged = []sellerdesk.MergedContact{{ID: 9, Name: "kovaleva", At: ago(26 * time.Hour)}}
	p.Suggestions = []sellerdesk.ContactSuggestion{{Contact: 12, Name: "Анна К.", Evidence: "phone 79991234567", At: ago(time.Hour)}}
	c := p.Conversations
	author := sellerdesk.AuthorBuyer
	p.Entries = []sellerdesk.ContactEntry{
		{Kind: sellerdesk.EntryNote, At: ago(10 * time.Minute), Note: &sellerdesk.ContactNote{ID: 2, User: ptr(sellerdesk.UserID(1)), Text: "Просит звонить только после шести. Один раз уже возвращали деньги за вмятину, второй раз предложить замену."}},
		{Kind: sellerdesk.EntryConversation, At: ago(70 * time.Minute), Conversation: &c[0]},
		{Kind: sellerdesk.EntryFile, At: ago(80 * time.Minute), Conversation: &c[0], Author: &author, File: &sellerdesk.File{ID: 31, Name: "IMG_2031.jpg", Type: "image/jpeg", State: sellerdesk.FileFetched, Thumbnail: "x", Size: ptr(int64(2311000))}},
		{Kind: sellerdesk.EntryFile, At: ago(90 * time.Minute), Conversation: &c[0], Author: &author, File: &sellerdesk.File{ID: 32, Name: "Акт осмотра.pdf", Type: "application/pdf", State: sellerdesk.FileFetched, Size: ptr(int64(412000))}},
		{Kind: sellerdesk.EntryOrder, At: ago(27 * time.Hour), Conversation: &c[2], Order: "2938475610"},
		{Kind: sellerdesk.EntryConversation, At: ago(28 * time.Hour), Conversation: &c[2]},
		{Kind: sellerdesk.EntryNote, At: ago(50 * time.Hour), Note: &sellerdesk.ContactNote{ID: 1, User: ptr(sellerdesk.UserID(2)), Text: "Постоянная покупательница."}},
		{Kind: sellerdesk.EntryConversation, At: ago(51 * time.Hour), Conversation: &c[1]},
	}
	return p
}
