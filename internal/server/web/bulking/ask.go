package bulking

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/search"
)

// mostVariants is how many texts the dialog takes.
const mostVariants = 10

// asked is what a form asks to be done, and to what.
type asked struct {
	desk.BulkInput
	Typed string // the filter
	// Sample are the conversations that the dialog shows.
	Sample []sellerdesk.ConversationID
}

// read takes it from the form of a request.
func (s screens) read(r *http.Request, user sellerdesk.User) (asked, error) {
	v := s.View(r, user)
	if err := r.ParseForm(); err != nil {
		return asked{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	f := r.PostForm
	a := asked{Typed: f.Get("filter"), Sample: numbers[sellerdesk.ConversationID](f.Get("sample"), samplesShown)}
	a.BulkInput = desk.BulkInput{User: user.ID, Zone: v.Zone, Action: sellerdesk.ActionKind(f.Get("action"))}
	if f.Has("ids") {
		a.Conversations = numbers[sellerdesk.ConversationID](f.Get("ids"), desk.MaxPicked+1)
		if len(a.Conversations) == 0 {
			return a, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Nothing is selected.").InField("conversations")
		}
	} else {
		q, err := search.Parse(a.Typed)
		if err != nil {
			return a, err
		}
		a.Filter = q
	}
	for i := range mostVariants {
		if t := strings.TrimSpace(f.Get("text-" + strconv.Itoa(i))); t != "" {
			a.Texts = append(a.Texts, t)
		}
	}
	a.Templates = numbers[sellerdesk.TemplateID](f.Get("templates"), mostVariants)
	return a, a.put(v, f)
}

// samplesShown is how many conversations the dialog shows.
const samplesShown = 5

// numbers reads ids with commas between them, each once, at most so many.
func numbers[T ~int64](s string, most int) (out []T) {
	for part := range strings.SplitSeq(s, ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil && n > 0 && len(out) < most {
			out = append(out, T(n))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func joined[T ~int64](list []T) string {
	parts := make([]string, len(list))
	for i, n := range list {
		parts[i] = strconv.FormatInt(int64(n), 10)
	}
	return strings.Join(parts, ",")
}

// sampled asks only for the conversations that the dialog shows: texts are judged
// by them at each key, however many match.
func (a asked) sampled() asked {
	a.Conversations, a.Filter = a.Sample, search.Query{}
	return a
}

// picked tells that conversations were picked one by one.
func (a asked) picked() bool { return len(a.Conversations) > 0 }
