package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Pushing says how a channel that pushes is measured.
type Pushing struct {
	Rate  int           // words of buyers a second
	For   time.Duration // how long they come
	Scale float64       // of the clock, and so of the quotas
	Storm int           // words that come with troubles
}

// PushingReport is what was measured.
type PushingReport struct {
	Words durations // from the buyer's word to the event at a client
	Acks  durations // of pushes, while a second cabinet and lists are read
	Lists int       // pages that were read meanwhile
	Late  int       // words that never became an event
	// Storm: what is missing or there twice after the next pass over the lists,
	// how long that took on the clock of the world, and the pushes that were lost.
	Missing, Twice, Lost int
	Caught               time.Duration
	Violations           int
}

// said is a word of a buyer.
type said struct {
	text string
	at   time.Time
}

// pusher is the product that reads a cabinet which pushes to it.
type pusher struct {
	*played
	remote  *caller
	address string                // where the world pushes to
	chats   []sellerdesk.RemoteID // that a buyer and a person can write in
}

// playPushes starts the product on a world that pushes, and returns when it has
// read all that there was.
func playPushes(ctx context.Context, rig *Rig, name string, o sandbox.Options) (_ *pusher, err error) {
	one, err := playOne(rig, rig.Pushing, name, o)
	if err != nil {
		return nil, err
	}
	p := &pusher{played: one, remote: newCaller(one.play.URL, "", 16)}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.end())
		}
	}()
	if err := p.start(ctx); err != nil {
		return nil, err
	}
	if err := p.readAll(ctx); err != nil {
		return nil, err
	}
	if err := p.pushHere(ctx); err != nil {
		return nil, fmt.Errorf("let the world push: %w", err)
	}
	return p, p.findChats(ctx)
}

// end stops everything and removes the data.
func (p *pusher) end() error {
	p.remote.close()
	return p.played.end()
}

// readAll adds the cabinet and waits until its history is read, with its
// pictures: both sides draw them, which is no part of the measure.
func (p *pusher) readAll(ctx context.Context) error {
	if err := p.add(ctx); err != nil {
		return err
	}
	err := p.follow(ctx, 2*time.Minute, func(all map[string]sellerdesk.StreamProgress) bool {
		for _, s := range all {
			if !s.CaughtUp {
				return false
			}
		}
		return len(all) > 0
	})
	files, since := 0, time.Now()
	await(ctx, 3*time.Minute, 100*time.Millisecond, func() bool {
		if now := p.play.Traffic.Count("files"); now != files {
			files, since = now, time.Now()
		}
		return time.Since(since) > 3*time.Second
	})
	return err
}

// pushHere lets the world push to the product.
func (p *pusher) pushHere(ctx context.Context) error {
	var a sellerdesk.Account
	if err := p.calls.must(ctx, http.MethodGet, fmt.Sprintf("/v1/accounts/%d", p.account), "", nil, &a); err != nil {
		return err
	}
	if a.Push == nil {
		return errors.New("the account has no address for pushes")
	}
	p.address = p.child.url + a.Push.Address
	return p.remote.must(ctx, http.MethodPost, "/_sandbox/push", "", map[string]any{"api": p.play.API, "account": "1", "address": p.address}, nil)
}

// findChats names open chats of the cabinet.
func (p *pusher) findChats(ctx context.Context) error {
	var list page[sellerdesk.Conversation]
	err := p.calls.must(ctx, http.MethodGet, fmt.Sprintf("/v1/conversations?kind=chat&limit=100&account=%d", p.account), "", nil, &list)
	for _, c := range list.Items {
		if can, ok := sellerdesk.Find(c.Can, sellerdesk.ActionReply); ok && can.Reason == "" && c.RemoteID != nil {
			p.chats = append(p.chats, *c.RemoteID)
		}
	}
	if err == nil && len(p.chats) < 10 {
		err = fmt.Errorf("%d chats can be written to, too few", len(p.chats))
	}
	return err
}

// say lets the buyer of a chat write.
func (p *pusher) say(ctx context.Context, chat sellerdesk.RemoteID, text string) error {
	return p.remote.must(ctx, http.MethodPost, "/_sandbox/buyer", "", map[string]any{
		"api": p.play.API, "account": "1", "kind": "chat", "conversation": chat, "text": text,
	}, nil)
}

// Burst measures how soon words that are pushed are at a client, and then how
// soon pushes are answered while other things are read.
func Burst(ctx context.Context, rig *Rig, n Pushing) (report PushingReport, err error) {
	p, err := playPushes(ctx, rig, "burst", sandbox.Options{Messages: 2000, Accounts: 2, Scale: n.Scale})
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	words, came, err := p.speak(ctx, n)
	if err != nil {
		return report, err
	}
	if err := p.match(ctx, words, came, &report); err != nil {
		return report, err
	}
	if err := p.answers(ctx, n, &report); err != nil {
		return report, err
	}
	report.Violations = p.violations()
	return report, nil
}

// speak lets buyers write at a rate, and gives what they said and what came to
// a client that follows the events.
func (p *pusher) speak(ctx context.Context, n Pushing) (words []said, came []arrival, err error) {
	following, cancel := context.WithCancel(ctx)
	defer cancel()
	total := int(n.For.Seconds() * float64(n.Rate))
	arrivals := make(chan arrival, 50*total)
	ready := make(chan error, 1)
	go follow(following, &Program{URL: p.child.url, Key: benchKey}, ready, arrivals)
	if err := <-ready; err != nil {
		return nil, nil, fmt.Errorf("follow the events: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(16)
	words = make([]said, total)
	tick := time.NewTicker(time.Second / time.Duration(n.Rate))
	defer tick.Stop()
	for i := range words {
		<-tick.C
		words[i] = said{fmt.Sprintf("Вопрос номер %d: когда отправите?", i), time.Now()}
		group.Go(func() error { return p.say(ctx, p.chats[1+i%(len(p.chats)-1)], words[i].text) })
		p.rig.progress("pushed words", i+1, total)
	}
	if err := group.Wait(); err != nil {
		return nil, nil, fmt.Errorf("let buyers write: %w", err)
	}
	time.Sleep(3 * time.Second) // the last ones are on their way
	cancel()
	for len(arrivals) > 0 {
		came = append(came, <-arrivals)
	}
	return words, came, nil
}

// match finds out when each word was at the client.
func (p *pusher) match(ctx context.Context, words []said, came []arrival, report *PushingReport) error {
	at := map[sellerdesk.MessageID]time.Time{}
	for _, a := range came {
		var e struct {
			Kind sellerdesk.EventKind    `json:"kind"`
			Data sellerdesk.MessageEvent `json:"data"`
		}
		if json.Unmarshal([]byte(a.data), &e) == nil && e.Kind == sellerdesk.EventMessageCreated {
			at[e.Data.Message] = a.at
		}
	}
	began := map[string]time.Time{}
	for _, w := range words {
		began[w.text] = w.at
	}
	err := walk(ctx, p.calls, fmt.Sprintf("/v1/conversations?kind=chat&account=%d", p.account), func(c sellerdesk.Conversation) error {
		return walk(ctx, p.calls, fmt.Sprintf("/v1/conversations/%d/messages", c.ID), func(m sellerdesk.Message) error {
			said, ours := began[m.Text]
			if arrived, told := at[m.ID]; ours && told {
				report.Words = append(report.Words, arrived.Sub(said))
				delete(began, m.Text)
			}
			return nil
		})
	})
	report.Late = len(began)
	return err
}

// answers times the answers to pushes while a second cabinet reads its history
// and somebody looks through the list, a page each tenth of a second.
func (p *pusher) answers(ctx context.Context, n Pushing, report *PushingReport) error {
	ctx, cancel := context.WithTimeout(ctx, n.For)
	defer cancel()
	a := p.play.World.State().Accounts[1]
	err := p.calls.must(ctx, http.MethodPost, "/v1/accounts", "", map[string]any{
		"channel": a.API, "name": "The second", "base_url": p.play.URL + "/" + a.API, "credentials": map[string]string{"token": a.Token},
	}, nil)
	if err != nil {
		return fmt.Errorf("add a second cabinet: %w", err)
	}
	var group errgroup.Group
	group.Go(func() error { return p.timeAcks(ctx, report) })
	group.Go(func() error {
		for cursor := ""; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
			var list page[sellerdesk.Conversation]
			if err := p.calls.must(ctx, http.MethodGet, "/v1/conversations?limit=50&kind=review"+cursor, "", nil, &list); err != nil && ctx.Err() == nil {
				return fmt.Errorf("look through the list: %w", err)
			}
			report.Lists++
			cursor = ""
			if list.Next != nil {
				cursor = "&cursor=" + *list.Next
			}
		}
		return nil
	})
	return group.Wait()
}

// timeAcks repeats a push about a chat and times the answers.
func (p *pusher) timeAcks(ctx context.Context, report *PushingReport) error {
	a := p.play.World.State().Accounts[0]
	body := fmt.Appendf(nil, `{"notificationType":"CHAT_MESSAGE_SENT","businessId":%d,"chatId":%s,"messageId":1,"sentAt":"2026-01-01T00:00:00Z"}`, *a.Business, p.chats[0])
	client := &http.Client{Timeout: 10 * time.Second}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/notification", bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		began := time.Now()
		res, err := client.Do(req)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("push: %w", err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("a push is answered with %d", res.StatusCode)
		}
		report.Acks = append(report.Acks, time.Since(began))
	}
}

// Storm measures that pushes with troubles end in the state of the remote side.
func Storm(ctx context.Context, rig *Rig, n Pushing) (report PushingReport, err error) {
	p, err := playPushes(ctx, rig, "storm", sandbox.Options{Messages: 2000, Accounts: 1, Scale: n.Scale})
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	texts, err := p.storm(ctx, n.Storm)
	if err != nil {
		return report, err
	}
	quiet := p.now()
	report.Missing, err = p.awaitAll(ctx, texts)
	report.Caught, report.Violations = p.now().Sub(quiet), p.violations()
	if s := p.play.World.State().Accounts[0].Push; s != nil {
		report.Lost = s.Lost
	}
	if err := errors.Join(err, p.stop()); err != nil {
		return report, err
	}
	held, err := p.holds(ctx, sellerdesk.KindChat)
	report.Missing, report.Twice = 0, held.twice
	for _, text := range texts {
		report.Missing += max(0, 1-held.texts[text])
		report.Twice += max(0, held.texts[text]-1)
	}
	return report, err
}

// storm lets buyers write while pushes are repeated, change places and get lost,
// and returns when the world has pushed all it will.
func (p *pusher) storm(ctx context.Context, count int) ([]string, error) {
	const push = "POST /notification"
	faults := []sandbox.Fault{
		{API: p.play.API, Operation: push, Share: .05, Effect: sandbox.EffectDuplicate},
		{API: p.play.API, Operation: push, Share: .05, Effect: sandbox.EffectReorder},
		{API: p.play.API, Operation: push, Share: .02, Effect: sandbox.EffectDropBefore},
	}
	if err := p.remote.must(ctx, http.MethodPost, "/_sandbox/faults", "", faults, nil); err != nil {
		return nil, fmt.Errorf("order troubles: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(4)
	texts := make([]string, count)
	var mu sync.Mutex
	done := 0
	for i := range texts {
		texts[i] = fmt.Sprintf("Слово номер %d в бурю.", i)
		group.Go(func() error {
			err := p.say(ctx, p.chats[i%len(p.chats)], texts[i])
			mu.Lock()
			done++
			p.rig.progress("words in the storm", done, count)
			mu.Unlock()
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("let buyers write: %w", err)
	}
	if !await(ctx, 5*time.Minute, 50*time.Millisecond, func() bool { return p.play.World.State().Accounts[0].Push.Queued == 0 }) {
		return nil, errors.New("the world could not push all within five minutes")
	}
	return texts, nil
}

// awaitAll waits until every word is here, and gives how many are not.
func (p *pusher) awaitAll(ctx context.Context, texts []string) (missing int, err error) {
	await(ctx, 2*time.Minute, 200*time.Millisecond, func() bool {
		wanted := make(map[string]bool, len(texts))
		for _, text := range texts {
			wanted[text] = true
		}
		err = walk(ctx, p.calls, "/v1/conversations?kind=chat", func(c sellerdesk.Conversation) error {
			return walk(ctx, p.calls, fmt.Sprintf("/v1/conversations/%d/messages", c.ID), func(m sellerdesk.Message) error {
				delete(wanted, m.Text)
				return nil
			})
		})
		missing = len(wanted)
		return err == nil && missing == 0
	})
	return missing, err
}

func pushes(ctx context.Context, rig *Rig) ([]Row, error) {
	n := Pushing{Rate: 50, For: time.Minute, Scale: 40, Storm: 10_000}
	if rig.Short {
		n.For, n.Storm = 5*time.Second, 1000
	}
	b, err := Burst(ctx, rig, n)
	if err != nil {
		return nil, fmt.Errorf("measure a burst of pushes: %w", err)
	}
	s, err := Storm(ctx, rig, n)
	if err != nil {
		return nil, fmt.Errorf("measure a storm of pushes: %w", err)
	}
	burst := fmt.Sprintf("%d words at %d a second, the clock and the quotas %g times as fast; %d violations", len(b.Words), n.Rate, n.Scale, b.Violations)
	acks := fmt.Sprintf("%d answers, twenty a second, while a second cabinet is read with its pictures, and %d pages of the list", len(b.Acks), b.Lists)
	storm := fmt.Sprintf("%d words, 5 %% of the pushes twice, 5 %% out of order, %d lost; all was here %.0f s of simulated time after the last push; %d violations",
		n.Storm, s.Lost, s.Caught.Seconds(), s.Violations)
	return []Row{
		{Name: "pushed word to the event at a client, p50", Unit: "ms", Value: milliseconds(b.Words.percentile(.5)), Note: burst},
		{Name: "pushed word to the event at a client, p99", Unit: "ms", Value: milliseconds(b.Words.percentile(.99)), Bound: 300, Note: burst},
		{Name: "pushed words that no event told of", Unit: "faults", Value: float64(b.Late), Note: burst},
		{Name: "answer to a push, p50", Unit: "ms", Value: milliseconds(b.Acks.percentile(.5)), Note: acks},
		{Name: "answer to a push, p99", Unit: "ms", Value: milliseconds(b.Acks.percentile(.99)), Bound: 20, Note: acks},
		{Name: "pushes with troubles, words missing", Unit: "faults", Value: float64(s.Missing), Note: storm},
		{Name: "pushes with troubles, there twice", Unit: "faults", Value: float64(s.Twice), Note: storm},
		{Name: "pushes, violations of the limits", Unit: "faults", Value: float64(b.Violations + s.Violations), Note: storm},
	}, nil
}
