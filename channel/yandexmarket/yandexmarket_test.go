package yandexmarket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel/channeltest"
	"github.com/sellerdesk/sellerdesk/channel/yandexmarket"
	"github.com/sellerdesk/sellerdesk/sandbox"
	emulator "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

// TestConformance is not parallel: its first proof counts goroutines.
func TestConformance(t *testing.T) {
	channeltest.Run(t, yandexmarket.Driver(), channeltest.Options{
		Photos:     []sellerdesk.Kind{sellerdesk.KindReview},
		Unfit:      unfit,
		Sourceless: true,
		Trees:      []sellerdesk.Kind{sellerdesk.KindReview, sellerdesk.KindQuestion},
		Start:      func(t testing.TB) channeltest.Remote { return start(t, emulator.Options{Ban: banned}).remote() },
		Wrong: []channeltest.Wrong{
			wrong("the key is cut off", sellerdesk.ReasonCredentials, func(w *world) string { return w.token(emulator.TokenOptions{})[:40] }),
			wrong("the key is empty", sellerdesk.ReasonCredentials, func(*world) string { return " " }),
			wrong("the key is for prices", sellerdesk.ReasonScope, func(w *world) string {
				return w.token(emulator.TokenOptions{Scopes: []emulator.Scope{emulator.ScopePricing}})
			}),
			wrong("the key was revoked", sellerdesk.ReasonCredentials, func(w *world) string {
				token := w.token(emulator.TokenOptions{})
				w.Reset(w.Seed() + 1)
				return token
			}),
			{Name: "the number is that of another cabinet", Code: sellerdesk.ReasonCredentials, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
				return map[string]sellerdesk.Secret{"token": r.Credentials["token"], "business": "777"}
			}},
		},
	})
}

const unfit = "unfit for anybody"

func banned(text string) bool { return strings.Contains(text, unfit) }

func wrong(name string, code sellerdesk.ReasonCode, token func(*world) string) channeltest.Wrong {
	return channeltest.Wrong{Name: name, Code: code, Credentials: func(r channeltest.Remote) map[string]sellerdesk.Secret {
		return map[string]sellerdesk.Secret{"token": sellerdesk.Secret(token(r.World.(*world)))}
	}}
}

// world is a demo world of one cabinet with a server before it.
type world struct {
	*sandbox.World
	server *httptest.Server
	client *http.Client
	post   *mailbox
}

// speed makes a second of the world five milliseconds, so that its limits cost
// a test little.
const speed = 200

func start(t testing.TB, o emulator.Options) *world {
	t.Helper()
	made, err := sandbox.New(7, sandbox.Options{Messages: 140, Accounts: 1, Scale: speed})
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
	return &world{World: made, server: server, client: client}
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
		BaseURL:     w.server.URL + "/yandexmarket", Client: w.client, Clock: w.clock(),
		Buyer: w.buyer, Elsewhere: w.elsewhere, Received: w.received, Fault: w.fault, Readable: w.readable,
		Violations: func(testing.TB) int { return w.State().Violations[emulator.API] },
		Pushes:     w.pushes, Subject: w.subject, Shut: w.shut,
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

// ask calls the remote side with nothing of ours between: "POST /chats" of the
// cabinet, say.
func (w *world) ask(t testing.TB, version, path, query string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("%s/yandexmarket/%s/businesses/%d%s?%s", w.server.URL, version, emulator.Business(w.account()), path, query)
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Api-Key", w.token(emulator.TokenOptions{}))
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.client.Do(req)
	if err != nil {
		t.Fatalf("ask %s: %v", path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("ask %s: %d %s, %v", path, resp.StatusCode, answer, err)
	}
	if err := json.Unmarshal(answer, &struct {
		Result any
	}{out}); err != nil {
		t.Fatalf("ask %s: %v", path, err)
	}
}

// wire is what all lists have in common, as far as names need it.
type wire struct {
	Chats     []struct{ ChatID int64 }
	Messages  []struct{ MessageID int64 }
	Feedbacks []struct{ FeedbackID int64 }
	Questions []struct {
		QuestionIdentifiers struct{ ID int64 }
	}
	Comments []struct{ ID int64 }
	Answers  []struct {
		ID       int64
		Comments []struct{ ID int64 }
	}
	Paging struct{ NextPageToken string }
}

// all reads a list to its end.
func (w *world) all(t testing.TB, version, path, query string, in any, each func(wire)) {
	t.Helper()
	for token := ""; ; {
		var page wire
		w.ask(t, version, path, query+"&pageToken="+token, in, &page)
		each(page)
		if token = page.Paging.NextPageToken; token == "" {
			return
		}
	}
}

// readable lists every line that the remote side gives out.
func (w *world) readable(t testing.TB) []channeltest.Name {
	t.Helper()
	named := map[channeltest.Name]bool{}
	note := func(kind sellerdesk.Kind, of int64, line string, id int64) {
		if id > 0 {
			line += strconv.FormatInt(id, 10)
		}
		named[channeltest.Name{Kind: kind, Conversation: sellerdesk.RemoteID(strconv.FormatInt(of, 10)), Message: sellerdesk.RemoteID(line)}] = true
	}
	none, now := map[string]any{}, w.Clock().Now()
	w.all(t, "v2", "/chats", "limit=20", none, func(p wire) {
		for _, c := range p.Chats {
			w.all(t, "v2", "/chats/history", fmt.Sprintf("limit=100&chatId=%d", c.ChatID), none, func(p wire) {
				for _, m := range p.Messages {
					note(sellerdesk.KindChat, c.ChatID, "", m.MessageID)
				}
			})
		}
	})
	w.all(t, "v2", "/goods-feedback", "limit=50", map[string]any{"dateTimeFrom": now.AddDate(0, -5, 0).Format(time.RFC3339)}, func(p wire) {
		for _, r := range p.Feedbacks {
			note(sellerdesk.KindReview, r.FeedbackID, "review", 0)
			w.all(t, "v2", "/goods-feedback/comments", "limit=50", map[string]any{"feedbackId": r.FeedbackID}, func(p wire) {
				for _, c := range p.Comments {
					note(sellerdesk.KindReview, r.FeedbackID, "comment:", c.ID)
				}
			})
		}
	})
	for window := range 5 {
		to := now.AddDate(0, 0, 1-27*window)
		filter := map[string]any{"dateFrom": to.AddDate(0, 0, -27).Format(time.DateOnly), "dateTo": to.Format(time.DateOnly)}
		w.all(t, "v1", "/goods-questions", "limit=50", filter, func(p wire) {
			for _, q := range p.Questions {
				id := q.QuestionIdentifiers.ID
				note(sellerdesk.KindQuestion, id, "question", 0)
				w.all(t, "v1", "/goods-questions/answers", "limit=50", map[string]any{"questionId": id}, func(p wire) {
					for _, a := range p.Answers {
						note(sellerdesk.KindQuestion, id, "answer:", a.ID)
						for _, c := range a.Comments {
							note(sellerdesk.KindQuestion, id, "comment:", c.ID)
						}
					}
				})
			}
		})
	}
	return slices.Collect(maps.Keys(named))
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
	const chats, reviews, questions = "POST /v2/businesses/{business}/chats", "POST /v2/businesses/{business}/goods-feedback", "POST /v1/businesses/{business}/goods-questions"
	operations := map[string]string{
		"pull chats": chats, "pull chats.all": chats, "pull chats.history": chats,
		"pull reviews": reviews, "pull reviews.waiting": reviews, "pull reviews.history": reviews,
		"pull questions": questions, "pull questions.history": questions,
		"send chat reply": chats + "/message", "send chat open": chats + "/new",
		"send review answer": reviews + "/comments/update", "send question answer": questions + "/update",
		"fetch": "GET /chat/{id}",
	}
	orders := []sandbox.Fault{}
	for _, f := range faults {
		call := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", f.Call, f.Stream, f.Kind, f.Action)), " ")
		if operations[call] == "" {
			t.Fatalf("no operation is known for %q", call)
		}
		order := sandbox.Fault{API: emulator.API, Operation: operations[call], Nth: f.Nth, Effect: sandbox.Effect(f.Effect), Seconds: f.Seconds}
		orders = append(orders, order)
		if call == "send chat reply" { // a file has a call of its own
			order.Operation = chats + "/file/send"
			orders = append(orders, order)
		}
	}
	if err := w.SetFaults(orders); err != nil {
		t.Fatalf("order a fault: %v", err)
	}
}

// mailbox takes pushes and answers them as the product does.
type mailbox struct {
	mu  sync.Mutex // guards got
	got []sellerdesk.Push
}

func (b *mailbox) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, sellerdesk.MaxPush))
	push := sellerdesk.Push{Body: body, Path: r.URL.Path, Type: r.Header.Get("Content-Type"), Received: sellerdesk.At(time.Now())}
	reply := yandexmarket.Driver().Ack(push)
	if reply.Keep {
		b.mu.Lock()
		b.got = append(b.got, push)
		b.mu.Unlock()
	}
	rw.Header().Set("Content-Type", reply.Type)
	rw.WriteHeader(reply.Status)
	_, _ = rw.Write(reply.Body)
}

// pushes waits until all that was to be pushed has come.
func (w *world) pushes(t testing.TB) []sellerdesk.Push {
	t.Helper()
	if w.post == nil {
		w.post = &mailbox{}
		server := httptest.NewServer(w.post)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			_ = w.Run(ctx) // it ends with ctx only
			close(ended)
		}()
		t.Cleanup(func() {
			stop()
			<-ended
			server.Close()
		})
		w.control(t, "push", map[string]any{"api": emulator.API, "address": server.URL + "/in/1/key"}, nil)
	}
	for range 500 {
		if p := w.State().Accounts[0].Push; p != nil && p.State == "ok" && p.Queued == 0 && p.Delivered > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	got := w.post.got
	w.post.got = nil
	return got
}

// control calls the control API of the sandbox.
func (w *world) control(t testing.TB, call string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := w.client.Post(w.server.URL+"/_sandbox/"+call, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatalf("control %s: %v", call, err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("control %s: %d %s", call, resp.StatusCode, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("control %s: %v", call, err)
		}
	}
}

func (w *world) subject(t testing.TB) sellerdesk.Open {
	t.Helper()
	var order sandbox.OrderState
	w.control(t, "yandexmarket/order", map[string]any{}, &order)
	return sellerdesk.Open{Order: order.Order}
}

func (w *world) shut(t testing.TB) (sellerdesk.RemoteID, sellerdesk.ReasonCode) {
	t.Helper()
	id := w.buyer(t, channeltest.Line{Kind: sellerdesk.KindChat, Text: "thank you"})
	w.control(t, "yandexmarket/chat", map[string]any{"conversation": id, "do": "finish"}, nil)
	return id, sellerdesk.ReasonFinished
}
