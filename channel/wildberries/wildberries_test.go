package wildberries_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/wildberries"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// TestConformance is not parallel: its first proof counts goroutines.
func TestConformance(t *testing.T) {
	channeltest.Run(t, wildberries.Driver(), channeltest.Options{
		Photos: []sellerdesk.Kind{sellerdesk.KindReview, sellerdesk.KindClaim},
		Unfit:  "call +7 912 345-67-89",
		Start:  func(t testing.TB) channeltest.Remote { return start(t, emulator.Options{}).remote() },
		Wrong: []channeltest.Wrong{
			wrong("the token is cut off", sellerdesk.ReasonCredentials, func(w *world) string { return w.token(emulator.TokenOptions{})[:40] }),
			wrong("the token is empty", sellerdesk.ReasonCredentials, func(*world) string { return "" }),
			wrong("the token has expired", sellerdesk.ReasonExpired, func(w *world) string {
				return w.token(emulator.TokenOptions{Expires: w.Clock().Now().Add(-time.Hour)})
			}),
			wrong("the token is for other categories", sellerdesk.ReasonScope, func(w *world) string {
				return w.token(emulator.TokenOptions{Categories: []int{1}})
			}),
			wrong("the token was withdrawn", sellerdesk.ReasonCredentials, func(w *world) string {
				token := w.token(emulator.TokenOptions{})
				w.Reset(w.Seed() + 1)
				return token
			}),
			wrong("the token is for test hosts", sellerdesk.ReasonScope, func(w *world) string {
				return w.token(emulator.TokenOptions{Kind: emulator.Test})
			}),
		},
	})
}

func wrong(name string, code sellerdesk.ReasonCode, token func(*world) string) channeltest.Wrong {
	return channeltest.Wrong{Name: name, Code: code, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
		return map[string]sellerdesk.Secret{"token": sellerdesk.Secret(token(r.World.(*world)))}
	}}
}

// world is a demo world of one cabinet with a server before it.
type world struct {
	*sandbox.World
	base   string
	client *http.Client
}

// speed makes a second of the world five milliseconds, so that its limits cost
// a test little.
const speed = 200

func start(t testing.TB, o emulator.Options) *world {
	t.Helper()
	made, err := sandbox.New(7, sandbox.Options{Messages: 260, Accounts: 1, Scale: speed, SameMillisecond: true})
	if err != nil {
		t.Fatalf("make a world: %v", err)
	}
	emulator.Mount(made, o)
	server := httptest.NewServer(made.Handler())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
	})
	return &world{World: made, base: server.URL + "/wildberries", client: client}
}

func (w *world) account() *sandbox.Account { return w.Accounts(emulator.API)[0] }

func (w *world) token(o emulator.TokenOptions) string { return emulator.Token(w.account(), o) }

func (w *world) clock() sellerdesk.Clock {
	return sellerdesk.Clock{NowFunc: w.Clock().Now, TimerFunc: w.Clock().NewTimer}
}

// remote hands the world over to the conformance suite.
func (w *world) remote() channeltest.Remote {
	return channeltest.Remote{
		World:       w,
		Credentials: map[string]sellerdesk.Secret{"token": sellerdesk.Secret(w.token(emulator.TokenOptions{}))},
		BaseURL:     w.base, Client: w.client, Clock: w.clock(),
		Buyer: w.buyer, Elsewhere: w.elsewhere, Received: w.received, Fault: w.fault, Readable: w.readable,
		Violations: func(testing.TB) int { return w.State().Violations[emulator.API] },
	}
}

// kindOf names a kind in the words of the sandbox, which are the same.
func kindOf(k sellerdesk.Kind) sandbox.Kind {
	if k == "" {
		return sandbox.KindChat
	}
	return sandbox.Kind(k)
}

func (w *world) buyer(t testing.TB, l channeltest.Line) sellerdesk.RemoteID {
	t.Helper()
	in := sandbox.BuyerMessage{API: emulator.API, Kind: kindOf(l.Kind), Conversation: string(l.Conversation), Text: l.Text}
	if l.Rating > 0 && in.Kind == sandbox.KindReview {
		in.Rating = &l.Rating
	}
	for _, f := range l.Files {
		in.Files = append(in.Files, sandbox.NewPart{Name: f.Name, Size: int(f.Size)})
	}
	said, err := w.BuyerWrites(context.Background(), in)
	if err != nil {
		t.Fatalf("let the buyer write: %v", err)
	}
	return sellerdesk.RemoteID(said.Conversation)
}

func (w *world) elsewhere(t testing.TB, l channeltest.Line) {
	t.Helper()
	in := sandbox.SellerMessage{API: emulator.API, Kind: kindOf(l.Kind), Conversation: string(l.Conversation), Text: l.Text}
	if _, err := w.SellerWrites(context.Background(), in); err != nil {
		t.Fatalf("answer in the cabinet: %v", err)
	}
}

// remoteID names a question or review as the emulator does.
func remoteID(id sandbox.ID) sellerdesk.RemoteID {
	return sellerdesk.RemoteID(base64.RawURLEncoding.EncodeToString(id[:]))
}

// readable lists every event that carries a message, and the lines of all posts.
func (w *world) readable(testing.TB) []channeltest.Name {
	var names []channeltest.Name
	a := w.account()
	for _, m := range a.Events(-1, a.Messages()) {
		if !m.Empty {
			names = append(names, channeltest.Name{Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID("1:" + m.Conversation.String()), Message: sellerdesk.RemoteID(m.ID.String())})
		}
	}
	for _, p := range a.Board(sandbox.KindQuestion).List(sandbox.Query{}) {
		n := channeltest.Name{Kind: sellerdesk.KindQuestion, Conversation: remoteID(p.ID), Message: "question"}
		if names = append(names, n); p.Answer != nil {
			n.Message = "answer"
			names = append(names, n)
		}
	}
	for _, p := range a.Board(sandbox.KindReview).List(sandbox.Query{}) {
		n := channeltest.Name{Kind: sellerdesk.KindReview, Conversation: remoteID(p.ID), Message: remoteID(p.ID)}
		if p.Parent != (sandbox.ID{}) {
			n.Conversation = remoteID(p.Parent)
		}
		if names = append(names, n); p.Answer != nil {
			n.Message = "answer:" + n.Message
			names = append(names, n)
		}
	}
	for _, p := range a.Board(sandbox.KindClaim).List(sandbox.Query{}) {
		n := channeltest.Name{Kind: sellerdesk.KindClaim, Conversation: sellerdesk.RemoteID(p.ID.String()), Message: "claim"}
		if names = append(names, n); p.Answer != nil {
			n.Message = "comment"
			names = append(names, n)
		}
	}
	return names
}

func (w *world) received(testing.TB) []channeltest.Line {
	var out []channeltest.Line
	for _, r := range w.State().Received {
		l := channeltest.Line{Kind: sellerdesk.Kind(r.Kind), Conversation: sellerdesk.RemoteID(r.Conversation), Text: r.Text}
		for _, f := range r.Files {
			l.Files = append(l.Files, channeltest.File{Name: f.Name, Size: int64(f.Size)})
		}
		out = append(out, l)
	}
	return out
}

func (w *world) fault(t testing.TB, faults ...channeltest.Fault) {
	t.Helper()
	operations := map[string]string{
		"pull events": "GET /api/v1/seller/events", "pull chats": "GET /api/v1/seller/chats",
		"pull questions": "GET /api/v1/questions", "pull questions.history": "GET /api/v1/questions",
		"pull reviews": "GET /api/v1/feedbacks", "pull reviews.history": "GET /api/v1/feedbacks", "pull reviews.archive": "GET /api/v1/feedbacks/archive",
		"pull claims": "GET /api/v1/claims", "pull claims.archive": "GET /api/v1/claims", "pull pins": "GET /api/feedbacks/v1/pins",
		"send chat reply": "POST /api/v1/seller/message", "send question answer": "PATCH /api/v1/questions",
		"send review answer": "POST /api/v1/feedbacks/answer", "send claim decide": "PATCH /api/v1/claim",
		"fetch": "GET /api/v1/seller/download/{id}",
	}
	orders := []sandbox.Fault{}
	for _, f := range faults {
		call := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", f.Call, f.Stream, f.Kind, f.Action)), " ")
		orders = append(orders, sandbox.Fault{
			API: emulator.API, Operation: operations[call], Nth: f.Nth, Effect: sandbox.Effect(f.Effect), Seconds: f.Seconds,
		})
	}
	if err := w.SetFaults(orders); err != nil {
		t.Fatalf("order a fault: %v", err)
	}
}
