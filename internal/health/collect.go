package health

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/vitals"
)

// scrapeWait bounds what one look at the store may take.
const scrapeWait = 10 * time.Second

// house collects what stands in the store and on the disk at the moment somebody
// asks.
type house struct {
	checker *Checker

	up, size, free, seq, outbox, oldest    *prometheus.Desc
	accounts, lag, behind, pushes, pushAge *prometheus.Desc
	deliveries, webhooks, tokenEnds        *prometheus.Desc
}

// House adds the figures that stand in the store of a checker and on its disk.
func (m *Metrics) House(c *Checker) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("sellerdesk_"+name, help, labels, nil)
	}
	m.registry.MustRegister(house{
		checker:    c,
		up:         desc("store_up", "1 when the database answers, else 0."),
		size:       desc("store_size_bytes", "Size of the database."),
		free:       desc("disk_free_bytes", "What may still be written to the disk of the data folder."),
		seq:        desc("events_last_seq", "Number of the newest event."),
		outbox:     desc("outbox_items", "Items on their way, by state.", "state"),
		oldest:     desc("outbox_oldest_queued_seconds", "For how long the longest queued item is due; 0 when none is."),
		accounts:   desc("accounts", "Cabinets, by channel and state.", "channel", "state"),
		lag:        desc("stream_read_age_seconds", "How long ago a stream was read last.", "account", "channel", "stream"),
		behind:     desc("stream_history_ratio", "Share of the history of a stream that is read, 0 to 1.", "account", "channel", "stream"),
		pushes:     desc("pushes_waiting", "Pushes that are kept and not yet read.", "account", "channel"),
		pushAge:    desc("push_age_seconds", "How long ago the newest push came.", "account", "channel"),
		deliveries: desc("webhook_deliveries", "Deliveries that wait or were given up, by state.", "state"),
		webhooks:   desc("webhooks", "Webhooks, by state.", "state"),
		tokenEnds:  desc("token_expires_timestamp_seconds", "When the credentials of a cabinet end.", "account", "channel"),
	})
}

// Describe tells the figures.
func (h house) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		h.up, h.size, h.free, h.seq, h.outbox, h.oldest, h.accounts, h.lag, h.behind, h.pushes, h.pushAge, h.deliveries, h.webhooks, h.tokenEnds,
	} {
		out <- d
	}
}

// Collect gives the figures as they are now. What cannot be told is left out.
func (h house) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if free, err := h.checker.disk.free(); err == nil {
		gauge(h.free, float64(free))
	}
	f, err := h.checker.figures()
	if err != nil {
		gauge(h.up, 0)
		return
	}
	gauge(h.up, 1)
	gauge(h.size, float64(f.size))
	gauge(h.seq, float64(f.seq))
	for _, state := range []sellerdesk.OutboxState{sellerdesk.OutboxQueued, sellerdesk.OutboxSending, sellerdesk.OutboxUnknown} {
		gauge(h.outbox, float64(f.outbox.Open[state]), string(state))
	}
	age := func(at *sellerdesk.Time) float64 { return max(h.checker.clock.Now().Sub(at.Time).Seconds(), 0) }
	if f.outbox.Oldest == nil {
		gauge(h.oldest, 0)
	} else {
		gauge(h.oldest, age(f.outbox.Oldest))
	}
	for state, n := range f.webhooks {
		gauge(h.webhooks, float64(n), string(state))
	}
	for state, n := range f.deliveries {
		gauge(h.deliveries, float64(n), string(state))
	}
	h.cabinets(f.accounts, gauge, age)
}

// cabinets gives the figures of the cabinets, by their ids.
func (h house) cabinets(accounts []sellerdesk.Account, gauge func(*prometheus.Desc, float64, ...string), age func(*sellerdesk.Time) float64) {
	states := map[[2]string]int{}
	for _, a := range accounts {
		id, kind := strconv.FormatInt(int64(a.ID), 10), string(a.Channel)
		states[[2]string{kind, string(a.State)}]++
		for _, s := range a.Streams {
			if s.ReadAt != nil {
				gauge(h.lag, age(s.ReadAt), id, kind, s.Stream)
			}
			gauge(h.behind, s.Done, id, kind, s.Stream)
		}
		if a.Push != nil {
			gauge(h.pushes, float64(a.Push.Waiting), id, kind)
			if a.Push.Last != nil {
				gauge(h.pushAge, age(a.Push.Last), id, kind)
			}
		}
		if a.Identity.Expires != nil {
			gauge(h.tokenEnds, float64(a.Identity.Expires.Unix()), id, kind)
		}
	}
	for k, n := range states {
		gauge(h.accounts, float64(n), k[0], k[1])
	}
}

// figures are what one look at the store gives.
type figures struct {
	size, seq  int64
	outbox     vitals.Outbox
	accounts   []sellerdesk.Account
	webhooks   map[sellerdesk.WebhookState]int
	deliveries map[sellerdesk.DeliveryState]int
}

func (c *Checker) figures() (f figures, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	err = c.store.Read(ctx, func(tx *store.Tx) error {
		if f.size, err = tx.Vitals.Size(ctx); err != nil {
			return err
		}
		if f.seq, err = tx.Events.Last(ctx); err != nil {
			return err
		}
		if f.outbox, err = tx.Vitals.Outbox(ctx); err != nil {
			return err
		}
		if f.webhooks, f.deliveries, err = tx.Vitals.Webhooks(ctx); err != nil {
			return err
		}
		f.accounts, err = tx.Accounts.List(ctx)
		return err
	})
	return f, err
}
