package wildberries

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// post is a question, a review or a claim as it goes into a batch. A supplement
// is a post of its own in the conversation of the review that it continues.
type post struct {
	id       string
	created  sellerdesk.Time
	patch    sellerdesk.ConversationPatch
	messages []sellerdesk.MessagePatch
	// undated is the place of an answer whose date the remote side does not
	// tell, -1 when there is none.
	undated int
	// checking: an answer is being moderated.
	checking bool
	// answered: there is an answer that stands.
	answered bool
}

// afterwards is where an answer without a date stands: right behind what it
// answers. An old answer must not look new when history is read.
const afterwards = time.Second

// now dates an answer that was not there a moment ago. A store that knows the
// answer keeps the date it has, so that the conversation itself is not touched.
func (p *post) now(at sellerdesk.Time) {
	if p.undated >= 0 && at.After(p.created.Time) {
		p.messages = slices.Clone(p.messages)
		p.messages[p.undated].At = at
	}
}

// sum changes when anything of a post does.
func (p post) sum() uint64 {
	h := fnv.New64a()
	b, err := json.Marshal(struct {
		Patch    sellerdesk.ConversationPatch
		Messages []sellerdesk.MessagePatch
	}{p.patch, p.messages})
	if err != nil {
		return 0 // never: texts, numbers and times
	}
	_, _ = h.Write(b)
	return h.Sum64()
}

// page is one page of a list.
type page struct {
	posts   []post // each once
	size    int    // how many things came, whatever they were
	total   int64  // how many the whole list has, 0 when not told
	skipped []sellerdesk.Skipped
}

// newPage converts what a list holds. What has no id or no date cannot be
// placed and is recorded; why says so of an item, "" for a good one.
func newPage[T any](items []T, bad []api.Malformed, what string, convert func(T) (p post, why string)) page {
	out := page{size: len(items) + len(bad)}
	seen := make(map[string]int, len(items))
	for _, item := range items {
		p, why := convert(item)
		if why != "" {
			raw, err := json.Marshal(item)
			if err != nil {
				raw = nil
			}
			out.skipped = append(out.skipped, skipped(why, raw))
			continue
		}
		if i, ok := seen[p.id]; ok {
			out.posts[i] = p
			continue
		}
		seen[p.id] = len(out.posts)
		out.posts = append(out.posts, p)
	}
	for _, m := range bad {
		out.skipped = append(out.skipped, skipped(what+" that cannot be decoded", m.Raw))
	}
	return out
}

// oldest and newest are the ends of a page by the dates of its posts; zero
// without any.
func (p page) oldest() sellerdesk.Time { return p.edge(-1) }
func (p page) newest() sellerdesk.Time { return p.edge(1) }

func (p page) edge(way int) (at sellerdesk.Time) {
	for i, x := range p.posts {
		if i == 0 || x.created.Compare(at.Time) == way {
			at = x.created
		}
	}
	return at
}

// bring adds posts to a batch, oldest first.
func bring(b *sellerdesk.Batch, posts []post) {
	posts = slices.Clone(posts)
	slices.SortStableFunc(posts, func(x, y post) int {
		return cmp.Or(x.created.Compare(y.created.Time), cmp.Compare(x.id, y.id))
	})
	for _, p := range posts {
		b.Conversations = append(b.Conversations, p.patch)
		b.Messages = append(b.Messages, p.messages...)
	}
	slices.SortStableFunc(b.Messages, func(x, y sellerdesk.MessagePatch) int { return x.At.Compare(y.At.Time) })
}

// keptPost is what stays on a question, review or claim for us. It names its
// conversation and is good for no other.
type keptPost struct {
	Of sellerdesk.RemoteID `json:"of"`
	// Part is the review that is answered: the newest one of a supplemented pair.
	Part string `json:"part,omitempty"`
	// Sent: something of ours was taken and has not shown yet.
	Sent bool `json:"sent,omitempty"`
	// Looks is how often we have looked since.
	Looks int `json:"looks,omitempty"`
}

func (k keptPost) bytes() []byte {
	b, err := json.Marshal(k)
	if err != nil {
		return nil // never: texts, a number and a flag
	}
	return b
}

// keptOf is what is kept on a conversation; ok is false when it is nothing of
// ours.
func keptOf(ref sellerdesk.RemoteRef) (k keptPost, ok bool) {
	if json.Unmarshal(ref.Remote, &k) != nil || k.Of != ref.ID || len(k.Part) > longestID {
		return keptPost{Of: ref.ID}, false
	}
	return k, true
}

const longestID = 300

// unusableID says why an id cannot name anything; "" when it can.
func unusableID(id, what string) string {
	if id == "" || len(id) > longestID {
		return what + " without an id"
	}
	return ""
}
