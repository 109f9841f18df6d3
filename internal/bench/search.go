package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// rareEvery is how many messages lie between two that say the rare word.
const rareEvery = 5_000

// search asks for words of all kinds over HTTP in a database of a million
// messages.
func search(ctx context.Context, rig *Rig) (rows []Row, err error) {
	load := storetest.Load{Seed: 4, Conversations: 200_000, Messages: 1_000_000, Batch: 500, From: time.Now().Add(-12 * 24 * time.Hour)}
	rounds := 200
	if rig.Short {
		load.Conversations, load.Messages, rounds = 5_000, 50_000, 50
	}
	data := filepath.Join(rig.Dir, "search")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the search: %w", err)
	}
	p, err := rig.Start(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("start the product for the search: %w", err)
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	if err := fillToSearch(ctx, rig, p.Store, load); err != nil {
		return nil, err
	}
	c := newCaller(p.URL, p.Key, 2)
	defer c.close()
	for _, one := range []struct{ name, typed string }{
		{"a common word", "заказ"}, {"a rare word", "самолёты"}, {"two words", "вернули деньги"}, {"a phrase", `"вернули деньги"`},
		{"a common and a rare word", "заказа самолёт"}, {"a beginning", "возвр*"}, {"a word of the buyer in one cabinet", "кроссовка author:buyer cabinet:1"},
		{"filters alone", "kind:chat state:open"},
	} {
		var waits durations
		for n := range rounds {
			began := time.Now()
			var found sellerdesk.Found
			if err := c.must(ctx, http.MethodGet, "/v1/search?limit=50&q="+url.QueryEscape(one.typed), "", nil, &found); err != nil {
				return rows, fmt.Errorf("search for %s: %w", one.name, err)
			}
			waits = append(waits, time.Since(began))
			if len(found.Items) == 0 {
				return rows, fmt.Errorf("search for %s found nothing", one.name)
			}
			rig.progress("search for "+one.name, n+1, rounds)
		}
		note := fmt.Sprintf("first page of 50 with facets over HTTP, %d messages, %d rounds", load.Messages, rounds)
		for _, at := range []struct {
			what         string
			share, bound float64
		}{{"p50", .50, 0}, {"p95", .95, 30}, {"p99", .99, 100}} {
			rows = append(rows, Row{Name: "search, " + one.name + ", " + at.what, Unit: "ms", Value: milliseconds(waits.percentile(at.share)), Bound: at.bound, Note: note})
		}
	}
	return rows, nil
}

// fillToSearch takes in a history in which one word is rare.
func fillToSearch(ctx context.Context, rig *Rig, s *store.Store, load storetest.Load) error {
	account, err := newAccount(ctx, rig, s)
	if err != nil {
		return err
	}
	done := 0
	for b := range load.Batches() {
		for i := range b.Messages {
			if done++; done%rareEvery == 0 {
				b.Messages[i].Text += " самолёт"
			}
		}
		if err := apply(ctx, s, account, b); err != nil {
			return err
		}
		rig.progress("history to search", done, load.Messages)
	}
	return nil
}
