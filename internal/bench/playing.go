package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// played is the product as a process of its own that reads one cabinet of a
// world in this process, both on the clock of the world.
type played struct {
	rig     *Rig
	play    *Playground
	data    string
	child   *child
	calls   *caller
	account sellerdesk.AccountID
}

// playOne serves a world with the remote side of a channel and makes a folder for the product; start follows.
func playOne(rig *Rig, channel sellerdesk.ChannelKind, name string, o sandbox.Options) (*played, error) {
	play, err := rig.Play(channel, 11, o)
	if err != nil {
		return nil, fmt.Errorf("start a sandbox: %w", err)
	}
	data, err := os.MkdirTemp(rig.Dir, name+"-")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the data folder: %w", err), play.Stop())
	}
	return &played{rig: rig, play: play, data: data}, nil
}

func (p *played) now() time.Time { return p.play.World.Clock().Now() }

// start runs the product.
func (p *played) start(ctx context.Context) (err error) {
	clock := p.play.World.Clock()
	flag := fmt.Sprintf("%s,%d,%g", clock.Now().UTC().Format(time.RFC3339Nano), time.Now().UnixNano(), clock.Scale())
	if p.child, err = startChild(ctx, p.rig, p.data, "--test-clock", flag); err != nil {
		return err
	}
	p.calls = newCaller(p.child.url, benchKey, 4)
	return nil
}

// stop ends the product in peace.
func (p *played) stop() error {
	if p.child == nil {
		return nil
	}
	p.calls.close()
	c := p.child
	p.child = nil
	return c.stop()
}

// kill ends the product without a word.
func (p *played) kill() {
	p.calls.close()
	_ = p.child.kill() // its end is what is wanted
	p.child = nil
}

// end stops everything and removes the data.
func (p *played) end() error {
	return errors.Join(p.stop(), p.play.Stop(), os.RemoveAll(p.data))
}

// add adds the first cabinet of the world.
func (p *played) add(ctx context.Context) error {
	a := p.play.World.State().Accounts[0]
	var added sellerdesk.Account
	err := p.calls.must(ctx, http.MethodPost, "/v1/accounts", "", map[string]any{
		"channel": a.API, "name": a.Name, "base_url": p.play.URL + "/" + a.API, "credentials": map[string]string{"token": a.Token},
	}, &added)
	if err != nil {
		return fmt.Errorf("add the cabinet: %w", err)
	}
	p.account = added.ID
	return nil
}

// streams tells how far reading is.
func (p *played) streams(ctx context.Context) (map[string]sellerdesk.StreamProgress, error) {
	var a sellerdesk.Account
	if err := p.calls.must(ctx, http.MethodGet, fmt.Sprintf("/v1/accounts/%d", p.account), "", nil, &a); err != nil {
		return nil, fmt.Errorf("ask how far reading is: %w", err)
	}
	all := map[string]sellerdesk.StreamProgress{}
	for _, s := range a.Streams {
		all[s.Stream] = s
	}
	return all, nil
}

// follow asks how far reading is until see tells the end.
func (p *played) follow(ctx context.Context, patience time.Duration, see func(map[string]sellerdesk.StreamProgress) bool) error {
	var last error
	ended := await(ctx, patience, 25*time.Millisecond, func() bool {
		var all map[string]sellerdesk.StreamProgress
		if all, last = p.streams(ctx); last != nil {
			return false
		}
		return see(all)
	})
	if !ended {
		return errors.Join(fmt.Errorf("reading did not come to its end within %s", patience), last)
	}
	return nil
}

func (p *played) violations() int {
	n := 0
	for _, count := range p.play.World.State().Violations {
		n += count
	}
	return n
}

// holding is what a database holds of a kind.
type holding struct {
	conversations, messages int
	twice                   int            // rows that are there more than once
	texts                   map[string]int // how often each text of a buyer is there
	ratings                 map[string]int // stars that go with it
}

// holds reads a database of a product that stands still.
func (p *played) holds(ctx context.Context, kind sellerdesk.Kind) (h holding, err error) {
	s, err := p.rig.OpenStore(ctx, p.data)
	if err != nil {
		return h, fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	h = holding{texts: map[string]int{}, ratings: map[string]int{}}
	seen := map[sellerdesk.RemoteID]bool{}
	for cursor := ""; ; {
		err := s.Read(ctx, func(tx *store.Tx) error {
			list, next, err := tx.Conversations.List(ctx, store.ConversationQuery{User: 1, Kinds: []sellerdesk.Kind{kind}, Cursor: cursor, Limit: 200})
			if err != nil {
				return err
			}
			for _, c := range list {
				if c.RemoteID == nil || seen[*c.RemoteID] {
					h.twice++
					continue
				}
				seen[*c.RemoteID] = true
				h.conversations++
				if err := h.lines(ctx, tx, c); err != nil {
					return err
				}
			}
			cursor = next
			return nil
		})
		if err != nil {
			return h, fmt.Errorf("read what there is: %w", err)
		}
		if cursor == "" {
			return h, nil
		}
	}
}

// lines counts the messages of a conversation. A line and a later one with the
// same words and moment are one that came twice.
func (h *holding) lines(ctx context.Context, tx *store.Tx, c sellerdesk.Conversation) error {
	type line struct {
		author sellerdesk.Author
		text   string
		at     int64
	}
	seen := map[line]bool{}
	for cursor := ""; ; {
		list, next, err := tx.Messages.List(ctx, c.ID, cursor, 200)
		if err != nil {
			return err
		}
		for _, m := range list {
			l := line{m.Author, m.Text, m.At.Millis()}
			if seen[l] {
				h.twice++
			}
			seen[l] = true
			h.messages++
			if m.Author == sellerdesk.AuthorBuyer && m.Text != "" {
				h.texts[m.Text]++
				if c.Rating != nil {
					h.ratings[m.Text] = *c.Rating
				}
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}
