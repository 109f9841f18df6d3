package web

import (
	"hash/fnv"
	"net/http"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

// Texts are the words of one language; screens reach them through [View].
type Texts = texts.Table

// View is what every screen knows about the one who looks at it.
type View struct {
	*Texts
	House *texts.House
	User  sellerdesk.User
	rights
	Theme  string // "light", "dark", or "" for what the system says
	Now    time.Time
	Zone   *time.Location
	Nonce  string // allows htmx attributes, see static/vendor/hx-csp.min.js
	Static string // address of the static files, with their version
	Zoned  bool   // the browser told its zone
	Trial  bool   // the buyers are made up
	// Found marks the words that were searched for; nil marks none.
	Found *finding.Marker
	// Counters and Place are for the frame of signed-in pages.
	Counters sellerdesk.Counters
	Bell     int // what the person was told of and has not looked at
	Place    string
}

// zoneOf reads the zone of the browser; UTC when it told none.
func zoneOf(r *http.Request) (*time.Location, bool) {
	c, err := r.Cookie(zoneCookie)
	if err != nil {
		return time.UTC, false
	}
	return texts.Zone(c.Value)
}

// zoneCookie holds the zone of the browser, as [texts.Zone] reads it.
const zoneCookie = "sellerdesk_zone"

// clock says the time of day in the viewer's zone.
func (v *View) clock(t sellerdesk.Time) string { return t.In(v.Zone).Format("15:04") }

// exact says the moment in full, for a tooltip.
func (v *View) exact(t sellerdesk.Time) string { return v.Exact(t.In(v.Zone)) }

// iso is the moment for programs.
func iso(t sellerdesk.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// brief says a moment as short as it is clear: the time today, else the day.
func (v *View) brief(t sellerdesk.Time) string { return v.frame().Brief(t) }

// moment says day and time, without the day when it is today.
func (v *View) moment(t sellerdesk.Time) string {
	return v.Moment(t.In(v.Zone), v.Now.In(v.Zone))
}

// dayMark heads the messages of one day.
func (v *View) dayMark(t sellerdesk.Time) string {
	at, now := t.In(v.Zone), v.Now.In(v.Zone)
	switch {
	case texts.SameDay(at, now):
		return v.Today
	case texts.SameDay(at, now.AddDate(0, 0, -1)):
		return v.Yesterday
	default:
		return v.Day(at, at.Year() != now.Year())
	}
}

// urgency tells how a wait stands to its target: "" while less than half of it
// is used, "soon" from then on, "late" past it.
func (v *View) urgency(c sellerdesk.Conversation) string {
	if !c.NeedsAnswer || c.WaitingSince == nil || c.DueAt == nil {
		return ""
	}
	target := c.DueAt.Sub(c.WaitingSince.Time)
	waited := v.Now.Sub(c.WaitingSince.Time)
	switch {
	case waited >= target:
		return "late"
	case 2*waited >= target:
		return "soon"
	default:
		return ""
	}
}

// whyHere says why a row stands where it does.
func (v *View) whyHere(c sellerdesk.Conversation) string {
	switch {
	case opening(c):
		return openingWords(v, c)
	case !c.NeedsAnswer:
		return v.whyQuiet(c)
	case c.DueAt == nil:
		return v.WhyNoTarget
	case v.Now.After(c.DueAt.Time):
		return v.DueSince(v.moment(*c.DueAt))
	case c.Kind == sellerdesk.KindClaim:
		return v.WhyDecide(v.moment(*c.DueAt))
	default:
		return v.DueUntil(v.moment(*c.DueAt))
	}
}

// standing says in one line why a row stands where it does: its kind and its clock.
func (v *View) standing(c sellerdesk.Conversation) string {
	return v.WhyHere(v.KindName(c.Kind), v.whyHere(c))
}

// whyQuiet says why nobody waits for us in a conversation.
func (v *View) whyQuiet(c sellerdesk.Conversation) string {
	switch {
	case c.LastMessage == nil:
		return ""
	case chatState(v, c) != "":
		return "" // the row says whose move it is
	case c.Claim != nil && c.Claim.Decided:
		return v.Decided
	case c.LastMessage.Author == sellerdesk.AuthorElsewhere:
		return v.AnsweredElsewhere
	case c.LastMessage.Author.Ours():
		return v.Statuses[c.LastMessage.Status]
	default:
		return v.NoAnswerNeeded
	}
}

// who names the other side: the buyer, or the product where the name is hidden.
func (v *View) who(c sellerdesk.Conversation) string {
	if s := prose.Line(string(c.BuyerName)); s != "" {
		return s
	}
	if c.Product != nil && c.Product.Name != "" {
		return prose.Line(string(c.Product.Name))
	}
	return v.BuyerUnknown
}

// lastWords is the second line of a row.
func (v *View) lastWords(c sellerdesk.Conversation) string {
	if c.LastMessage == nil {
		return v.NoMessages
	}
	if s := prose.Clip(prose.Line(c.LastMessage.Text), 120); s != "" {
		return s
	}
	if c.LastMessage.Files > 0 {
		return v.FilesOnly(c.LastMessage.Files)
	}
	if c.Kind == sellerdesk.KindReview {
		return v.NoTextRating
	}
	return v.NoText
}

// speaker is put before the last words when they are not the buyer's. Of those that were taken back it says so, since nobody
// got them.
func (v *View) speaker(c sellerdesk.Conversation) string {
	if c.LastMessage == nil {
		return ""
	}
	if c.LastMessage.Status == sellerdesk.MessageWithdrawn {
		return v.Statuses[sellerdesk.MessageWithdrawn]
	}
	switch c.LastMessage.Author {
	case sellerdesk.AuthorAgent:
		return v.You
	case sellerdesk.AuthorRule:
		return v.Automation
	case sellerdesk.AuthorElsewhere:
		if c.Claim != nil {
			return v.Decided
		}
		return v.ElsewhereShort
	case sellerdesk.AuthorPlatform:
		return v.PlatformShort
	default:
		return ""
	}
}

// initial is the letter of a channel's mark.
func initial(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r))
}

// hue picks the colour of a channel's mark from the palette of the style sheet.
// It depends on the name alone, so that a channel looks alike everywhere.
func hue(kind sellerdesk.ChannelKind) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(kind)) // never fails
	return "hue-" + strconv.Itoa(int(h.Sum32()%13))
}

// id writes an id of ours.
func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func count(n int) string { return strconv.Itoa(n) }
