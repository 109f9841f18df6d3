package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	narrowed "github.com/sellerdesk/sellerdesk/internal/server/web/narrowing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/searching"
)

// The filters and orders of the list, as they stand in addresses.
const (
	filterNeedsAnswer = "needs_answer"
	filterUnread      = "unread"
	filterAll         = "all"
	filterClosed      = "closed"

	orderWaiting = "waiting"
	orderNewest  = "newest"
)

// listState is what the address says about the list.
type listState struct {
	Filter  string
	Order   string
	Account sellerdesk.AccountID // 0: all
	Cursor  string
	Open    sellerdesk.ConversationID // 0: none
	searching.Place
	narrowing
}

// listView is the left pane.
type listView struct {
	listState
	Items    []sellerdesk.Conversation
	Next     string // cursor of the next page
	Accounts []sellerdesk.Account
	Warnings []sellerdesk.Account // those that need a person
	Titles   map[sellerdesk.ChannelKind]string
	Names    handling.Names // of whom rows belong to
	Own      sellerdesk.Standby
}

// waits tells whether the list is of those who wait for an answer.
func (s listState) waits() bool { return s.Filter == filterNeedsAnswer || handling.Waits(s.Filter) }

// readList takes the state of the list from an address; what is not understood
// is as if it were absent.
func readList(q url.Values) listState {
	s := listState{Filter: filterNeedsAnswer, Order: orderWaiting, Cursor: q.Get("cursor"), Place: searching.ReadPlace(q), narrowing: narrowed.Read(q)}
	switch f := q.Get("filter"); f {
	case filterUnread, filterAll, filterClosed, handling.Mine, handling.Unassigned, handling.Snoozed:
		s.Filter = f
	}
	if s.Answered == "yes" && s.waits() {
		s.Filter = filterAll // hardly anything is both
	}
	if !s.waits() {
		s.Order = orderNewest
	}
	switch o := q.Get("sort"); o {
	case orderNewest, orderWaiting:
		s.Order = o
	}
	if n, err := strconv.ParseInt(q.Get("account"), 10, 64); err == nil && n > 0 {
		s.Account = sellerdesk.AccountID(n)
	}
	return s
}

// query is the state as the query of an address, without what is the default.
func (s listState) query() url.Values {
	q := url.Values{}
	usual := orderWaiting
	if s.Filter != filterNeedsAnswer {
		q.Set("filter", s.Filter)
	}
	if !s.waits() {
		usual = orderNewest
	}
	if s.Order != usual {
		q.Set("sort", s.Order)
	}
	if s.Account != 0 {
		q.Set("account", id(s.Account))
	}
	s.Put(q)
	return q
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// with is the address of the same list with one thing changed.
func (s listState) with(name, value string) string {
	switch name {
	case "filter":
		s.Filter, s.View = value, 0
		s.Order = orderNewest
		if s.waits() {
			s.Order = orderWaiting
		}
	case "sort":
		s.Order = value
	case "account":
		n, _ := strconv.ParseInt(value, 10, 64) // made by us, "" means all
		s.Account, s.Channel = sellerdesk.AccountID(n), ""
	case "channel":
		s.Account, s.Channel = 0, sellerdesk.ChannelKind(value)
	case "kind":
		s.Kind = sellerdesk.Kind(value)
	}
	return withQuery("/", s.query())
}

// question is the list as it is typed into the search; "" where it cannot be, and
// for everything.
func (s listState) question() string {
	if q, ok := s.Question(s.Filter, s.Account); ok {
		return q.Typed(sellerdesk.English)
	}
	return ""
}

// asked hands the question to what is done to all that match.
func (s listState) asked() templ.Attributes {
	if _, ok := s.Question(s.Filter, s.Account); !ok {
		return nil
	}
	return templ.Attributes{"data-filter": s.question()}
}

// more is the address of the next page of rows.
func (l listView) more() string {
	q := l.query()
	q.Set("cursor", l.Next)
	return withQuery("/ui/rows", q)
}

func (l listView) title(kind sellerdesk.ChannelKind) string {
	if t := l.Titles[kind]; t != "" {
		return t
	}
	return string(kind)
}

// whence names the account of a conversation, or the source where it has several.
func (l listView) whence(c sellerdesk.Conversation) string {
	for i := range l.Accounts {
		if a := &l.Accounts[i]; a.ID == c.Account {
			if s := sourceOf(*a, c); s != "" && len(a.Identity.Sources) > 1 {
				return prose.Clip(s, 24)
			}
			return prose.Clip(prose.Line(a.Name), 24)
		}
	}
	return ""
}

// shows tells whether a conversation belongs to the list.
func (s listState) shows(me sellerdesk.UserID, c sellerdesk.Conversation) bool {
	if s.Account != 0 && c.Account != s.Account || !s.Fits(c) {
		return false
	}
	closed := c.Status == sellerdesk.ConversationClosed || c.Status == sellerdesk.ConversationArchived
	switch s.Filter {
	case filterNeedsAnswer:
		return c.NeedsAnswer && c.Status == sellerdesk.ConversationOpen
	case handling.Mine, handling.Unassigned, handling.Snoozed:
		return handling.Shows(s.Filter, me, c)
	case filterUnread:
		return c.Unread
	case filterClosed:
		return closed
	default:
		return true
	}
}

func (l listView) emptyIcon() string {
	if l.Filter == filterNeedsAnswer {
		return "circle-check-big"
	}
	return "inbox"
}

func (l listView) emptyTitle(v *View) string {
	if l.narrowing != (narrowing{}) {
		return v.EmptyHere
	}
	if title, _ := handling.Empty(v.frame(), l.Filter); title != "" {
		return title
	}
	switch l.Filter {
	case filterNeedsAnswer:
		return v.EmptyNeedsAnswer
	case filterUnread:
		return v.EmptyUnread
	case filterClosed:
		return v.EmptyClosed
	default:
		return v.EmptyAll
	}
}

func (l listView) emptyHint(v *View) string {
	switch {
	case l.Account != 0, l.narrowing != narrowing{}:
		return v.EmptyFilterHint
	case l.Filter == filterNeedsAnswer, l.Filter == filterUnread:
		return v.EmptyNeedsAnswerHint
	case handling.Listed(l.Filter):
		return v.House.Handling.EmptyHint
	default:
		return v.EmptyAllHint
	}
}

// rowState is how a row looks: unread is weight, waiting is dot and clock.
// One that no longer belongs to the list stays in its place, dimmed.
func rowState(v *View, l listState, c sellerdesk.Conversation) string {
	var s []string
	if !l.shows(v.User.ID, c) {
		s = append(s, "settled")
	}
	if c.Unread {
		s = append(s, "unread")
	}
	if c.NeedsAnswer {
		s = append(s, "needs")
	}
	if u := v.urgency(c); u != "" {
		s = append(s, u)
	}
	return strings.Join(s, " ")
}

// footWords are kind, state and product of a row.
func footWords(v *View, c sellerdesk.Conversation) string {
	s := v.KindName(c.Kind)
	if state := chatState(v, c); state != "" {
		s += " · " + state
	}
	if c.Product != nil && c.Product.Name != "" && c.BuyerName != "" {
		s += " · " + prose.Clip(prose.Line(string(c.Product.Name)), 48)
	}
	return s
}

// notLeft tells that the last line of ours did not arrive.
func notLeft(c sellerdesk.Conversation) bool {
	return c.LastMessage != nil && (c.LastMessage.Status == sellerdesk.MessageRefused || c.LastMessage.Status == sellerdesk.MessageUnknown)
}

// lastTone is red for what the remote side refused, amber for what is not known.
func lastTone(c sellerdesk.Conversation) string {
	if c.LastMessage.Status == sellerdesk.MessageUnknown {
		return "soon"
	}
	return "bad"
}

func (v *View) statusName(s sellerdesk.ConversationStatus) string {
	switch s {
	case sellerdesk.ConversationClosed:
		return v.Closed
	case sellerdesk.ConversationArchived:
		return v.Archived
	default:
		return v.Snoozed
	}
}

func inboxTitle(v *View, t *threadView) string {
	title := v.Inbox
	if t != nil {
		title = prose.Clip(v.who(t.Conversation), 40)
	}
	return title + " · " + v.Product
}

func openID(t *threadView) string {
	if t == nil {
		return ""
	}
	return id(t.Conversation.ID)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// titleOf is the tooltip of a button: why it is off, else what it does and its key.
func titleOf(name, letter, why string) string {
	switch {
	case why != "":
		return why
	case letter != "":
		return name + " (" + letter + ")"
	default:
		return name
	}
}

func warningTone(a sellerdesk.Account) string {
	if a.State == sellerdesk.AccountPaused {
		return "quiet"
	}
	return "bad"
}

func warningIcon(a sellerdesk.Account) string {
	switch a.State {
	case sellerdesk.AccountExpired:
		return "key-round"
	case sellerdesk.AccountPaused:
		return "pause"
	default:
		return "unplug"
	}
}

// localImage tells whether a picture of a product lies on our side: the browser
// asks no other host for anything.
func localImage(o sellerdesk.Optional) bool {
	return strings.HasPrefix(string(o), "/") && !strings.HasPrefix(string(o), "//")
}

// current marks the chosen one of several links.
func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

// fileSign is the picture of what came with a conversation: a photo of the
// buyer, else that its newest line has files; "" for neither.
func fileSign(c sellerdesk.Conversation) string {
	switch {
	case c.HasPhoto:
		return "image"
	case c.LastMessage != nil && c.LastMessage.Files > 0:
		return "paperclip"
	default:
		return ""
	}
}

func invalid(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}

// signs says for screen readers what dot and weight say to the eye.
func signs(v *View, c sellerdesk.Conversation) string {
	switch {
	case c.NeedsAnswer && c.Unread:
		return v.NeedsAnswer + ", " + v.Unread
	case c.NeedsAnswer:
		return v.NeedsAnswer
	case c.Unread:
		return v.Unread
	default:
		return ""
	}
}
