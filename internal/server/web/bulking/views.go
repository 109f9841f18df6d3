package bulking

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// dialogView is the dialog of an action.
type dialogView struct {
	asked
	Total   int
	Samples []sellerdesk.BulkSample
	Takes   string // how long it takes by the limits of remote sides; "" where nothing is known
	Wrong   string // what is wrong with the texts
	Choices choices
}

// sample are the ids of the conversations that are shown.
func (d dialogView) sample() string {
	ids := make([]sellerdesk.ConversationID, len(d.Samples))
	for i, one := range d.Samples {
		ids[i] = one.Conversation.ID
	}
	return joined(ids)
}

// given tells that the action asks for more than that it be done.
func (d dialogView) given() bool {
	switch d.Action {
	case sellerdesk.ActionAnswer, sellerdesk.ActionTag, sellerdesk.ActionField, sellerdesk.ActionAssign, sellerdesk.ActionSnooze, sellerdesk.ActionPriority:
		return true
	default:
		return false
	}
}

// rest is how many there are beside those that are shown.
func (d dialogView) rest() int { return d.Total - len(d.Samples) }

// texts are the variants that the dialog opens with.
func (d dialogView) texts() []string {
	if len(d.Texts) == 0 {
		return []string{""}
	}
	return d.Texts
}

// who names the other side: the buyer, or the product where the name is hidden.
func who(v *View, c sellerdesk.Conversation) string {
	if s := prose.Line(string(c.BuyerName)); s != "" {
		return s
	}
	if c.Product != nil && c.Product.Name != "" {
		return prose.Line(string(c.Product.Name))
	}
	return v.BuyerUnknown
}

// said is what the buyer said last, or what kind of conversation it is.
func said(v *View, c sellerdesk.Conversation) string {
	if c.LastMessage != nil {
		if s := prose.Clip(prose.Line(c.LastMessage.Text), 160); s != "" {
			return s
		}
	}
	return v.KindName(c.Kind)
}

// button is one action of the bar.
type button struct {
	Action sellerdesk.ActionKind
	Icon   string
}

// offered are the actions that the person may do to many somewhere: the first
// ones stand in the bar, the others in its menu.
func offered(v *View) []button {
	all := []button{
		{sellerdesk.ActionAnswer, "send-horizontal"},
		{sellerdesk.ActionTag, "tag"},
		{sellerdesk.ActionAssign, "user"},
		{sellerdesk.ActionSnooze, "timer"},
		{sellerdesk.ActionClose, "check"},
		{sellerdesk.ActionArchive, "archive"},
		{sellerdesk.ActionNoAnswerNeeded, "ban"},
		{sellerdesk.ActionMarkRead, "mail-open"},
		{sellerdesk.ActionPriority, "arrow-up"},
		{sellerdesk.ActionField, "pencil"},
		{sellerdesk.ActionReopen, "rotate-ccw"},
		{sellerdesk.ActionUnarchive, "archive-restore"},
	}
	works := v.Access.MaySomewhere(sellerdesk.RightWork)
	return slices.DeleteFunc(all, func(b button) bool { return !works && b.Action != sellerdesk.ActionMarkRead })
}

// inBar is how many actions stand in the bar itself.
const inBar = 6

// jobView is a job as it is shown.
type jobView struct {
	sellerdesk.Job
	For     string // what it is for
	Address string // where that is found; "" for nowhere
	Who     string // "" for the one who looks
	Left    string // how long it takes yet; "" where nobody knows
}

// undoing tells that what it did is being taken back.
func (j jobView) undoing() bool {
	return j.EndedAt == nil && (j.State == sellerdesk.JobUndone || j.State == sellerdesk.JobStopped)
}

// open tells that it goes on, or could.
func (j jobView) open() bool { return j.EndedAt == nil }

// answers tells that it says something to buyers.
func (j jobView) answers() bool { return j.Action == sellerdesk.ActionAnswer }

// at is how many conversations are settled: answers that have not left are not, nor
// what was taken back.
func (j jobView) at() int { return max(j.Done-j.Waits-j.Undone, 0) + j.Failed }

// undoable tells whether there is something to take back. What left stays, so
// that answers are stopped instead.
func (j jobView) undoable() bool {
	return !j.answers() && j.Done > 0 && j.State != sellerdesk.JobUndone
}

func (j jobView) steered(verb string) string {
	return "/ui/jobs/" + strconv.FormatInt(int64(j.ID), 10) + "/" + verb
}

// page is the address of the job's own page.
func (j jobView) page() templ.SafeURL {
	return templ.SafeURL(Path + "/" + strconv.FormatInt(int64(j.ID), 10))
}

// state says how far it is.
func (j jobView) state(v *View) string {
	if j.undoing() {
		return v.Bulking.Undoing
	}
	return v.Bulking.States[j.State]
}

// tone is the colour of the state.
func (j jobView) tone() string {
	switch {
	case j.State == sellerdesk.JobPaused:
		return "soon"
	case j.State == sellerdesk.JobDone && j.Failed > 0:
		return "soon"
	case j.State == sellerdesk.JobDone:
		return "good"
	default:
		return ""
	}
}

// figures are what is counted, one after the other.
func (j jobView) figures(v *View) []string {
	b := v.Bulking
	out := []string{b.Of(j.at(), j.Total)}
	if j.Waits > 0 {
		out = append(out, b.Waits(j.Waits))
	}
	if j.Failed > 0 {
		out = append(out, b.Failed(j.Failed))
	}
	if j.Undone > 0 {
		out = append(out, b.Undone(j.Undone))
	}
	if j.Left != "" && j.State == sellerdesk.JobRunning {
		out = append(out, b.Left(j.Left))
	}
	return out
}

// views says whose the jobs are and what they are for.
func views(ctx context.Context, tx *store.Tx, v *View, list []sellerdesk.Job) ([]jobView, error) {
	accounts, err := tx.Accounts.List(ctx)
	if err != nil {
		return nil, err
	}
	var people []sellerdesk.UserID
	for _, j := range list {
		if j.User != v.User.ID && !slices.Contains(people, j.User) {
			people = append(people, j.User)
		}
	}
	names, err := tx.Users.Names(ctx, people)
	out := make([]jobView, len(list))
	for i, j := range list {
		out[i] = jobView{Job: j, For: forWhat(v, j, accounts)}
		if j.User != v.User.ID {
			if out[i].Who = prose.Line(names[j.User]); out[i].Who == "" {
				out[i].Who = v.Bulking.Program
			}
		}
		if j.EndsAt != nil {
			out[i].Left = v.Bulking.About(j.EndsAt.Sub(v.Now))
		}
		if !j.Picked && j.Filter != "" {
			out[i].Address = "/search?" + url.Values{"q": {j.Filter}}.Encode()
		}
	}
	return out, err
}

// forWhat says what a job is for as the person would type it, with the names of
// cabinets instead of their numbers.
func forWhat(v *View, j sellerdesk.Job, accounts []sellerdesk.Account) string {
	switch {
	case j.Picked:
		return v.Bulking.ByHand
	case j.Filter == "":
		return v.Bulking.Everything
	}
	q, err := search.Parse(j.Filter)
	if err != nil {
		return prose.Line(j.Filter)
	}
	for i, c := range q.Cabinets {
		for _, a := range accounts {
			if c == strconv.FormatInt(int64(a.ID), 10) {
				q.Cabinets[i] = prose.Clip(prose.Line(a.Name), 40)
			}
		}
	}
	return prose.Line(q.Typed(v.Language))
}

// reason says why something was not done; what a remote side said in the language of
// the screen stays as it is. Jobs keep no code: most of what they leave out stands in
// a way in which it cannot be done.
func reason(v *View, words string) string {
	if s := v.Bulking.Reasons[words]; s != "" {
		return s
	}
	return prose.Clip(prose.Line(v.Sentence(sellerdesk.CodeUnsupported, "", words)), 200)
}
