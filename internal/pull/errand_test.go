package pull_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// gateway is a far end with templates, which can be asked to push.
type gateway struct {
	*far
	err func(n int) error // of the nth errand, from 0; nil: all succeed

	guard     sync.Mutex // guards what follows
	sources   []sellerdesk.Source
	listed    int
	addresses []string
}

func newGateway() *gateway {
	return &gateway{far: &far{clock: quick(), streams: []channel.Stream{{Name: "chats", Every: time.Hour}}}}
}

// Check tells of one more source each time.
func (g *gateway) Check(context.Context) (sellerdesk.Identity, error) {
	g.guard.Lock()
	defer g.guard.Unlock()
	g.sources = append(g.sources, sellerdesk.Source{ID: sellerdesk.RemoteID(fmt.Sprint(len(g.sources)))})
	return sellerdesk.Identity{Seller: sellerdesk.RemoteID(fmt.Sprintf("%p", g)), Name: "another name", Sources: slices.Clone(g.sources)}, nil
}

func (g *gateway) Templates(context.Context) ([]sellerdesk.RemoteTemplate, error) {
	g.guard.Lock()
	defer g.guard.Unlock()
	n := g.listed
	g.listed++
	if g.err != nil {
		if err := g.err(n); err != nil {
			return nil, err
		}
	}
	return []sellerdesk.RemoteTemplate{{Name: fmt.Sprint("t", n)}}, nil
}

func (g *gateway) Subscribe(_ context.Context, url string) error {
	g.guard.Lock()
	defer g.guard.Unlock()
	n := len(g.addresses)
	g.addresses = append(g.addresses, url)
	if g.err != nil {
		return g.err(n)
	}
	return nil
}

func (g *gateway) asked() (listed int, addresses []string) {
	g.guard.Lock()
	defer g.guard.Unlock()
	return g.listed, append([]string(nil), g.addresses...)
}

// door gives an account a door and tells its address.
func (h *house) door(t *testing.T, id sellerdesk.AccountID) string {
	t.Helper()
	h.write(t, func(tx *store.Tx) error { return tx.Accounts.EnsureDoor(t.Context(), id) })
	return h.account(t, id).Push.Address
}

// templates gives the kept ones by name.
func (h *house) templates(t *testing.T, id sellerdesk.AccountID) (names string) {
	t.Helper()
	h.read(t, func(tx *store.Tx) error {
		list, _, err := tx.Templates.Get(t.Context(), id)
		for _, one := range list {
			names += one.Name
		}
		return err
	})
	return names
}

func TestTemplatesAndSourcesAreListedWhenAnAccountOpensAndEveryHour(t *testing.T) {
	t.Parallel()
	g := newGateway()
	g.clock = faster(10_000)
	h := open(t, g.clock)
	id := h.add(t, g)
	eventually(t, func() error {
		if n, _ := g.asked(); n < 3 {
			return fmt.Errorf("listed %d times", n)
		}
		return nil
	})
	if names := h.templates(t, id); !strings.HasPrefix(names, "t") {
		t.Errorf("kept are %q", names)
	}
	eventually(t, func() error {
		if got := h.account(t, id).Identity; len(got.Sources) < 2 || got.Name != "" {
			return fmt.Errorf("the identity is %+v", got)
		}
		return nil
	})
}

// turning tells its sources in another order each time.
type turning struct{ *gateway }

func (g *turning) Check(ctx context.Context) (sellerdesk.Identity, error) {
	who, err := g.gateway.Check(ctx)
	n := len(who.Sources)
	who.Seller = sellerdesk.RemoteID(fmt.Sprintf("%p", g))
	who.Sources = []sellerdesk.Source{{ID: "1", Name: "One"}, {ID: "2", Name: "Two"}}
	if n%2 == 0 {
		slices.Reverse(who.Sources)
	}
	return who, err
}

func (*turning) Templates(context.Context) ([]sellerdesk.RemoteTemplate, error) { return nil, nil }

func TestSourcesInAnotherOrderAreNoChange(t *testing.T) {
	t.Parallel()
	g := &turning{newGateway()}
	g.clock = faster(20_000)
	h := open(t, g.clock)
	id := h.add(t, g)
	checked := func(n int) sellerdesk.Account {
		t.Helper()
		eventually(t, func() error {
			g.guard.Lock()
			defer g.guard.Unlock()
			if len(g.sources) < n {
				return fmt.Errorf("checked %d times", len(g.sources))
			}
			return nil
		})
		return h.account(t, id)
	}
	if a, b := checked(2), checked(4); b.Rev != a.Rev || len(b.Identity.Sources) != 2 {
		t.Errorf("rev %d became %d: %+v", a.Rev, b.Rev, b.Identity)
	}
}

func TestTemplatesThatCannotBeListedAreTriedAgainAndThoseThatAreKeptStay(t *testing.T) {
	t.Parallel()
	g := newGateway()
	g.err = func(n int) error {
		if n < 3 {
			return []error{said(channel.Temporary, 0), said(channel.Throttled, time.Second), errors.New("odd")}[n]
		}
		return nil
	}
	h := open(t, g.clock)
	id := h.add(t, g)
	eventually(t, func() error {
		if names := h.templates(t, id); names != "t3" {
			return fmt.Errorf("kept are %q", names)
		}
		return nil
	})
	if a := h.account(t, id); a.State != sellerdesk.AccountOK {
		t.Errorf("the account is %s: %s", a.State, a.Reason)
	}
}

func TestARemoteSideIsAskedToPushToTheDoorOfItsAccount(t *testing.T) {
	t.Parallel()
	g := newGateway()
	h := openWith(t, g.clock, func() string { return "https://inbox.test" })
	id := h.add(t, nothing{g.far}) // not opened yet as what can be asked
	address := h.door(t, id)
	h.roster.Put(id, g)
	eventually(t, func() error {
		if _, got := g.asked(); len(got) == 0 || got[0] != "https://inbox.test"+address {
			return fmt.Errorf("asked for %q, want %q", got, address)
		}
		return nil
	})
}

func TestWhyARemoteSideDoesNotPushIsShownUntilItDoes(t *testing.T) {
	t.Parallel()
	g := newGateway()
	mended := make(chan struct{})
	g.err = func(int) error {
		select {
		case <-mended:
			return nil
		default:
			return said(channel.Refused, 0)
		}
	}
	h := openWith(t, g.clock, func() string { return "https://inbox.test" })
	id := h.add(t, nothing{g.far})
	h.door(t, id)
	h.roster.Put(id, g)
	health := func(blocked bool, reason sellerdesk.Optional) {
		t.Helper()
		eventually(t, func() error {
			if p := h.account(t, id).Push; (p.Blocked != nil) != blocked || p.Reason != reason {
				return fmt.Errorf("the health is %+v", p)
			}
			return nil
		})
	}
	health(true, "Told so.")
	close(mended)
	health(false, "")
	if a := h.account(t, id); a.State != sellerdesk.AccountOK {
		t.Errorf("the account is %s: %s", a.State, a.Reason)
	}
}

func TestWithoutAPublicAddressNobodyIsAskedToPush(t *testing.T) {
	t.Parallel()
	g := newGateway()
	h := openWith(t, g.clock, func() string { return "" })
	id := h.add(t, nothing{g.far})
	h.door(t, id)
	h.roster.Put(id, g)
	eventually(t, func() error {
		if n, _ := g.asked(); n == 0 {
			return errors.New("nothing was done yet")
		}
		return nil
	})
	time.Sleep(50 * time.Millisecond)
	if _, got := g.asked(); len(got) != 0 {
		t.Errorf("asked for %q", got)
	}
}

// nothing is a far end that has no more than it must.
type nothing struct{ channel.Connector }
