package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// killScale is the speed of the clock while processes are killed, so that a
// round sees many polls.
const killScale = 20

func kills(ctx context.Context, rig *Rig) ([]Row, error) {
	rounds := 200
	if rig.Short {
		rounds = 50
	}
	r, err := Kills(ctx, rig, rounds)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d replies accepted, %d ended with a person, %d words of buyers; a tenth of all answers of the remote side was dropped", r.Accepted, r.WithPerson, r.Buyers)
	row := func(name string, value int) Row {
		return Row{Name: fmt.Sprintf("%s in %d kills", name, rounds), Unit: "faults", Value: float64(value), Note: note}
	}
	return []Row{
		row("messages lost", r.Lost), row("messages sent twice", r.Twice),
		row("messages shown twice, or cursor apart from data", r.Apart),
	}, nil
}

// KillReport is what became of the messages.
type KillReport struct {
	Rounds     int
	Accepted   int // replies the product took
	WithPerson int // replies whose fate a person decides
	Buyers     int // messages of buyers
	Lost       int // neither at the remote side nor with a person; or of a buyer and not shown
	Twice      int // at the remote side more than once
	Apart      int // shown more than once, or reading that skipped or repeated something
	// Faults says in words what was counted, the first few.
	Faults []string
}

func (r *KillReport) fault(count *int, format string, args ...any) {
	*count++
	if len(r.Faults) < 10 {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// Kills plays a world whose remote side drops a tenth of its answers after it
// did what was asked, kills the product at random so many times while people
// reply and buyers write, and then counts.
func Kills(ctx context.Context, rig *Rig, rounds int) (_ KillReport, err error) {
	play, err := rig.Play(rig.Channel, 7, sandbox.Options{Messages: 300, Scale: killScale})
	if err != nil {
		return KillReport{}, fmt.Errorf("start a sandbox: %w", err)
	}
	defer func() { err = errors.Join(err, play.Stop()) }()
	k := &killing{rig: rig, play: play, dice: rand.New(rand.NewPCG(7, 7))}
	if k.data, err = os.MkdirTemp(rig.Dir, "kills-"); err != nil {
		return KillReport{}, fmt.Errorf("make the data folder: %w", err)
	}
	if err := k.settle(ctx, k.addAccount); err != nil {
		return KillReport{}, err
	}
	err = play.World.SetFaults([]sandbox.Fault{{API: play.API, Operation: "*", Share: 0.1, Effect: sandbox.EffectDropAfter}})
	if err != nil {
		return KillReport{}, fmt.Errorf("order the faults: %w", err)
	}
	for n := range rounds {
		if err := k.round(ctx); err != nil {
			return KillReport{}, fmt.Errorf("round %d: %w", n+1, err)
		}
		rig.progress("kills", n+1, rounds)
	}
	if err := play.World.SetFaults(nil); err != nil {
		return KillReport{}, fmt.Errorf("end the faults: %w", err)
	}
	report := KillReport{Rounds: rounds}
	return report, k.settle(ctx, func(ctx context.Context, c *caller) error { return k.count(ctx, c, &report) })
}

// killing is the state of the rounds.
type killing struct {
	rig     *Rig
	play    *Playground
	data    string
	dice    *rand.Rand
	targets []int64  // conversations that can be replied to
	written int      // replies made up so far
	replies []*reply // those that are to arrive
	buyers  []string // texts of buyers
}

// reply is one intent of a person.
type reply struct {
	conversation int64
	text, key    string
	accepted     bool
}

// clockFlag puts the product on the clock of the world: the world's moment, the
// machine's moment, the speed.
func (k *killing) clockFlag() string {
	return fmt.Sprintf("%s,%d,%d", k.play.World.Clock().Now().UTC().Format(time.RFC3339Nano), time.Now().UnixNano(), killScale)
}

func (k *killing) start(ctx context.Context) (*child, error) {
	return startChild(ctx, k.rig, k.data, "--test-clock", k.clockFlag())
}

// settle runs the product undisturbed for a while.
func (k *killing) settle(ctx context.Context, do func(context.Context, *caller) error) error {
	c, err := k.start(ctx)
	if err != nil {
		return err
	}
	calls := newCaller(c.url, benchKey, 4)
	defer calls.close()
	return errors.Join(do(ctx, calls), c.stop())
}

func (k *killing) addAccount(ctx context.Context, c *caller) error {
	a := k.play.World.State().Accounts[0]
	err := c.must(ctx, http.MethodPost, "/v1/accounts", "", map[string]any{
		"channel": a.API, "name": a.Name, "base_url": k.play.URL + "/" + a.API, "credentials": map[string]string{"token": a.Token},
	}, nil)
	if err != nil {
		return fmt.Errorf("add the cabinet: %w", err)
	}
	for range 10 {
		if err := k.buyerWrites(ctx); err != nil {
			return err
		}
	}
	var list page[sellerdesk.Conversation]
	open := await(ctx, 30*time.Second, 50*time.Millisecond, func() bool {
		err := c.must(ctx, http.MethodGet, "/v1/conversations?limit=50", "", nil, &list)
		return err == nil && len(list.Items) >= 20
	})
	if !open {
		return errors.New("the cabinet was not read within 30 s")
	}
	for _, conversation := range list.Items {
		if can, ok := sellerdesk.Find(conversation.Can, sellerdesk.ActionReply); ok && can.Reason == "" {
			k.targets = append(k.targets, int64(conversation.ID))
		}
	}
	if len(k.targets) == 0 {
		return errors.New("no conversation can be replied to")
	}
	return nil
}

func (k *killing) buyerWrites(ctx context.Context) error {
	text := fmt.Sprintf("Вопрос покупателя номер %d", len(k.buyers)+1)
	_, err := k.play.World.BuyerWrites(ctx, sandbox.BuyerMessage{API: k.play.API, Kind: sandbox.KindChat, Text: text})
	if err != nil {
		return fmt.Errorf("let a buyer write: %w", err)
	}
	k.buyers = append(k.buyers, text)
	return nil
}

// round starts the product, lets people and buyers write, and kills it at some
// moment.
func (k *killing) round(ctx context.Context) error {
	c, err := k.start(ctx)
	if err != nil {
		return err
	}
	if err := k.buyerWrites(ctx); err != nil {
		return errors.Join(err, c.kill())
	}
	calls := newCaller(c.url, benchKey, 4)
	defer calls.close()
	var writing sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lifetime := time.Duration(k.dice.IntN(400)) * time.Millisecond
	writing.Go(func() { k.write(ctx, calls) })
	time.Sleep(lifetime)
	err = c.kill()
	cancel()
	writing.Wait()
	return err
}

// write repeats what was not accepted, with the same key, then says up to three
// new things.
func (k *killing) write(ctx context.Context, c *caller) {
	for _, r := range k.replies {
		if !r.accepted && !k.post(ctx, c, r) {
			return
		}
	}
	for range 3 {
		k.written++
		r := &reply{
			conversation: k.targets[k.dice.IntN(len(k.targets))],
			text:         fmt.Sprintf("Ответ продавца номер %d", k.written),
			key:          fmt.Sprintf("kill-%d", k.written),
		}
		k.replies = append(k.replies, r)
		if !k.post(ctx, c, r) {
			return
		}
		time.Sleep(time.Duration(k.dice.IntN(60)) * time.Millisecond)
	}
}

func (k *killing) post(ctx context.Context, c *caller, r *reply) bool {
	path := fmt.Sprintf("/v1/conversations/%d/messages", r.conversation)
	status, err := c.call(ctx, http.MethodPost, path, r.key, map[string]any{"text": r.text}, nil)
	r.accepted = err == nil && status == http.StatusAccepted
	return r.accepted
}

// count waits until everything has its end and compares both sides.
func (k *killing) count(ctx context.Context, c *caller, report *KillReport) error {
	for _, r := range k.replies {
		if !r.accepted && !k.post(ctx, c, r) {
			return fmt.Errorf("%q is not accepted by a product in peace", r.text)
		}
	}
	var shown *view
	var readErr error
	quiet := await(ctx, 120*time.Second, 500*time.Millisecond, func() bool {
		shown, readErr = k.shown(ctx, c)
		return readErr == nil && k.ended(shown)
	})
	if readErr != nil {
		return readErr
	}
	received := map[string]int{}
	state := k.play.World.State()
	for _, m := range state.Received {
		received[m.Text]++
	}
	report.Accepted, report.Buyers = len(k.replies), len(k.buyers)
	if !quiet {
		report.fault(&report.Lost, "not everything had its end after two minutes")
	}
	if state.Duplicates > 0 {
		report.fault(&report.Twice, "the remote side counts %d duplicates", state.Duplicates)
	}
	k.judgeReplies(shown, received, report)
	for _, text := range k.buyers {
		switch n := len(shown.byText[text]); {
		case n == 0:
			report.fault(&report.Lost, "%q of a buyer is not shown", text)
		case n > 1:
			report.fault(&report.Apart, "%q of a buyer is shown %d times", text, n)
		}
	}
	k.judgeReading(shown, received, report)
	return nil
}

func (k *killing) judgeReplies(shown *view, received map[string]int, report *KillReport) {
	for _, r := range k.replies {
		if n := received[r.text]; n > 1 {
			report.fault(&report.Twice, "%q arrived %d times", r.text, n)
		}
		switch lines := shown.byText[r.text]; {
		case len(lines) == 0:
			report.fault(&report.Lost, "%q was accepted and is not shown", r.text)
		case len(lines) > 1:
			report.fault(&report.Apart, "%q is shown %d times", r.text, len(lines))
		case lines[0].Status == sellerdesk.MessageUnknown:
			report.WithPerson++
		case lines[0].Status == sellerdesk.MessageSent && received[r.text] == 0:
			report.fault(&report.Lost, "%q counts as sent and never arrived", r.text)
		case lines[0].Status != sellerdesk.MessageSent:
			report.fault(&report.Lost, "%q ended as %s (%s)", r.text, lines[0].Status, lines[0].Reason)
		}
	}
}

// judgeReading compares how many lines both sides have in each conversation:
// reading that lost or repeated its place shows here even where no text above
// is touched.
func (k *killing) judgeReading(shown *view, received map[string]int, report *KillReport) {
	account := k.play.World.Accounts(k.play.API)[0]
	account.Conversations(func(c sandbox.Conversation) bool {
		there := 0
		for _, m := range account.History(c.ID, c.Messages) {
			if !m.Empty {
				there++
			}
		}
		here := 0
		for remote, lines := range shown.byConversation {
			if strings.HasSuffix(string(remote), c.ID.String()) {
				here += k.arrived(lines, received)
			}
		}
		if here != there {
			report.fault(&report.Apart, "the remote side has %d lines in conversation %s, the product shows %d", there, c.ID, here)
		}
		return true
	})
}

// arrived counts the lines without those that never reached the remote side.
func (k *killing) arrived(lines []sellerdesk.Message, received map[string]int) int {
	n := 0
	for _, m := range lines {
		if m.Author != sellerdesk.AuthorAgent || received[m.Text] > 0 {
			n++
		}
	}
	return n
}

// view is all lines as the product shows them.
type view struct {
	byText         map[string][]sellerdesk.Message
	byConversation map[sellerdesk.RemoteID][]sellerdesk.Message
}

// shown reads all conversations.
func (k *killing) shown(ctx context.Context, c *caller) (*view, error) {
	v := &view{map[string][]sellerdesk.Message{}, map[sellerdesk.RemoteID][]sellerdesk.Message{}}
	err := walk(ctx, c, "/v1/conversations", func(conversation sellerdesk.Conversation) error {
		if conversation.RemoteID == nil {
			return fmt.Errorf("conversation %d has no identity at the remote side", conversation.ID)
		}
		path := fmt.Sprintf("/v1/conversations/%d/messages", conversation.ID)
		return walk(ctx, c, path, func(m sellerdesk.Message) error {
			v.byText[m.Text] = append(v.byText[m.Text], m)
			v.byConversation[*conversation.RemoteID] = append(v.byConversation[*conversation.RemoteID], m)
			return nil
		})
	})
	return v, err
}

// ended tells whether every reply has an end that lasts and every word of a
// buyer is there.
func (k *killing) ended(shown *view) bool {
	for _, r := range k.replies {
		if len(shown.byText[r.text]) == 0 {
			return false
		}
		switch shown.byText[r.text][0].Status {
		case sellerdesk.MessageQueued, sellerdesk.MessageSending:
			return false
		}
	}
	for _, text := range k.buyers {
		if len(shown.byText[text]) == 0 {
			return false
		}
	}
	return true
}

// walk reads all pages of a list.
func walk[T any](ctx context.Context, c *caller, path string, each func(T) error) error {
	mark := "?"
	if strings.Contains(path, mark) {
		mark = "&"
	}
	for next := ""; ; {
		var got page[T]
		if err := c.must(ctx, http.MethodGet, path+mark+"limit=200"+next, "", nil, &got); err != nil {
			return err
		}
		for _, item := range got.Items {
			if err := each(item); err != nil {
				return err
			}
		}
		if got.Next == nil {
			return nil
		}
		next = "&cursor=" + *got.Next
	}
}
