package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// gateway is a channel of messengers; what it says of windows and templates is set by tests.
type gateway struct {
	mu        sync.Mutex // guards what follows
	window    sellerdesk.Window
	templates []sellerdesk.RemoteTemplate
}

func (*gateway) Check(context.Context) (sellerdesk.Identity, error) {
	return sellerdesk.Identity{Seller: "gate", Name: "Gateway", Sources: []sellerdesk.Source{
		{ID: "10", Name: "Shop line", Network: "whatsapp", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone}, Templates: true},
		{ID: "11", Name: "Support", Network: "telegram", By: []sellerdesk.ChatSubject{sellerdesk.ChatWithPhone, sellerdesk.ChatWithUsername}},
		{ID: "12", Name: "Bot", Network: "telegram"},
	}}, nil
}

func (*gateway) Streams() []channel.Stream {
	return []channel.Stream{{Name: "chats", Every: time.Minute}}
}

func (*gateway) Pull(context.Context, string, sellerdesk.Cursor) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{}, nil
}

func (*gateway) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

func (g *gateway) Window(context.Context, sellerdesk.RemoteRef) (sellerdesk.Window, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.window, nil
}

func (g *gateway) Templates(context.Context) ([]sellerdesk.RemoteTemplate, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.templates, nil
}

func (*gateway) Subscribe(context.Context, string) error { return nil }

func (g *gateway) driver() channel.Driver {
	title := func(s string) map[sellerdesk.Language]string { return map[sellerdesk.Language]string{"en": s, "ru": s} }
	length := 4096
	return channel.Driver{
		Kind: "gate", Title: "Gateway", Fields: servertest.Driver().Fields,
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{sellerdesk.KindChat: {
			{Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{{Value: "phone", Title: title("By phone")}, {Value: "username", Title: title("By user name")}}},
			{Action: sellerdesk.ActionReply, MaxLength: &length, Interactive: &sellerdesk.InteractiveLimits{
				Body: 1024, Header: 60, Footer: 60, Buttons: 3, ButtonTitle: 20, Sections: 10, Rows: 10, RowTitle: 24, Description: 72}},
			{Action: sellerdesk.ActionTemplate},
		}},
		Ack:  func(sellerdesk.Push) channel.Reply { return channel.Reply{Status: http.StatusOK, Keep: true} },
		Open: func(channel.Settings) (channel.Connector, error) { return g, nil },
	}
}

// gate is a house with an account of messengers, which is that of the house.
func gate(tb testing.TB) (*servertest.House, *gateway) {
	tb.Helper()
	g := &gateway{templates: []sellerdesk.RemoteTemplate{{
		Source: "10", Name: "order_ready", Language: "en", Status: sellerdesk.TemplateApproved, Category: "UTILITY",
		Header: &sellerdesk.TemplateHeader{Format: "text", Text: "Order {{1}}"}, Body: "{{1}}, your order is ready.", Footer: "North",
		Buttons:   []sellerdesk.TemplateButton{{Kind: "reply", Text: "Thanks"}},
		Variables: []sellerdesk.TemplateVariable{{Name: "1", Part: "header", MaxLength: 20, Example: "4711"}, {Name: "1", Part: "body", MaxLength: 40, Example: "Anna"}},
	}, {
		Source: "10", Name: "old_promo", Language: "en", Status: sellerdesk.TemplatePaused, Body: "Sale!", Reason: "Paused by the messenger.", ReasonCode: sellerdesk.ReasonTemplate,
	}, {
		Source: "10", Name: "we_are_back", Language: "en", Status: sellerdesk.TemplateApproved, Body: "We are back.",
	}}}
	var d *desk.Desk
	var roster *channel.Roster
	h := house(tb, func(deps *server.Deps) {
		deps.LoopbackSession, roster = true, deps.Roster
		d = desk.New(desk.Deps{Store: deps.Store, Roster: deps.Roster, Drivers: []channel.Driver{servertest.Driver(), g.driver()}, Media: deps.Media, Clock: deps.Clock})
		deps.Desk = d
	})
	h.Desk = d
	a, err := d.Accounts.Add(tb.Context(), desk.AddAccount{Channel: "gate", Name: "Messengers", Credentials: map[string]sellerdesk.Secret{"token": "t"}})
	if err != nil {
		tb.Fatal(err)
	}
	h.Account = a
	roster.Put(a.ID, g)
	return h, g
}

// writes lets a buyer write in a chat of a messenger.
func writes(tb testing.TB, h *servertest.House, remote sellerdesk.RemoteID, buyer sellerdesk.Buyer, name string, window *sellerdesk.Window, back int, text string) sellerdesk.Conversation {
	tb.Helper()
	at := sellerdesk.At(minutes(back))
	source := map[string]sellerdesk.Optional{"whatsapp": "10", "telegram": "11"}[buyer.Network]
	return h.Hear(tb, sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindChat, RemoteID: remote, BuyerName: &name, Buyer: &buyer, Window: window, CreatedAt: &at, UpdatedAt: &at,
		Chat: &sellerdesk.Chat{Network: sellerdesk.Optional(buyer.Network), Source: source, Phone: sellerdesk.Optional(buyer.Phone), Username: sellerdesk.Optional(buyer.Username)},
	}, sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: remote, RemoteID: remote + "-" + sellerdesk.RemoteID(fmt.Sprint(back)), Author: sellerdesk.AuthorBuyer, Text: text, At: at,
	})
}

// window is one that ends so long after the present of the house.
func window(left time.Duration) *sellerdesk.Window {
	until := sellerdesk.At(servertest.Start().Add(left))
	return &sellerdesk.Window{Until: &until, CheckedAt: sellerdesk.At(servertest.Start())}
}

var anna = sellerdesk.Buyer{Phone: "79990000001", Network: "whatsapp"}

func TestTheWindowIsSpokenOfBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	open := writes(t, h, "1", anna, "Anna", window(3*time.Hour+12*time.Minute), 9, "Hello")
	shut := writes(t, h, "2", anna, "Anna", window(-time.Minute), 8, "Hello?")
	unpaid := window(time.Hour)
	no := false
	unpaid.Balance = &no
	poor := writes(t, h, "3", anna, "Anna", unpaid, 7, "Anybody?")
	v := enter(t, h)
	v.get(address(open)).has(t, http.StatusOK, "Window open for 3\u00a0h 12\u00a0min more", `data-window="open"`, `data-template="yes"`, "&#34;buttons&#34;:3", "WhatsApp · Shop line", "net-whatsapp", "+7\u00a0999\u00a0000-00-01")
	v.get(address(shut)).has(t, http.StatusOK, "Window closed: templates only", `data-window="shut"`, `data-template="yes"`, `data-interactive=""`).lacks(t, "No reply possible")
	v.get(address(poor)).has(t, http.StatusOK, "The balance of the messenger is used up", `data-template="no"`)
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.get(address(open)).has(t, http.StatusOK, "Окно открыто ещё 3\u00a0ч 12\u00a0мин")
	v.get(address(shut)).has(t, http.StatusOK, "Окно закрыто: можно отправить только шаблон")
	h.Later(4 * time.Hour)
	v.get(address(open)).has(t, http.StatusOK, `data-window="shut"`, `data-stale="yes"`)
}

func TestNobodyIsAskedToEnterAnAddressThatTheProgramRegisters(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	v := enter(t, h)
	page := fmt.Sprintf("/accounts/%d", h.Account.ID)
	v.get(page).has(t, http.StatusOK, "registers its address there by itself", "public-url").
		lacks(t, "Address for the marketplace", "seller cabinet", "needs an https address")
	if a := visit(t, h).do(http.MethodPost, h.Account.Push.Address, url.Values{"hello": {"there"}}); a.status != http.StatusOK {
		t.Fatalf("the push was answered with %d", a.status)
	}
	v.get(page).has(t, http.StatusOK, "They arrive", "registers its address there by itself").lacks(t, "public-url")
}

func TestAWindowThatIsOldIsAskedAgain(t *testing.T) {
	t.Parallel()
	h, g := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(-time.Hour), 9, "Hello")
	h.Later(time.Minute)
	g.mu.Lock()
	g.window = *window(2 * time.Hour)
	g.mu.Unlock()
	v := enter(t, h)
	v.get(address(c)).has(t, http.StatusOK, `data-window="shut"`, `data-stale="yes"`)
	v.get("/ui"+address(c)+"/window").has(t, http.StatusOK, `hx-target="#composer-note"`, `data-window="open"`, "1\u00a0h 59\u00a0min")
	v.get(address(c)).has(t, http.StatusOK, `data-window="open"`)
}

func TestTemplatesAreChosenAndFilledIn(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(-time.Hour), 9, "Hello")
	v := enter(t, h)
	list := "/ui" + address(c) + "/templates"
	a := v.get(list)
	a.has(t, http.StatusOK, "order_ready", "Approved", "Utility", "{{1}}, your order is ready.", "Paused by the messenger.", `class="template-row" disabled`)
	if first, last := strings.Index(a.body, "we_are_back"), strings.Index(a.body, "old_promo"); first > last {
		t.Error("what cannot be sent does not stand last")
	}
	v.get(list+"?name=order_ready&language=en").has(t, http.StatusOK, "Header {{1}}", "Text {{1}}", "For example: Anna", `data-fills="0"`, `data-fills="1"`, "As the buyer sees it", "Thanks", "North")
	v.get(list+"?name=nothing&language=en").has(t, http.StatusNotFound)
	send := "/ui" + address(c) + "/messages"
	v.post(send, url.Values{"text": {"Hello"}}).has(t, http.StatusConflict)
	v.post(send, url.Values{"template": {`{"name":"order_ready","language":"en","variables":["4711",""]}`}}).has(t, http.StatusUnprocessableEntity, "{{1}} of the body")
	v.post(send, url.Values{"template": {`{`}}).has(t, http.StatusUnprocessableEntity)
	v.post(send, url.Values{"template": {`{"name":"old_promo","language":"en","variables":[]}`}}).has(t, http.StatusConflict, "Paused by the messenger.")
	v.post(send, url.Values{"template": {`{"name":"order_ready","language":"en","variables":["4711","Anna"]}`}, "key": {"k"}}).
		has(t, http.StatusOK, "Anna, your order is ready.", "Template order_ready")
	if got := actions(t, h, c); len(got) != 1 || got[0].(sellerdesk.SendTemplate).Text != "Order 4711\nAnna, your order is ready.\nNorth" {
		t.Errorf("on its way: %+v", got)
	}
}

func TestButtonsAreJudgedByTheServerToo(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(time.Hour), 9, "Hello")
	v := enter(t, h)
	forms := "/ui" + address(c) + "/interactive?kind="
	v.get(forms+"buttons").has(t, http.StatusOK, `data-buttons="3"`, `data-most="20"`)
	v.get(forms+"menu").has(t, http.StatusOK, `data-rows="10"`, `data-most="72"`)
	v.get(forms+"product_list").has(t, http.StatusConflict, "not supported")
	send := "/ui" + address(c) + "/messages"
	v.post(send, url.Values{"interactive": {`{"kind":"product","body":"Buy"}`}}).has(t, http.StatusUnprocessableEntity, "product", "not supported")
	v.post(send, url.Values{"interactive": {`{"kind":"buttons","body":"When?","buttons":["A","A"]}`}}).has(t, http.StatusUnprocessableEntity, "Two buttons say")
	v.post(send, url.Values{"interactive": {`{"kind":"buttons","body":"When?","header":"Delivery","buttons":["Today","Tomorrow"]}`}, "key": {"k"}}).
		has(t, http.StatusOK, "When?", "Delivery", "Tomorrow", "form-choices")
	if got := actions(t, h, c); len(got) != 1 || len(got[0].(sellerdesk.Reply).Interactive.Buttons) != 2 {
		t.Errorf("on its way: %+v", got)
	}
	shop := h.Hear(t, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: "plain", Offers: &[]sellerdesk.Offer{{Action: sellerdesk.ActionTemplate}}})
	v.get("/ui"+address(shop)+"/interactive?kind=menu").has(t, http.StatusConflict)
}

func TestATemplateIsSentInAShutWindowFromTheBrowser(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(-time.Hour), 9, "Hello")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(c))
	b.until("the templates stand in the place of the text", `document.querySelector("#composer").hidden && !document.querySelector("#panel").hidden && document.querySelectorAll(".template-row").length === 3`)
	b.shot("chooser")
	b.do("look for one", chromedp.SendKeys(`[data-find-template]`, "ready"))
	b.until("it is found", `document.querySelectorAll("#template-list > li:not([hidden])").length === 1`)
	b.do("take it", chromedp.SendKeys(`[data-find-template]`, "\r"))
	b.until("its form", `document.activeElement.matches("[data-variable='0']")`)
	b.do("fill in one", chromedp.SendKeys(`[data-variable="0"]`, "4711"))
	b.until("the preview follows", `document.querySelector(".preview-header").innerText === "Order 4711" && document.querySelector(".preview-body").innerText.includes("{{1}}")`)
	b.do("send too early, by a key", chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.until("the cursor goes to what is missing", `document.activeElement.matches("[data-variable='1'][aria-invalid]")`)
	b.until("which is named and stays so", `document.querySelector(".field:has([data-variable='1']) .field-error").innerText.includes("{{1}}")`)
	b.shot("missing")
	b.do("fill in the other and send", chromedp.SendKeys(`[data-variable="1"]`, "Anna"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.until("it is there", `document.querySelector("#recent .ours .text")?.innerText.includes("Anna, your order is ready.") && document.querySelector("#recent .form-mark").innerText.includes("order_ready")`)
	b.until("the templates are back", `document.querySelectorAll(".template-row").length === 3`)
	b.shot("sent")
	want := sellerdesk.SendTemplate{Template: sellerdesk.TemplateUse{Name: "order_ready", Language: "en", Variables: []string{"4711", "Anna"}}, Text: "Order 4711\nAnna, your order is ready.\nNorth"}
	if diff := cmp.Diff([]sellerdesk.Action{want}, actions(t, h, c)); diff != "" {
		t.Error(diff)
	}
}

func TestTheNewestMessageStaysInViewAboveTheTemplates(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	var c sellerdesk.Conversation
	for i := range 20 {
		c = writes(t, h, "1", anna, "Anna", window(-time.Hour), 60-i, fmt.Sprintf("Word %d", i))
	}
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(c))
	left := `((m) => m.scrollHeight - m.clientHeight - m.scrollTop)(document.querySelector("#messages"))`
	b.until("the templates", `document.querySelectorAll(".template-row").length === 3`)
	b.until("the newest above them", `document.querySelector("#messages").scrollTop > 0 && `+left+` < 2`)
	// The event of an own scroll that comes when the box has shrunk meanwhile.
	value[bool](b, `((m) => { document.querySelector("#panel").style.minHeight = "420px"; m.scrollTop += 1; return m.dispatchEvent(new Event("scroll")); })(document.querySelector("#messages"))`)
	b.until("also when they need more room", left+` < 2 && document.querySelector("#panel").clientHeight > 400`)
	value[bool](b, `((m) => { m.scrollTop -= 300; return true; })(document.querySelector("#messages"))`)
	b.until("who reads above", `document.querySelector("#messages").dataset.end === "no"`)
	writes(t, h, "1", anna, "Anna", window(-time.Hour), 0, "And now?")
	b.until("is told of what comes", `!document.querySelector("#scroll-down").hidden && document.querySelector("#recent").innerText.includes("And now?")`)
	if n := value[float64](b, left); n < 100 {
		t.Errorf("who reads above was taken to the end: %v px are left", n)
	}
}

func TestTheWindowShutsUnderTheHandAndNothingIsLost(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(5*time.Second), 9, "Hello")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(c))
	b.until("seconds are counted", `/ [1-5]\u00a0с$/.test(document.querySelector("#window span").innerText)`)
	b.do("write", chromedp.SendKeys(`#composer textarea`, "Half a sent"))
	h.Later(6 * time.Second) // the clock of the house stands still, that of the browser does not
	b.until("the text gives way to the templates", `document.querySelector("#composer").hidden && document.querySelectorAll(".template-row").length === 3`)
	b.until("and says that it is kept", `!document.querySelector(".draft-kept").hidden`)
	b.shot("shut")
	writes(t, h, "1", anna, "Anna", window(24*time.Hour), 0, "Still there?")
	b.until("the text is back", `!document.querySelector("#composer").hidden && document.querySelector("#panel").hidden && document.querySelector("#composer textarea").value === "Half a sent"`)
}

func TestButtonsAndAMenuAreComposedInABrowser(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(time.Hour), 9, "Hello")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(address(c))
	b.do("buttons", chromedp.Click(`#composer [data-panel=buttons]`))
	b.until("the form", `document.activeElement.matches("[data-part=body]")`)
	part := func(name string, i int) string {
		return fmt.Sprintf(`[...document.querySelectorAll("#panel form [data-part=%s]")][%d]`, name, i)
	}
	put := func(name string, i int, text string) {
		value[bool](b, fmt.Sprintf(`((e) => { e.value = %q; return e.dispatchEvent(new Event("input", {bubbles: true})); })(%s)`, text, part(name, i)))
	}
	b.do("write", chromedp.SendKeys(`[data-part=body]`, "When?"))
	put("button", 0, "Today")
	put("button", 1, strings.Repeat("x", 21))
	b.until("too long is said while typing", `document.querySelector("#panel .composer-error").innerText !== "" && document.querySelector("#panel .counter.over").innerText === "21/20"`)
	put("button", 1, "Today")
	b.until("so is the same twice", `document.querySelector("#panel .composer-error").innerText.includes("одинаково")`)
	put("button", 1, "Tomorrow")
	b.until("the preview shows them", `[...document.querySelectorAll(".preview-button")].map((e) => e.innerText.trim()).join() === "Today,Tomorrow"`)
	b.shot("buttons")
	b.do("send", chromedp.Click(`#panel .send`))
	b.until("they are there", `document.querySelectorAll("#recent .form-choices li").length === 2 && document.querySelector("#panel").hidden && !document.querySelector("#composer").hidden`)
	b.do("a menu", chromedp.Click(`#composer [data-panel=menu]`))
	b.until("its form", `document.activeElement.matches("[data-part=body]")`)
	b.do("write, and leave it", chromedp.SendKeys(`[data-part=body]`, "Choose"), chromedp.KeyEvent("\x1b"))
	b.until("the text is back, in the same conversation", `document.querySelector("#panel").hidden && document.activeElement === document.querySelector("#composer textarea") && document.querySelector("#inbox").dataset.open !== ""`)
	b.do("back to the menu", chromedp.Click(`#composer [data-panel=menu]`))
	b.until("what was written waits", `document.activeElement.matches("[data-part=body]") && document.activeElement.value === "Choose"`)
	b.do("write", chromedp.SendKeys(`[data-part=body]`, " a time"))
	put("row", 0, "Nine")
	b.do("send too early", chromedp.Click(`#panel .send`))
	b.until("the empty row is named", `document.activeElement === `+part("row", 1))
	b.do("another section", chromedp.Click(`[data-add=section]`))
	put("section", 0, "Morning")
	put("section", 1, "Evening")
	put("row", 1, "Ten")
	put("row", 2, "Eight")
	b.shot("menu")
	b.do("send", chromedp.Click(`#panel .send`))
	b.until("it is there", `document.querySelector("#recent .form-menu") !== null`)
	got := actions(t, h, c)
	want := &sellerdesk.Interactive{Kind: sellerdesk.InteractiveMenu, Body: "Choose a time", Menu: &sellerdesk.Menu{Button: "Выбрать", Sections: []sellerdesk.MenuSection{
		{Title: "Morning", Rows: []sellerdesk.MenuRow{{Title: "Nine"}, {Title: "Ten"}}}, {Title: "Evening", Rows: []sellerdesk.MenuRow{{Title: "Eight"}}},
	}}}
	if len(got) != 2 {
		t.Fatalf("on their way: %+v", got)
	}
	if diff := cmp.Diff(want, got[0].(sellerdesk.Reply).Interactive); diff != "" {
		t.Error(diff)
	}
}
