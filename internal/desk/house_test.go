package desk_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// house is a desk over a fresh store, with one channel whose remote side is
// played by connectors that do what their token says.
type house struct {
	*desk.Desk
	store  *store.Store
	roster *channel.Roster
	looks  []look
	now    time.Time // of the clock; moved by the test
	remote gateway   // what the messenger says
}

type look struct {
	account sellerdesk.AccountID
	since   time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	return openOn(t, "")
}

// eachHouse runs a test in a house on each engine. The race detector gets the one
// where more happens at once.
func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		if racing {
			t.Skip("the race detector looks at the other engine")
		}
		test(t, open(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, openOn(t, storetest.Postgres(t)))
	})
}

// openOn is open on a PostgreSQL database; "" takes a file of SQLite.
func openOn(t testing.TB, database string) *house {
	t.Helper()
	return openWith(t, database, desk.CheapPasswords())
}

// openWith is openOn with passwords of a cost.
func openWith(t testing.TB, database string, cost desk.PasswordCost) *house {
	t.Helper()
	h := &house{roster: channel.NewRoster(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	clock := sellerdesk.Clock{NowFunc: func() time.Time { return h.now }}
	h.store = storetest.Open(t, store.Options{URL: database, Clock: clock})
	m, err := media.New(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	h.Desk = desk.New(desk.Deps{
		Store: h.store, Roster: h.roster, Drivers: []channel.Driver{driver(), messenger(h)}, Media: m, Clock: clock, PasswordCost: cost,
		Look: func(a sellerdesk.AccountID, since time.Time) { h.looks = append(h.looks, look{a, since}) },
	})
	return h
}

func driver() channel.Driver {
	length := 1000
	short, long := 2, 50
	spoken := func(a sellerdesk.ActionKind) sellerdesk.Ability {
		return sellerdesk.Ability{Action: a, MinLength: &short, MaxLength: &long}
	}
	return channel.Driver{
		Kind:   "market",
		Title:  "Market",
		Fields: []channel.Field{{Name: "token", Title: map[string]string{"en": "Token", "ru": "Токен"}, Secret: true}},
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{
			sellerdesk.KindChat: {{
				Action:  sellerdesk.ActionOpen,
				Options: []sellerdesk.Option{{Value: string(sellerdesk.ChatAboutOrder)}, {Value: string(sellerdesk.ChatAboutReturn)}},
			}, {
				Action: sellerdesk.ActionReply, MaxLength: &length,
				Files: &sellerdesk.FileLimits{Max: 3, MaxSize: 5 << 20, TotalSize: 8 << 20, Types: []string{"image/jpeg", "image/png", "application/pdf"}},
			}},
			sellerdesk.KindQuestion: {
				spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit), spoken(sellerdesk.ActionReject), {Action: sellerdesk.ActionView},
			},
			sellerdesk.KindReview: {
				spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit),
				{Action: sellerdesk.ActionPin}, {Action: sellerdesk.ActionUnpin}, {Action: sellerdesk.ActionOrderReturn},
			},
			sellerdesk.KindClaim: {{Action: sellerdesk.ActionDecide}},
		},
		Open: func(s channel.Settings) (channel.Connector, error) {
			token := s.Credentials["token"].Reveal()
			if token == "old" {
				return nil, &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: sellerdesk.ReasonExpired, Text: "The token ended on 1 February."}}
			}
			return cabinet{token}, nil
		},
	}
}

// cabinet answers to Check as its token says.
type cabinet struct{ token string }

func (c cabinet) Check(ctx context.Context) (sellerdesk.Identity, error) {
	identity := sellerdesk.Identity{Seller: "seller 1", Name: "ООО «Ромашка»", Token: "personal", Scopes: []string{"chat"}}
	switch c.token {
	case "second cabinet":
		identity.Seller, identity.Name = "seller 2", "ИП Лютик"
	case "read only":
		identity.ReadOnly = true
	case "foreign":
		return identity, &channel.Error{Class: channel.Unauthorized, Why: sellerdesk.Why{Code: sellerdesk.ReasonScope, Text: "The token is for prices only."}}
	case "down":
		return identity, &channel.Error{Class: channel.Temporary, Err: errors.New("dial tcp: refused")}
	case "busy":
		return identity, &channel.Error{Class: channel.Throttled}
	case "gibberish":
		return identity, &channel.Error{Class: channel.Malformed, Raw: []byte("<html>")}
	case "broken":
		return identity, errors.New("nil map")
	}
	return identity, ctx.Err()
}

func (cabinet) Streams() []channel.Stream { return nil }

func (cabinet) Pull(context.Context, string, sellerdesk.Cursor) (sellerdesk.Batch, error) {
	return sellerdesk.Batch{}, nil
}

func (cabinet) Send(context.Context, sellerdesk.Action) (sellerdesk.Receipt, error) {
	return sellerdesk.Receipt{}, nil
}

// add adds an account that must work.
func (h *house) add(t *testing.T, token string) sellerdesk.Account {
	t.Helper()
	a, err := h.Accounts.Add(t.Context(), desk.AddAccount{Channel: "market", Credentials: token1(token)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func token1(token string) map[string]sellerdesk.Secret {
	return map[string]sellerdesk.Secret{"token": sellerdesk.Secret(token)}
}

// chat lets a buyer write and gives the conversation and its account.
func (h *house) chat(t *testing.T, token string) (sellerdesk.ConversationID, sellerdesk.Account) {
	t.Helper()
	account := h.add(t, token)
	h.hear(t, account.ID, "m1", "Здравствуйте")
	var id sellerdesk.ConversationID
	h.read(t, func(tx *store.Tx) (err error) {
		id, _, err = tx.Conversations.ByRemote(t.Context(), account.ID, sellerdesk.KindChat, "c1")
		return err
	})
	return id, account
}

func (h *house) hear(t *testing.T, account sellerdesk.AccountID, id sellerdesk.RemoteID, text string) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account, Stream: "events", Batch: sellerdesk.Batch{
			Messages: []sellerdesk.MessagePatch{{
				Kind: sellerdesk.KindChat, Conversation: "c1", RemoteID: id, Author: sellerdesk.AuthorBuyer, Text: text, At: sellerdesk.At(h.now),
			}},
			Next: sellerdesk.Cursor(id),
		}})
		return err
	})
}

// post lets a buyer begin a conversation of another kind, in which the remote
// side offers some actions.
func (h *house) post(t *testing.T, kind sellerdesk.Kind, offers ...sellerdesk.Offer) (sellerdesk.ConversationID, sellerdesk.Account) {
	t.Helper()
	account := h.add(t, "good")
	messages := []sellerdesk.MessagePatch{{
		Kind: kind, Conversation: "p1", RemoteID: "m1", Author: sellerdesk.AuthorBuyer, Text: "Hello", At: sellerdesk.At(h.now),
	}}
	for _, o := range offers {
		if o.Action == sellerdesk.ActionEdit { // there must be something to change
			messages = append(messages, sellerdesk.MessagePatch{
				Kind: kind, Conversation: "p1", RemoteID: "m2", Author: sellerdesk.AuthorElsewhere, Text: "Hi", At: sellerdesk.At(h.now.Add(time.Second)),
			})
		}
	}
	h.write(t, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(t.Context(), store.ApplyInput{Account: account.ID, Stream: string(kind), Batch: sellerdesk.Batch{
			Conversations: []sellerdesk.ConversationPatch{{Kind: kind, RemoteID: "p1", Offers: &offers}},
			Messages:      messages,
		}})
		return err
	})
	var id sellerdesk.ConversationID
	h.read(t, func(tx *store.Tx) (err error) {
		id, _, err = tx.Conversations.ByRemote(t.Context(), account.ID, kind, "p1")
		return err
	})
	return id, account
}

// leaving takes what is due and gives what the connector would be asked to do.
func (h *house) leaving(t *testing.T) (actions []sellerdesk.Action) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		items, err := tx.Outbox.Lease(t.Context(), sellerdesk.At(h.now), time.Minute, 10, nil)
		for _, item := range items {
			a, err := sellerdesk.DecodeAction(item.Action, item.Payload, sellerdesk.RemoteRef{})
			if err != nil {
				return err
			}
			actions = append(actions, a)
		}
		return err
	})
	return actions
}

func (h *house) owner(t *testing.T) sellerdesk.UserID {
	t.Helper()
	u, err := h.Users.Owner(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u.ID
}

func (h *house) upload(t *testing.T, name string, content []byte) sellerdesk.FileID {
	t.Helper()
	f, err := h.Files.Upload(t.Context(), name, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return f.ID
}

func (h *house) conversation(t *testing.T, id sellerdesk.ConversationID) (c sellerdesk.Conversation) {
	t.Helper()
	owner := h.owner(t)
	h.read(t, func(tx *store.Tx) (err error) {
		c, err = tx.Conversations.Get(t.Context(), id, owner)
		return err
	})
	return c
}

func (h *house) write(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func (h *house) read(t *testing.T, do func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Read(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// refused checks that err is a refusal in one sentence.
func refused(t *testing.T, err error, code sellerdesk.Code, field, sentence string) {
	t.Helper()
	var e *sellerdesk.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a refusal", err)
	}
	if e.Code != code || e.Field != field || e.Message != sentence {
		t.Errorf("refused with %s %q %q\n   want        %s %q %q", e.Code, e.Field, e.Message, code, field, sentence)
	}
}
