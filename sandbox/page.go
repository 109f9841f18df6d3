package sandbox

import (
	"embed"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

//go:embed static
var static embed.FS

// What the page asks for at once.
const (
	pageChats    = 60
	pageMessages = 200
	pageReceived = 20
)

// The page's own views of the world; they are no part of the control API.
type (
	chatView struct {
		Conversation string    `json:"conversation"`
		Buyer        string    `json:"buyer"`
		Product      string    `json:"product"`
		Number       int64     `json:"number"`
		Price        int       `json:"price"`
		Size         string    `json:"size"`
		Last         lineView  `json:"last"`
		Messages     int       `json:"messages"`
		Lines        []lineNow `json:"lines,omitempty"`
	}
	lineView struct {
		Text   string `json:"text"`
		At     Moment `json:"at"`
		Author Author `json:"author"`
		Files  int    `json:"files"`
	}
	lineNow struct {
		ID     string     `json:"id"`
		Author Author     `json:"author"`
		Source Source     `json:"source"`
		Text   string     `json:"text"`
		At     Moment     `json:"at"`
		Card   bool       `json:"card"`
		Empty  bool       `json:"empty"`
		Files  []fileView `json:"files"`
	}
	fileView struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Type string `json:"type"`
	}
)

// postView is a question, review or claim.
type postView struct {
	Conversation string     `json:"conversation"`
	Buyer        string     `json:"buyer"`
	Product      string     `json:"product"`
	Number       int64      `json:"number"`
	Price        int        `json:"price"`
	Size         string     `json:"size"`
	Text         string     `json:"text"`
	Pros         string     `json:"pros"`
	Cons         string     `json:"cons"`
	Tags         []string   `json:"tags"`
	Stars        int        `json:"stars"`
	Supplement   bool       `json:"supplement"`
	At           Moment     `json:"at"`
	Files        []fileView `json:"files"`
	Reply        *replyView `json:"reply"`
	Decisions    []string   `json:"decisions"`
}

// cabinetView is a cabinet to choose.
type cabinetView struct {
	API  string `json:"api"`
	Name string `json:"name"`
}

type replyView struct {
	Text    string `json:"text"`
	Verdict string `json:"verdict"`
	State   string `json:"state"` // "checking", "refused" or "shown"
	Edits   int    `json:"edits"`
	At      Moment `json:"at"`
}

// listPosts shows the newest posts of a kind, whole: the page needs no second call for one of them.
func (c control) listPosts(rw http.ResponseWriter, r *http.Request) {
	m, a, err := c.world.addressed(r.FormValue("api"), r.FormValue("account"), Kind(r.FormValue("kind")))
	if err != nil || a.Board(Kind(r.FormValue("kind"))) == nil {
		answer(rw, []postView{}, err)
		return
	}
	found, now := []postView{}, c.world.clock.Now()
	for _, p := range a.Board(Kind(r.FormValue("kind"))).List(Query{Newest: true, Take: pageChats}) {
		v := postView{
			Conversation: m.RemoteID(p.Kind, p.ID), Buyer: p.Buyer.Name, Product: p.Product.Name, Number: p.Product.Number, Price: p.Product.Price,
			Size: p.Size, Text: p.Text, Pros: p.Pros, Cons: p.Cons, Tags: p.Tags, Stars: p.Stars, Supplement: p.Parent != (ID{}), At: Moment{p.At}, Files: []fileView{},
		}
		for _, f := range p.Files {
			v.Files = append(v.Files, fileView{f.ID.String(), f.Name, f.Type})
		}
		if p.Kind == KindClaim {
			v.Decisions = m.Decisions(p)
		}
		if p.Answer != nil {
			v.Reply = &replyView{p.Answer.Text, p.Answer.Verdict, "shown", p.Answer.Edits, Moment{p.Answer.At}}
			if p.Answer.Checking(now) {
				v.Reply.State = "checking"
			} else if p.Answer.Refused {
				v.Reply.State = "refused"
			}
		}
		found = append(found, v)
	}
	answer(rw, found, nil)
}

// page adds the page to play the buyer and what it needs.
func (c control) page(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", c.asset("page.html"))
	mux.HandleFunc("GET /_sandbox/static/page.js", c.asset("page.js"))
	mux.HandleFunc("GET /_sandbox/static/page.css", c.asset("page.css"))
	mux.HandleFunc("GET /_sandbox/static/icon.svg", c.asset("icon.svg"))
	mux.HandleFunc("GET /_sandbox/summary", c.summary)
	mux.HandleFunc("GET /_sandbox/chats", c.listChats)
	mux.HandleFunc("GET /_sandbox/chat", c.showChat)
	mux.HandleFunc("GET /_sandbox/posts", c.listPosts)
	mux.HandleFunc("GET /_sandbox/faults", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, c.world.Faults(), nil) })
	mux.HandleFunc("GET /_sandbox/clock", func(rw http.ResponseWriter, _ *http.Request) {
		answer(rw, map[string]any{"now": Moment{c.world.clock.Now()}, "scale": c.world.clock.Scale()}, nil)
	})
	mux.HandleFunc("GET /_sandbox/files/{id}", c.showFile)
	mux.HandleFunc("GET /_sandbox/products/{name}", c.showProduct)
}

// policy lets the page use nothing but itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (c control) asset(name string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		http.ServeFileFS(rw, r, static, "static/"+name)
	}
}

// summary is the state without what the page does not show, since it asks every second and a half.
func (c control) summary(rw http.ResponseWriter, _ *http.Request) {
	state := c.world.State()
	short := struct {
		Accounts   []string       `json:"accounts"`
		Cabinets   []cabinetView  `json:"cabinets"`
		Received   int            `json:"received"`
		Latest     []Received     `json:"latest"`
		Violations map[string]int `json:"violations"`
		Duplicates int            `json:"duplicates"`
	}{Accounts: []string{}, Cabinets: []cabinetView{}, Received: len(state.Received), Violations: state.Violations, Duplicates: state.Duplicates}
	for _, a := range state.Accounts {
		short.Accounts = append(short.Accounts, a.Name)
		short.Cabinets = append(short.Cabinets, cabinetView{a.API, a.Name})
	}
	short.Latest = state.Received[max(0, len(state.Received)-pageReceived):]
	answer(rw, short, nil)
}

func (c control) listChats(rw http.ResponseWriter, r *http.Request) {
	m, a, err := c.world.addressed(r.FormValue("api"), r.FormValue("account"), KindChat)
	if err != nil {
		answer(rw, nil, err)
		return
	}
	found := []chatView{}
	a.Conversations(func(one Conversation) bool {
		found = append(found, viewOf(m, one))
		return len(found) < pageChats
	})
	answer(rw, found, nil)
}

func viewOf(m *mounted, one Conversation) chatView {
	return chatView{
		Conversation: m.RemoteID(KindChat, one.ID), Buyer: one.Buyer.Name, Product: one.Product.Name, Number: one.Product.Number,
		Price: one.Product.Price, Size: one.Size, Messages: one.Messages,
		Last: lineView{firstRunes(one.Last.Text, 160), Moment{one.Last.At}, one.Last.Author, len(one.Last.Files)},
	}
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

func (c control) showChat(rw http.ResponseWriter, r *http.Request) {
	m, a, err := c.world.addressed(r.FormValue("api"), r.FormValue("account"), KindChat)
	if err != nil {
		answer(rw, nil, err)
		return
	}
	id, err := m.ParseID(KindChat, r.FormValue("conversation"))
	one, ok := a.Conversation(id)
	if err != nil || !ok {
		answer(rw, nil, refuse("no such conversation"))
		return
	}
	view := viewOf(m, one)
	for _, x := range a.History(id, pageMessages) {
		line := lineNow{m.messageID(x.ID), x.Author, x.Source, x.Text, Moment{x.At}, x.Card, x.Empty, []fileView{}}
		for _, f := range x.Files {
			line.Files = append(line.Files, fileView{f.ID.String(), f.Name, f.Type})
		}
		view.Lines = append(view.Lines, line)
	}
	answer(rw, view, nil)
}

// eachAccount calls f for the accounts of all remote sides until it returns true.
func (c control) eachAccount(f func(*Account) bool) bool {
	c.world.mu.RLock()
	var all []*Account
	for _, m := range c.world.apis {
		all = append(all, m.accounts...)
	}
	c.world.mu.RUnlock()
	for _, a := range all {
		if f(a) {
			return true
		}
	}
	return false
}

func (c control) showFile(rw http.ResponseWriter, r *http.Request) {
	id, err := ParseID(r.PathValue("id"))
	if err != nil || !c.eachAccount(func(a *Account) bool {
		f, ok := a.File(id)
		for _, b := range a.boards {
			if !ok {
				f, ok = b.File(id)
			}
		}
		if ok {
			sendContent(rw, f.Type, f.Name, f.Content())
		}
		return ok
	}) {
		problem(rw, http.StatusNotFound, "no such file")
	}
}

func (c control) showProduct(rw http.ResponseWriter, r *http.Request) {
	number, err := strconv.ParseInt(strings.TrimSuffix(r.PathValue("name"), ".png"), 10, 64)
	if err != nil || !c.eachAccount(func(a *Account) bool {
		for _, p := range a.Products() {
			if p.Number == number {
				sendContent(rw, "image/png", r.PathValue("name"), p.Picture())
				return true
			}
		}
		return false
	}) {
		problem(rw, http.StatusNotFound, "no such product")
	}
}

// sendContent shows pictures in the page and lets everything else be saved only.
func sendContent(rw http.ResponseWriter, kind, name string, content []byte) {
	h := rw.Header()
	how := "attachment"
	if strings.HasPrefix(kind, "image/") {
		how = "inline"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=600")
	_, _ = rw.Write(content) // the other side is gone
}
