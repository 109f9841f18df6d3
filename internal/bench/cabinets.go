package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Cabinets is the world of a very large seller.
type Cabinets struct {
	Accounts int
	Reviews  int // in all accounts together
	Chats    int // the same
	Watched  time.Duration
	Pages    int // of the list
}

// CabinetsReport is what the product costs with many cabinets.
type CabinetsReport struct {
	Reviews, Chats, Messages int // as generated
	Filled                   time.Duration
	Database                 int64 // bytes
	Ready                    time.Duration
	Peak                     int64   // bytes of resident memory, from its start to the end of the measure
	Busy                     float64 // share of one core while in step, nobody asking
	// Words are times from a buyer's word at the remote side until the list shows it.
	Words      durations
	Behind     int // streams that were not read to their end, or with an error, at the end
	Violations int
	Pages      map[string]durations // by what was asked for
}

// Crowd adds the cabinets of a world, lets the product read them, fills them with generated rows while it stands
// still, starts it again, and looks what it takes to stay in step and to show
// the list.
func Crowd(ctx context.Context, rig *Rig, w Cabinets) (_ CabinetsReport, err error) {
	p, err := playOne(rig, rig.Channel, "cabinets", sandbox.Options{Accounts: w.Accounts, Messages: 40 * w.Accounts, Live: true})
	if err != nil {
		return CabinetsReport{}, err
	}
	defer func() { err = errors.Join(err, p.end()) }()
	if err := p.start(ctx); err != nil {
		return CabinetsReport{}, err
	}
	accounts, err := p.addAll(ctx)
	if err != nil {
		return CabinetsReport{}, err
	}
	if err := p.inStep(ctx); err != nil {
		return CabinetsReport{}, err
	}
	if err := p.stop(); err != nil {
		return CabinetsReport{}, err
	}
	report := CabinetsReport{Pages: map[string]durations{}}
	if err := p.fill(ctx, accounts, w, &report); err != nil {
		return report, err
	}
	if err := p.start(ctx); err != nil {
		return report, err
	}
	report.Ready = p.child.ready
	if err := p.inStep(ctx); err != nil {
		return report, err
	}
	if err := p.watch(ctx, w, &report); err != nil {
		return report, err
	}
	if err := p.listAll(ctx, accounts, w, &report); err != nil {
		return report, err
	}
	if report.Peak, err = memoryOf(p.child.cmd.Process.Pid, "VmHWM"); err != nil {
		return report, err
	}
	report.Violations = p.violations()
	report.Behind, err = p.behind(ctx)
	return report, err
}

// addAll adds all cabinets of the world.
func (p *played) addAll(ctx context.Context) ([]sellerdesk.AccountID, error) {
	var ids []sellerdesk.AccountID
	for _, a := range p.play.World.State().Accounts {
		if a.API != p.play.API {
			continue
		}
		var added sellerdesk.Account
		err := p.calls.must(ctx, http.MethodPost, "/v1/accounts", "", map[string]any{
			"channel": a.API, "name": a.Name, "base_url": p.play.URL + "/" + a.API, "credentials": map[string]string{"token": a.Token},
		}, &added)
		if err != nil {
			return nil, fmt.Errorf("add a cabinet: %w", err)
		}
		ids = append(ids, added.ID)
	}
	return ids, nil
}

// behind counts the streams that are not read to their end.
func (p *played) behind(ctx context.Context) (int, error) {
	var list page[sellerdesk.Account]
	if err := p.calls.must(ctx, http.MethodGet, "/v1/accounts?limit=200", "", nil, &list); err != nil {
		return 0, fmt.Errorf("ask how far reading is: %w", err)
	}
	n := 0
	for _, a := range list.Items {
		n += max(0, wantedStreams-len(a.Streams))
		for _, s := range a.Streams {
			if !s.CaughtUp || s.Error != "" {
				n++
			}
		}
	}
	return n, nil
}

// inStep waits until every stream of every cabinet is read to its end.
func (p *played) inStep(ctx context.Context) error {
	var last error
	behind := 0
	ended := await(ctx, 10*time.Minute, time.Second, func() bool {
		behind, last = p.behind(ctx)
		p.rig.progress("streams still to be read", behind, 0)
		return last == nil && behind == 0
	})
	if !ended {
		return errors.Join(fmt.Errorf("%d streams were not read to their end", behind), last)
	}
	return nil
}

// watch measures the processor while nobody asks, then how soon a buyer's word
// is in the list.
func (p *played) watch(ctx context.Context, w Cabinets, r *CabinetsReport) error {
	pid := p.child.cmd.Process.Pid
	before, err := processorTime(pid)
	if err != nil {
		return err
	}
	began := time.Now()
	for passed := time.Duration(0); passed < w.Watched && ctx.Err() == nil; passed = time.Since(began) {
		p.rig.progress("in step", int(passed.Seconds()), int(w.Watched.Seconds()))
		time.Sleep(min(time.Second, w.Watched-passed))
	}
	after, err := processorTime(pid)
	if err != nil {
		return err
	}
	r.Busy = (after - before).Seconds() / time.Since(began).Seconds()
	for n := range 10 {
		took, err := p.word(ctx, fmt.Sprintf("Слышно ли меня, это слово номер %d?", n))
		if err != nil {
			return err
		}
		r.Words = append(r.Words, took)
	}
	return nil
}

// word lets a buyer write and waits until the list shows it.
func (p *played) word(ctx context.Context, text string) (time.Duration, error) {
	remote := newCaller(p.play.URL, "", 1)
	defer remote.close()
	began := time.Now()
	err := remote.must(ctx, http.MethodPost, "/_sandbox/buyer", "", map[string]any{"api": p.play.API, "kind": "chat", "text": text}, nil)
	if err != nil {
		return 0, fmt.Errorf("let a buyer write: %w", err)
	}
	var last error
	shown := await(ctx, time.Minute, 20*time.Millisecond, func() bool {
		var list page[sellerdesk.Conversation]
		last = p.calls.must(ctx, http.MethodGet, "/v1/conversations?limit=20", "", nil, &list)
		for _, c := range list.Items {
			if c.LastMessage != nil && c.LastMessage.Text == text {
				return true
			}
		}
		return false
	})
	if !shown {
		return 0, errors.Join(errors.New("a buyer's word was not in the list within a minute"), last)
	}
	return time.Since(began), nil
}

// views are the lists that are asked for, each from the top on as deep as it
// goes, at most 50 pages.
func views(accounts []sellerdesk.AccountID) map[string]string {
	one := fmt.Sprintf("&account=%d", accounts[len(accounts)/2])
	day := func(ago int) string { return time.Now().AddDate(0, 0, -ago).UTC().Format("2006-01-02T15:04:05Z") }
	return map[string]string{
		"everything, newest first":           "",
		"everything, longest wait first":     "&sort=waiting",
		"reviews":                            "&kind=review",
		"chats":                              "&kind=chat",
		"what needs an answer":               "&needs_answer=true&sort=waiting",
		"reviews that need an answer":        "&kind=review&needs_answer=true&sort=waiting",
		"unread":                             "&unread=true",
		"reviews of one or two stars":        "&kind=review&rating=1&rating=2",
		"questions":                          "&kind=question",
		"claims":                             "&kind=claim",
		"what is archived":                   "&status=archived",
		"chats that need an answer":          "&kind=chat&needs_answer=true&sort=waiting",
		"one cabinet":                        one,
		"reviews of one star of one cabinet": "&kind=review&rating=1" + one,
		"one product":                        "&kind=review&product=" + string(productID(7)),
		"reviews without an answer":          "&kind=review&answered=false",
		"reviews with a photo":               "&kind=review&has_photo=true",
		"reviews of a week":                  "&kind=review&from=" + day(30) + "&to=" + day(23),
		"reviews of a week long ago":         "&kind=review&from=" + day(330) + "&to=" + day(323),
		"two months long ago":                "&from=" + day(330) + "&to=" + day(270),
		"without an answer":                  "&answered=false",
		"claims, longest wait first":         "&kind=claim&sort=waiting",
		"one cabinet, longest wait first":    "&sort=waiting" + one,
	}
}

// listAll asks for pages of all views while the product stays in step.
func (p *played) listAll(ctx context.Context, accounts []sellerdesk.AccountID, w Cabinets, r *CabinetsReport) error {
	all := views(accounts)
	each, done := max(1, w.Pages/len(all)), 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		query, next := all[name], ""
		for n := range each {
			if n%50 == 0 {
				next = ""
			}
			path := "/v1/conversations?limit=50" + query
			if next != "" {
				path += "&cursor=" + next
			}
			var got page[struct {
				ID int64 `json:"id"`
			}]
			began := time.Now()
			if err := p.calls.must(ctx, http.MethodGet, path, "", nil, &got); err != nil {
				return fmt.Errorf("ask for a page of %s: %w", name, err)
			}
			r.Pages[name] = append(r.Pages[name], time.Since(began))
			if next = ""; got.Next != nil {
				next = *got.Next
			}
			done++
			p.rig.progress("list pages", done, each*len(all))
		}
	}
	return nil
}

// cabinets measures what many cabinets cost.
func cabinets(ctx context.Context, rig *Rig) ([]Row, error) {
	w := Cabinets{Accounts: 76, Reviews: 3_600_000, Chats: 620_000, Watched: time.Minute, Pages: 3_565}
	if percent := rig.Percent; percent > 0 {
		w.Reviews, w.Chats = w.Reviews/100*percent, w.Chats/100*percent
	}
	if rig.Short {
		w = Cabinets{Accounts: 8, Reviews: 36_000, Chats: 6_200, Watched: 5 * time.Second, Pages: 280}
	}
	r, err := Crowd(ctx, rig, w)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("%d cabinets, %d reviews, %d chats, %d messages in %.1f GB, generated in %.0f s; the sandbox in another process",
		w.Accounts, r.Reviews, r.Chats, r.Messages, float64(r.Database)/1e9, r.Filled.Seconds())
	world := fmt.Sprintf("%d cabinets", w.Accounts)
	var all durations
	var rows []Row
	for name, waits := range sortedPages(r.Pages) {
		all = append(all, waits...)
		rows = append(rows, Row{Name: world + ", list page: " + name + ", p99", Unit: "ms", Value: milliseconds(waits.percentile(.99)), Bound: 15,
			Note: fmt.Sprintf("%d pages, p50 %.2f ms", len(waits), milliseconds(waits.percentile(.5)))})
	}
	return append([]Row{
		{Name: world + ", list page, all views together, p50", Unit: "ms", Value: milliseconds(all.percentile(.5)), Note: note},
		{Name: world + ", list page, all views together, p99", Unit: "ms", Value: milliseconds(all.percentile(.99)), Bound: 15,
			Note: fmt.Sprintf("%d pages of 50 over HTTP, at most 50 deep, while it stays in step", len(all))},
		{Name: world + ", memory, highest (resident)", Unit: "MB", Value: float64(r.Peak) / 1e6, Bound: 300, Note: "from the start to the end of the measure"},
		{Name: world + ", share of one core while in step", Value: r.Busy, Bound: 0.3, Note: fmt.Sprintf("processor time of the process over %s", w.Watched)},
		{Name: world + ", from a buyer's word to the list, longest", Unit: "s", Value: r.Words.percentile(1).Seconds(),
			Note: fmt.Sprintf("%d words, p50 %.1f s", len(r.Words), r.Words.percentile(.5).Seconds())},
		{Name: world + ", start until ready", Unit: "s", Value: r.Ready.Seconds()},
		{Name: world + ", streams behind or with an error at the end", Unit: "faults", Value: float64(r.Behind)},
		{Name: world + ", violations of the limits", Unit: "faults", Value: float64(r.Violations)},
	}, rows...), nil
}
