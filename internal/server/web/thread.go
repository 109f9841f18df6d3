package web

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/labelling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/server/web/searching"
	"github.com/sellerdesk/sellerdesk/internal/server/web/talking"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

// threadView is the middle pane and the card.
type threadView struct {
	searching.Place
	Conversation sellerdesk.Conversation
	Account      sellerdesk.Account
	ChannelTitle string
	Titles       map[sellerdesk.ChannelKind]string // of the channels
	Messages     []sellerdesk.Message              // oldest first
	Older        string                            // cursor of the page before; "" at the beginning
	Newer        string                            // cursor of the page behind; "" at the end
	BackTo       string                            // address of the list
	Names        handling.Names                    // of whom it belongs to
	Fields       labelling.Fielded                 // of the house
	Side         talking.Side                      // what colleagues say beside it
	People       map[sellerdesk.UserID]string
	Budget       []sellerdesk.BucketState
	Actions      []sellerdesk.OutboxItem     // the newest first; none of a chat that is there
	Summary      *sellerdesk.ProductSummary  // of the product; nil when nothing is known
	Person       *sellerdesk.Contact         // who writes; nil when nothing is known
	Templates    []sellerdesk.RemoteTemplate // those that messages on the page may be of
}

func messageAddress(m sellerdesk.Message, action sellerdesk.ActionKind) string {
	return "/ui/messages/" + id(m.ID) + "/" + string(action)
}

// reply is how one answers here; its zero value when one cannot at all.
func (t threadView) reply() sellerdesk.Ability {
	for _, kind := range []sellerdesk.ActionKind{sellerdesk.ActionReply, sellerdesk.ActionAnswer} {
		if a, ok := sellerdesk.Find(t.Conversation.Can, kind); ok {
			return a
		}
	}
	return sellerdesk.Ability{}
}

// hasAbout tells whether the card says what a conversation is about. A chat of a
// messenger is about nothing.
func hasAbout(t threadView) bool {
	c := t.Conversation
	return c.Product != nil || c.Chat == nil || c.Chat.Network == "" || c.Order != "" || c.Chat.Return != "" || c.Chat.Shop != "" || c.Chat.State != ""
}

// answerTitle heads what we said under the buyer's words.
func answerTitle(v *View, t threadView) string {
	switch {
	case t.Conversation.Kind == sellerdesk.KindClaim:
		return v.DecisionOnItsWay
	case t.Conversation.Question != nil && t.Conversation.Question.Rejected:
		return v.Rejected
	default:
		return v.Answer
	}
}

// decidedWords say what was decided about a claim.
func decidedWords(v *View, t threadView, c sellerdesk.Claim) string {
	for _, o := range t.decision().Options {
		if sellerdesk.Optional(o.Value) == c.Decision {
			return optionTitle(v, o)
		}
	}
	if c.Decision != "" {
		return known(v.Decisions, c.Decision)
	}
	return known(v.ClaimStatuses, sellerdesk.Optional(c.Status))
}

// replyRefusal says why one cannot answer; "" when one can, or where nobody
// expects to.
func (t threadView) replyRefusal(v *View) string {
	a := t.reply()
	if t.Conversation.Kind == sellerdesk.KindClaim {
		a = t.decision()
	}
	switch {
	case !v.works(t.Conversation.Account):
		return v.House.Denied.ReadOnly
	case a.ReasonCode == sellerdesk.ReasonWindowShut, a.ReasonCode == sellerdesk.ReasonBalance:
		return "" // the line about the window says so
	case a.Reason != "" && opening(t.Conversation):
		return v.StartFailed // what was done tells why
	case a.Reason != "":
		return v.Why(a.ReasonCode, a.Reason)
	case a.Action != "":
		return ""
	case t.Conversation.Kind == sellerdesk.KindClaim:
		if c := t.Conversation.Claim; c != nil && c.Decided || t.hasOurs() {
			return ""
		}
		return v.NothingToDecide
	case len(t.modes()) > 0, t.reads() && t.hasOurs():
		return ""
	default:
		return v.CannotReply
	}
}

// limitAttributes hand the limits of a text to the browser, which judges by
// them before anything is sent. The server judges again.
func limitAttributes(a sellerdesk.Ability) templ.Attributes {
	out := templ.Attributes{}
	if a.MinLength != nil {
		out["data-min-length"] = strconv.Itoa(*a.MinLength)
	}
	if a.MaxLength != nil {
		out["data-max-length"] = strconv.Itoa(*a.MaxLength)
	}
	if f := a.Files; f != nil {
		out["data-files-max"] = strconv.Itoa(f.Max)
		out["data-file-size"] = strconv.FormatInt(f.MaxSize, 10)
		out["data-total-size"] = strconv.FormatInt(f.TotalSize, 10)
		out["data-types"] = strings.Join(f.Types, ",")
	}
	return out
}

// typeNames says media types as people do: "JPEG, PNG, PDF".
func typeNames(types []string) string {
	names := make([]string, 0, len(types))
	for _, t := range types {
		names = append(names, cmp.Or(prose.TypeName(t), "*"))
	}
	return strings.Join(names, ", ")
}

func limitsLine(v *View, f *sellerdesk.FileLimits) string {
	s := v.FileLimits(f.Max, v.Bytes(f.MaxSize), typeNames(f.Types))
	if f.Apart {
		s += "; " + v.FilesApart
	}
	return s
}

func acceptOf(f *sellerdesk.FileLimits) string { return strings.Join(f.Types, ",") }

// startsDay tells whether a day mark stands before message i.
func startsDay(v *View, list []sellerdesk.Message, i int) bool {
	return i == 0 || !texts.SameDay(list[i-1].At.In(v.Zone), list[i].At.In(v.Zone))
}

// together is how close lines of one author stand to look like one block.
const together = 5 * time.Minute

// follows tells whether message i continues the block of the one before.
func follows(v *View, list []sellerdesk.Message, i int) bool {
	return i > 0 && !startsDay(v, list, i) &&
		list[i-1].Author == list[i].Author && list[i].At.Sub(list[i-1].At.Time) < together
}

func side(m sellerdesk.Message) string {
	if m.Author.Ours() {
		return "ours"
	}
	return "theirs"
}

// authorName tells a screen reader who speaks.
func (v *View) authorName(t threadView, m sellerdesk.Message) string {
	switch m.Author {
	case sellerdesk.AuthorBuyer:
		if m.AuthorName != "" {
			return commentAuthor(v, t, m)
		}
		return v.who(t.Conversation)
	case sellerdesk.AuthorAgent:
		if m.User != nil && *m.User != v.User.ID {
			if name := prose.Line(t.People[*m.User]); name != "" {
				return prose.Clip(name, 60)
			}
			return v.Person
		}
		return v.You
	case sellerdesk.AuthorRule:
		return v.Automation
	default:
		return v.outsider(t)
	}
}

// outsider says whose a line is that was not written here. What stands under a
// decided claim is the decision, not an answer: ours, as the marketplace
// repeats it, or one that was made without us.
func (v *View) outsider(t threadView) string {
	if t.Conversation.Kind != sellerdesk.KindClaim {
		return v.AnsweredElsewhere
	}
	if i, ok := t.decidedHere(); ok {
		return v.by(t, i)
	}
	return v.DecidedElsewhere
}

func (v *View) buyerName(c sellerdesk.Conversation) string {
	if s := prose.Line(string(c.BuyerName)); s != "" {
		return s
	}
	return v.BuyerUnknown
}

func productName(v *View, p sellerdesk.Product) string {
	if s := prose.Line(string(p.Name)); s != "" {
		return s
	}
	return v.Article + " " + string(p.ID)
}
