package yandexmarket

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// TestDay reads a cabinet with 500 open chats for a day, with pushes that are
// all lost: no quota of the cheapest tariff is ever exceeded, nobody's reply
// waits, and what buyers write is read within a minute.
func TestDay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a day has a hundred thousand requests")
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		m := newMarket(500)
		c, err := open(channel.Settings{
			Credentials: map[string]sellerdesk.Secret{fieldToken: sellerdesk.Secret(someKey)},
			BaseURL:     "http://market.test", Client: &http.Client{Transport: m}, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(c)
		var group sync.WaitGroup
		for _, s := range c.Streams() {
			group.Go(func() { d.follow(ctx, t, s) })
		}
		group.Go(func() { d.recall(ctx, t) })
		for minute := range dayLength {
			time.Sleep(time.Minute)
			for n := range 3 { // 180 buyers an hour
				m.write(minute*7+n*131, "CUSTOMER", time.Now())
			}
			chat := m.at((minute*7 + 131) % len(m.chats)) // and an answer every minute
			began := time.Now()
			_, err := c.Send(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), sellerdesk.Reply{
				Conversation: sellerdesk.RemoteRef{Kind: sellerdesk.KindChat, ID: named(chat)}, Text: "да",
			})
			if took := time.Since(began); err != nil || took > time.Second {
				t.Errorf("minute %d: a reply took %s, %v", minute, took, err)
			}
		}
		time.Sleep(time.Minute)
		stop()
		group.Wait()
		m.report(t)
		d.compare(t, m)
	})
}

// someKey looks like a key.
const someKey = "ACMA:0123456789012345678901234567890123456789:01234567"

// desk reads as the product does: each stream at its pace, and what is to be
// read again one after the other.
type desk struct {
	c     channel.Connector
	again chan sellerdesk.RemoteRef

	mu   sync.Mutex // guards what follows
	kept map[sellerdesk.RemoteID][]byte
	read map[sellerdesk.RemoteID]time.Time // when each line of a chat was read, by both names
}

func newDesk(c channel.Connector) *desk {
	return &desk{c: c, again: make(chan sellerdesk.RemoteRef, 100_000), kept: map[sellerdesk.RemoteID][]byte{}, read: map[sellerdesk.RemoteID]time.Time{}}
}

func (d *desk) take(b sellerdesk.Batch) {
	d.mu.Lock()
	for _, c := range b.Conversations {
		if c.Kind == sellerdesk.KindChat && c.Remote != nil {
			d.kept[c.RemoteID] = c.Remote
		}
	}
	for _, m := range b.Messages {
		name := m.Conversation + "/" + m.RemoteID
		if d.read[name].IsZero() {
			d.read[name] = time.Now()
		}
	}
	d.mu.Unlock()
	for _, ref := range b.Reread {
		d.again <- ref
	}
}

func (d *desk) follow(ctx context.Context, t *testing.T, s channel.Stream) {
	var from sellerdesk.Cursor
	lane, failures := sellerdesk.LaneBackfill, 0
	for ctx.Err() == nil {
		b, err := d.c.Pull(sellerdesk.WithLane(ctx, lane), s.Name, from)
		pause := max(s.Every, b.After)
		switch class, e := channel.ClassOf(err); {
		case ctx.Err() != nil:
			return
		case class == channel.Throttled && e.RetryAfter > 0:
			pause = e.RetryAfter
		case err != nil:
			if failures++; failures > 3 {
				t.Errorf("pull %s: %v", s.Name, err)
				return
			}
		default:
			d.take(b)
			if b.Next != "" {
				from = b.Next
			}
			if b.More {
				continue
			}
			if !s.Backfill {
				lane = sellerdesk.LanePoll
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func (d *desk) recall(ctx context.Context, t *testing.T) {
	history := d.c.(channel.Historian)
	for {
		var ref sellerdesk.RemoteRef
		select {
		case ref = <-d.again:
		case <-ctx.Done():
			return
		}
		d.mu.Lock()
		ref.Remote = d.kept[ref.ID]
		d.mu.Unlock()
		b, err := history.History(ctx, ref, "")
		switch class, _ := channel.ClassOf(err); {
		case err == nil:
			d.take(b)
		case ctx.Err() != nil:
			return
		case class == channel.Throttled:
			d.again <- ref
			time.Sleep(time.Second)
		default:
			t.Errorf("read %s again: %v", ref.ID, err)
		}
	}
}

// compare looks whether all was read, and how late. The last minute may still
// be under way.
func (d *desk) compare(t *testing.T, m *market) {
	t.Helper()
	var waits []time.Duration
	for _, chat := range m.chats {
		for _, line := range chat.lines {
			name := named(chat.id) + "/" + named(line.id)
			at, ok := d.read[name]
			switch {
			case !ok:
				t.Errorf("line %s of %s by %s was never read; the chat has %d", name, line.at, line.sender, len(chat.lines))
			case line.sender == "CUSTOMER" && line.at.After(m.began.Add(10*time.Minute)):
				waits = append(waits, at.Sub(line.at))
			}
		}
	}
	slices.Sort(waits)
	if len(waits) == 0 {
		t.Fatal("nobody wrote")
	}
	worst := waits[len(waits)-1]
	t.Logf("%d lines, read after %s on average, %s at worst", len(waits), waits[len(waits)/2], worst)
	if worst > time.Minute {
		t.Errorf("a line was read after %s", worst)
	}
}

// market plays the remote side, as far as a day needs it, and counts.
type market struct {
	began time.Time

	mu     sync.Mutex // guards what follows
	chats  []*played
	last   int64
	counts map[string]map[int64]int // by operation and hour
	flying int
	most   int
}

type played struct {
	id      int64
	status  string
	updated time.Time
	lines   []uttered
}

type uttered struct {
	id     int64
	sender string
	at     time.Time
}

// quotas are those without a subscription.
func quotas() map[string]int {
	return map[string]int{
		"chats": 5000, "chats/history": 10_000, "chat": 1000, "chats/message": 1000, "goods-feedback": 5000, "goods-feedback/comments": 5000,
		"goods-questions": 1000, "goods-questions/answers": 1000, "campaigns": 1000,
	}
}

func newMarket(chats int) *market {
	m := &market{began: time.Now(), counts: map[string]map[int64]int{}}
	for n := range chats {
		m.chats = append(m.chats, &played{id: int64(n + 1), status: "WAITING_FOR_CUSTOMER", updated: m.began})
		m.write(n, "CUSTOMER", m.began.Add(-time.Duration(n+1)*time.Minute))
	}
	return m
}

func (m *market) at(n int) int64 { return m.chats[n].id }

func (m *market) write(n int, sender string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.chats[n%len(m.chats)]
	m.last++
	c.lines = append(c.lines, uttered{m.last, sender, at})
	if c.updated = at; sender == "CUSTOMER" {
		c.status = "WAITING_FOR_PARTNER"
	} else {
		c.status = "WAITING_FOR_CUSTOMER"
	}
}

func (m *market) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	_, op, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/v2"), "/v1"), "/businesses/1/")
	if op == "" {
		op = strings.TrimPrefix(r.URL.Path, "/v2/")
	}
	m.mu.Lock()
	m.flying++
	m.most = max(m.most, m.flying)
	hour := int64(time.Since(m.began) / time.Hour)
	if m.counts[op] == nil {
		m.counts[op] = map[int64]int{}
	}
	m.counts[op][hour]++
	used := m.counts[op][hour]
	m.mu.Unlock()
	time.Sleep(80 * time.Millisecond)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flying--
	limit, known := quotas()[op]
	until := m.began.Add(time.Duration(hour+1) * time.Hour)
	header := http.Header{
		"Content-Type":                   {"application/json"},
		"X-Ratelimit-Resource-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Resource-Remaining": {strconv.Itoa(max(limit-used, 0))},
		"X-Ratelimit-Resource-Until":     {until.UTC().Format(http.TimeFormat)},
	}
	status, answer := 200, ""
	switch {
	case !known:
		status, answer = 404, `{"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"`+op+`"}]}`
	case used > limit:
		status, answer = 420, `{"status":"ERROR","errors":[{"code":"LIMIT_EXCEEDED","message":"Hit rate limit"}]}`
	default:
		answer = m.answer(op, r, body)
	}
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: r,
		Body: io.NopCloser(bytes.NewReader([]byte(answer))), ContentLength: int64(len(answer)),
	}, nil
}

const stamp = "2006-01-02T15:04:05.000Z07:00"

func (m *market) answer(op string, r *http.Request, body []byte) string {
	q := r.URL.Query()
	switch op {
	case "campaigns":
		return `{"campaigns":[{"id":5,"domain":"Лавка","business":{"id":1,"name":"Лавка"},"placementType":"FBS","apiAvailability":"AVAILABLE"}],"paging":{}}`
	case "chats":
		return m.list(q.Get("pageToken"), bytes.Contains(body, []byte("WAITING_FOR_PARTNER")))
	case "chat":
		id, _ := strconv.Atoi(q.Get("chatId"))
		return `{"status":"OK","result":` + m.chats[id-1].text() + `}`
	case "chats/history":
		id, _ := strconv.Atoi(q.Get("chatId"))
		var from struct {
			ID int64 `json:"messageIdFrom"`
		}
		_ = json.Unmarshal(body, &from)
		var lines []string
		for _, l := range m.chats[id-1].lines {
			if l.id >= from.ID {
				lines = append(lines, fmt.Sprintf(`{"messageId":%d,"createdAt":%q,"sender":%q,"message":"да"}`, l.id, l.at.Format(stamp), l.sender))
			}
		}
		return `{"status":"OK","result":{"context":{"type":"ORDER","orderId":1},"messages":[` + strings.Join(lines, ",") + `],"paging":{}}}`
	case "chats/message":
		id, _ := strconv.Atoi(q.Get("chatId"))
		m.mu.Unlock()
		m.write(id-1, "PARTNER", time.Now())
		m.mu.Lock()
		return `{"status":"OK"}`
	case "goods-feedback":
		return `{"status":"OK","result":{"feedbacks":[],"paging":{}}}`
	case "goods-feedback/comments":
		return `{"status":"OK","result":{"comments":[],"paging":{}}}`
	case "goods-questions":
		return `{"status":"OK","result":{"questions":[],"totalCount":0,"paging":{}}}`
	default:
		return `{"status":"OK","result":{"answers":[],"paging":{}}}`
	}
}

func (c *played) text() string {
	return fmt.Sprintf(`{"chatId":%d,"context":{"type":"ORDER","orderId":%d,"campaignId":5},"type":"CHAT","status":%q,"createdAt":"1999-01-01T00:00:00Z","updatedAt":%q}`,
		c.id, c.id, c.status, c.updated.Format(stamp))
}

// list gives 20 chats from a place on.
func (m *market) list(token string, waiting bool) string {
	at, _ := strconv.Atoi(token)
	var out []string
	for ; at < len(m.chats) && len(out) < 20; at++ {
		if !waiting || m.chats[at].status == "WAITING_FOR_PARTNER" {
			out = append(out, m.chats[at].text())
		}
	}
	paging := "{}"
	if at < len(m.chats) {
		paging = fmt.Sprintf(`{"nextPageToken":"%d"}`, at)
	}
	return `{"status":"OK","result":{"chats":[` + strings.Join(out, ",") + `],"paging":` + paging + `}}`
}

// report holds what was counted against the quotas.
func (m *market) report(t *testing.T) {
	t.Helper()
	for op, hours := range m.counts {
		most := 0
		for _, n := range hours {
			most = max(most, n)
		}
		limit := quotas()[op]
		t.Logf("%-26s at most %5d an hour of %5d", op, most, limit)
		if most > limit {
			t.Errorf("%s was asked %d times in an hour, %d are allowed", op, most, limit)
		}
	}
	if m.most > 4 {
		t.Errorf("%d requests were under way at once, 4 are allowed", m.most)
	}
}
