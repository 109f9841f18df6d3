package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/faring"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/labelling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/searching"
	"github.com/sellerdesk/sellerdesk/internal/server/web/talking"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// pageRows and pageMessages are how much one page of the list and of a
	// conversation holds.
	pageRows     = 50
	pageMessages = 50
	// pageActions is how many actions of ours are looked at to tell how they went.
	pageActions = 20
	// maxRecent is how many messages of an open conversation are kept live.
	maxRecent = 200
	// maxChanged is how many rows one refresh looks at.
	maxChanged = 100
)

// inboxScreens are the list, the open conversation and what is done with it.
type inboxScreens struct{ *screens }

func (s inboxScreens) mount() {
	s.person("GET /{$}", s.inbox)
	s.person("GET /conversations/{id}", s.conversation)
	s.person("GET /ui/list", s.list)
	s.person("GET /ui/rows", s.rows)
	s.person("GET /ui/refresh", s.refresh)
	s.person("GET /ui/conversations/{id}/messages", s.older)
	s.person("GET /ui/conversations/{id}/newer", s.newer)
	s.person("POST /ui/conversations/{id}/messages", s.reply)
	s.person("GET /ui/conversations/{id}/templates", s.templates)
	s.person("GET /ui/conversations/{id}/interactive", s.interactive)
	s.person("GET /ui/conversations/{id}/window", s.lookAtWindow)
	s.person("POST /ui/conversations/{id}/actions/{action}", s.act)
	s.person("POST /ui/messages/{id}/{action}", s.actOnMessage)
}

// inbox is the page without an open conversation.
func (s inboxScreens) inbox(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if to := labelling.Elsewhere(r); to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.panes(w, r, user, 0)
}

// conversation opens one: as a fragment beside the list, or as the whole page.
func (s inboxScreens) conversation(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	if err := s.desk.Notifications.Seen(r.Context(), open); err != nil {
		return err
	}
	if !isFragment(r) {
		return s.panes(w, r, user, open)
	}
	v := s.view(r, user)
	var t *threadView
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		t, err = s.thread(r.Context(), tx, v, open, readList(r.URL.Query()), 0)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, threadFragment(v, t))
}

// panes is the whole page of the inbox.
func (s inboxScreens) panes(w http.ResponseWriter, r *http.Request, user sellerdesk.User, open sellerdesk.ConversationID) error {
	v := s.view(r, user)
	state := readList(r.URL.Query())
	state.Open, state.Cursor = open, ""
	var l listView
	var t *threadView
	var seq int64
	err := s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if l, err = s.readRows(r.Context(), tx, v, state); err != nil {
			return err
		}
		if open != 0 {
			if t, err = s.thread(r.Context(), tx, v, open, state, 0); err != nil {
				return err
			}
		}
		seq, err = last(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, inboxPage(v, l, t, seq))
}

// list is the left pane after a change of filter, order or account.
func (s inboxScreens) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.listPart(w, r, user, func(v *View, l listView) error {
		return s.show(w, r, http.StatusOK, listPane(v, l))
	})
}

// rows is the next page of the list.
func (s inboxScreens) rows(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.listPart(w, r, user, func(v *View, l listView) error {
		return s.show(w, r, http.StatusOK, rowsPage(v, l))
	})
}

func (s inboxScreens) listPart(w http.ResponseWriter, r *http.Request, user sellerdesk.User, show func(*View, listView) error) error {
	v := s.view(r, user)
	state := readList(r.URL.Query())
	state.Open = queryID[sellerdesk.ConversationID](r.URL.Query(), "open")
	var l listView
	err := s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		l, err = s.readRows(r.Context(), tx, v, state)
		return err
	})
	if err != nil {
		return err
	}
	return show(v, l)
}

// refresh is everything on the page that a burst of events touched.
type refresh struct {
	List   listView
	Whole  bool                      // the whole first page of the list is drawn again
	Rows   []sellerdesk.Conversation // rows that are on the page, where not
	Above  []sellerdesk.ConversationID
	Thread *threadView // nil: none is open
}

// refresh answers with the touched parts. The browser tells which rows it has
// (rows), which changed conversations it does not have (new), which one is open
// and from which message on it shows it (open, from).
func (s inboxScreens) refresh(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v, q, ctx := s.view(r, user), r.URL.Query(), r.Context()
	state := readList(q)
	state.Open, state.Cursor = queryID[sellerdesk.ConversationID](q, "open"), ""
	f := refresh{Whole: q.Get("whole") == "yes"}
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		if f.List, err = s.readFrame(ctx, tx, v, state); err != nil {
			return err
		}
		if f.Whole {
			err = s.readItems(ctx, tx, v, &f.List)
		} else {
			err = s.readChanged(ctx, tx, v, &f, q)
		}
		if err != nil || state.Open == 0 {
			return err
		}
		from := queryID[sellerdesk.MessageID](q, "from")
		f.Thread, err = s.thread(ctx, tx, v, state.Open, state, from)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			f.Thread, err = nil, nil // its account was removed meanwhile
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, refreshed(v, f))
}

// readChanged reads the rows that changed and counts what is new. After a break
// in the stream the browser does not know what it missed and asks for a look at
// the first page (look).
func (s inboxScreens) readChanged(ctx context.Context, tx *store.Tx, v *View, f *refresh, q url.Values) error {
	var err error
	if f.Rows, err = conversations(ctx, tx, v.User.ID, queryIDs(q, "rows")); err != nil {
		return err
	}
	asked, look := queryIDs(q, "new"), q.Get("look") == "yes"
	if len(asked) == 0 && !look {
		return nil
	}
	// What changed further down than the first page is no news above it.
	first := f.List
	if err := s.readItems(ctx, tx, v, &first); err != nil {
		return err
	}
	for _, c := range first.Items {
		shown := slices.ContainsFunc(f.Rows, func(r sellerdesk.Conversation) bool { return r.ID == c.ID })
		if !shown && (look || slices.Contains(asked, c.ID)) {
			f.Above = append(f.Above, c.ID)
		}
	}
	return nil
}

// conversations reads some by their ids; those that are gone are left out.
func conversations(ctx context.Context, tx *store.Tx, user sellerdesk.UserID, ids []sellerdesk.ConversationID) ([]sellerdesk.Conversation, error) {
	var out []sellerdesk.Conversation
	for _, id := range ids {
		c, err := tx.Conversations.Get(ctx, id, user)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// readRows reads one page of the list with all that stands around it.
func (s inboxScreens) readRows(ctx context.Context, tx *store.Tx, v *View, state listState) (listView, error) {
	l, err := s.readFrame(ctx, tx, v, state)
	if err != nil {
		return l, err
	}
	return l, s.readItems(ctx, tx, v, &l)
}

// readFrame reads what stands around the rows: counters and accounts.
func (s inboxScreens) readFrame(ctx context.Context, tx *store.Tx, v *View, state listState) (listView, error) {
	l := listView{listState: state, Titles: s.titles()}
	var err error
	if v.Counters, err = tx.Conversations.Counters(ctx, v.User.ID, nil); err != nil {
		return l, err
	}
	if v.Bell, err = talking.Unread(ctx, tx, v.User.ID); err != nil {
		return l, err
	}
	if l.Accounts, err = tx.Accounts.List(ctx); err != nil {
		return l, err
	}
	if l.Names, err = tx.Teams.Names(ctx); err != nil {
		return l, err
	}
	if l.Own, err = handling.Own(ctx, tx, v.User.ID); err != nil {
		return l, err
	}
	for _, a := range l.Accounts {
		if faring.NeedsPerson(a, v.Now) {
			l.Warnings = append(l.Warnings, a)
		}
	}
	return l, nil
}

// readItems reads the rows.
func (s inboxScreens) readItems(ctx context.Context, tx *store.Tx, v *View, l *listView) error {
	yes := true
	open := []sellerdesk.ConversationStatus{sellerdesk.ConversationOpen}
	q := store.ConversationQuery{User: v.User.ID, Cursor: l.Cursor, Limit: pageRows, Sort: store.SortUpdated}
	if l.Order == orderWaiting {
		q.Sort = store.SortWaiting
	}
	if l.Account != 0 {
		q.Accounts = []sellerdesk.AccountID{l.Account}
	}
	l.Narrow(&q, v.Zone)
	if err := labelling.Narrow(ctx, tx, v.frame(), &l.narrowing, &q); err != nil {
		return err
	}
	handling.Narrow(l.Filter, v.User.ID, &q)
	switch l.Filter {
	case filterNeedsAnswer:
		q.NeedsAnswer, q.Statuses = &yes, open
	case filterUnread:
		q.Unread = &yes
	case filterClosed:
		q.Statuses = []sellerdesk.ConversationStatus{sellerdesk.ConversationClosed, sellerdesk.ConversationArchived}
	}
	var err error
	l.Items, l.Next, err = tx.Conversations.List(ctx, q)
	return err
}

// thread reads an open conversation: its newest page, or everything from the
// given message on.
func (s inboxScreens) thread(ctx context.Context, tx *store.Tx, v *View, open sellerdesk.ConversationID, state listState, from sellerdesk.MessageID) (*threadView, error) {
	state.Open = open
	t := &threadView{BackTo: state.with("", ""), Place: state.Place}
	v.Found = t.Marker()
	var err error
	if t.Conversation, err = tx.Conversations.Get(ctx, open, v.User.ID); err != nil {
		return nil, err
	}
	if t.Account, err = tx.Accounts.Get(ctx, t.Conversation.Account); err != nil {
		return nil, err
	}
	t.Budget = s.deps.Roster.Budget(t.Account.ID)
	t.Titles = s.titles()
	t.ChannelTitle = t.title(t.Conversation.Channel)
	limit := pageMessages
	if from != 0 || t.At != 0 && t.reads() {
		limit = maxRecent
	}
	if t.Messages, t.Older, err = tx.Messages.List(ctx, open, "", limit); err != nil {
		return nil, err
	}
	newest := t.Messages // of which what is written is told apart later, whatever part is shown
	if !t.reads() {
		list, older, newer, err := t.Passage(ctx, tx, open, t.Messages, pageMessages)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			t.Messages, t.Older, t.Newer = list, older, newer
		}
	}
	slices.Reverse(t.Messages)
	v.narrow(t)
	for i, m := range t.Messages {
		if m.ID == from {
			t.Messages = t.Messages[i:]
			break
		}
	}
	if t.reads() || opening(t.Conversation) {
		if t.Actions, err = tx.Outbox.Latest(ctx, open, pageActions); err != nil {
			return nil, err
		}
	}
	if t.People, err = colleagues(ctx, tx, v, *t); err != nil {
		return nil, err
	}
	if t.Names, err = tx.Teams.Names(ctx); err != nil {
		return nil, err
	}
	if t.Summary, err = summary(ctx, tx, t.Conversation); err != nil {
		return nil, err
	}
	if t.Templates, err = usedTemplates(ctx, tx, *t); err != nil {
		return nil, err
	}
	if t.Fields, err = labelling.OfConversation(ctx, tx, t.Conversation); err != nil {
		return nil, err
	}
	if t.Side, err = talking.Read(ctx, tx, s.server.Presence, t.Conversation, v.User.ID, t.Messages); err != nil {
		return nil, err
	}
	for _, m := range newest {
		t.Side.Newest = max(t.Side.Newest, m.ID)
	}
	t.Person, err = person(ctx, tx, v, t.Conversation)
	return t, err
}

// person reads who writes in a conversation; nil when nothing is known.
func person(ctx context.Context, tx *store.Tx, v *View, c sellerdesk.Conversation) (*sellerdesk.Contact, error) {
	if c.Contact == nil {
		return nil, nil
	}
	p, err := tx.Contacts.Get(ctx, *c.Contact, v.User.ID)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return nil, nil
	}
	return &p, err
}

// colleagues reads the names of those of us, beside the viewer, who spoke or
// acted on a page of a conversation, in one query.
func colleagues(ctx context.Context, tx *store.Tx, v *View, t threadView) (map[sellerdesk.UserID]string, error) {
	var ids []sellerdesk.UserID
	add := func(user *sellerdesk.UserID) {
		if user != nil && *user != v.User.ID && !slices.Contains(ids, *user) {
			ids = append(ids, *user)
		}
	}
	for _, m := range t.Messages {
		add(m.User)
	}
	for _, i := range t.Actions {
		add(i.User)
	}
	return tx.Users.Names(ctx, ids)
}

// summary reads what is known about the product of a conversation; nil when
// nothing is.
func summary(ctx context.Context, tx *store.Tx, c sellerdesk.Conversation) (*sellerdesk.ProductSummary, error) {
	if c.Product == nil || c.Product.ID == "" {
		return nil, nil
	}
	s, err := tx.Products.Summary(ctx, c.Product.ID, c.Account)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return nil, nil
	}
	return &s, err
}

// older is the page of messages before those on the screen.
func (s inboxScreens) older(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.further(w, r, user, func(ctx context.Context, tx *store.Tx, t *threadView) (err error) {
		t.Messages, t.Older, err = tx.Messages.List(ctx, t.Conversation.ID, r.URL.Query().Get("cursor"), pageMessages)
		return err
	}, olderPage)
}

// further answers with a page of messages that read gives, newest first.
func (s inboxScreens) further(w http.ResponseWriter, r *http.Request, user sellerdesk.User, read func(context.Context, *store.Tx, *threadView) error, draw func(*View, threadView) templ.Component) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	v := s.view(r, user)
	t := threadView{Place: searching.ReadPlace(r.URL.Query())}
	v.Found = t.Marker()
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if t.Conversation, err = tx.Conversations.Get(r.Context(), open, user.ID); err != nil {
			return err
		}
		if err = read(r.Context(), tx, &t); err != nil {
			return err
		}
		if t.People, err = colleagues(r.Context(), tx, v, t); err != nil {
			return err
		}
		t.Side, err = talking.ReadNotes(r.Context(), tx, t.Conversation, t.Messages)
		return err
	})
	if err != nil {
		return err
	}
	slices.Reverse(t.Messages)
	v.narrow(&t)
	return s.show(w, r, http.StatusOK, draw(v, t))
}

// queryID reads an id of ours from an address; zero when there is none.
func queryID[T ~int64](q url.Values, name string) T {
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return T(n)
}

// queryIDs reads a list of ids with commas, cut to what one refresh looks at.
func queryIDs(q url.Values, name string) []sellerdesk.ConversationID {
	var out []sellerdesk.ConversationID
	for part := range strings.SplitSeq(q.Get(name), ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil && n > 0 && len(out) < maxChanged {
			out = append(out, sellerdesk.ConversationID(n))
		}
	}
	return out
}

func joinIDs(list []sellerdesk.ConversationID) string {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = id(n)
	}
	return strings.Join(parts, ",")
}
