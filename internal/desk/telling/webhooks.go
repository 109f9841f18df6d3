package telling

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

const (
	// mostWebhooks bounds how many there are: each costs workers of its own.
	mostWebhooks = 50
	// mostTests bounds how many tests of a webhook wait at once.
	mostTests = 5
	// secretBytes is the length of what a webhook signs with.
	secretBytes = 32
	// oldSecretLife is how long the secret before is good after a change.
	oldSecretLife = 24 * time.Hour
)

// Webhooks are the verbs on webhooks. All need the right to send events
// elsewhere.
type Webhooks struct{ deps Deps }

// Deps is what the verbs stand on. Store is needed, the rest has a zero value
// that works.
type Deps struct {
	Store *store.Store
	Clock sellerdesk.Clock
	Reach reach.Guard // judges where webhooks may go
}

// NewWebhooks makes the verbs.
func NewWebhooks(d Deps) *Webhooks { return &Webhooks{deps: d} }

// New is a webhook to be made.
type New struct {
	Name     string
	URL      string
	Kinds    []sellerdesk.EventKind // empty: all; "message.*" stands for every kind of a noun
	Accounts []sellerdesk.AccountID // empty: all that the person sees
}

// Change changes a webhook; nil leaves a field as is.
type Change struct {
	Name     *string
	URL      *string
	Kinds    *[]sellerdesk.EventKind
	Accounts *[]sellerdesk.AccountID
}

// List gives all webhooks.
func (h *Webhooks) List(ctx context.Context) (list []sellerdesk.Webhook, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return nil, err
	}
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Webhooks.List(ctx)
		return err
	})
	return list, err
}

// Get gives one webhook.
func (h *Webhooks) Get(ctx context.Context, id sellerdesk.WebhookID) (hook sellerdesk.Webhook, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return hook, err
	}
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		hook, err = tx.Webhooks.Get(ctx, id)
		return err
	})
	return hook, err
}

func allowWebhooks(ctx context.Context) error {
	return sellerdesk.Allow(ctx, sellerdesk.RightWebhooks, 0)
}

// setter is who sets a webhook up: it will tell no more than they may see, and
// than the key may with which they ask.
func setter(ctx context.Context) (store.WebhookBy, error) {
	access := sellerdesk.AccessOf(ctx)
	if !access.MaySomewhere(sellerdesk.RightSee) {
		return store.WebhookBy{}, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Who may see nothing has nothing to tell.")
	}
	rights := access.House
	for _, r := range access.Accounts {
		rights |= r
	}
	return store.WebhookBy{User: access.User, Rights: rights}, nil
}

// Create makes a webhook and gives its secret, which is never shown again. It
// tells what happens from now on.
func (h *Webhooks) Create(ctx context.Context, in New) (hook sellerdesk.Webhook, secret sellerdesk.Secret, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return hook, "", err
	}
	by, err := setter(ctx)
	if err != nil {
		return hook, "", err
	}
	if in.Name, err = webhookName(in.Name); err != nil {
		return hook, "", err
	}
	if err := checkKinds(in.Kinds); err != nil {
		return hook, "", err
	}
	target, err := h.deps.Reach.Check(ctx, in.URL)
	if err != nil {
		return hook, "", err
	}
	secret = newWebhookSecret()
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := h.roomForOne(ctx, tx); err != nil {
			return err
		}
		if err := checkAccounts(ctx, tx, in.Accounts); err != nil {
			return err
		}
		hook, err = tx.Webhooks.Create(ctx, store.NewWebhook{
			By: by, Name: in.Name, URL: in.URL, Kinds: in.Kinds, Accounts: in.Accounts, Secret: secret,
		})
		if err != nil {
			return err
		}
		return noteWebhook(ctx, tx, hook, fmt.Sprintf("Webhook %q was set up; it calls %s.", hook.Name, target.Host), "created")
	})
	if err != nil {
		return sellerdesk.Webhook{}, "", err
	}
	return hook, secret, nil
}

func (h *Webhooks) roomForOne(ctx context.Context, tx *store.Tx) error {
	all, err := tx.Webhooks.List(ctx)
	if err == nil && len(all) >= mostWebhooks {
		return sellerdesk.Errorf(sellerdesk.CodeConflict, "There are %d webhooks, which is the most there may be: remove one first.", len(all))
	}
	return err
}

func webhookName(name string) (string, error) {
	name = strings.Join(strings.Fields(text.Clean(name)), " ")
	if n := utf8.RuneCountInString(name); n == 0 || n > 100 {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "The name needs 1 to 100 characters.").InField("name")
	}
	return name, nil
}

func checkKinds(kinds []sellerdesk.EventKind) error {
	if len(kinds) > 50 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are up to 50 kinds; name none for all.").InField("kinds")
	}
	for _, k := range kinds {
		if !k.Known() {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are no events of the kind %q.", text.Cut(text.Clean(string(k)), 40)).InField("kinds")
		}
	}
	return nil
}

// checkAccounts lets nobody name cabinets that are not there for them.
func checkAccounts(ctx context.Context, tx *store.Tx, ids []sellerdesk.AccountID) error {
	if len(ids) > 500 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There are up to 500 accounts; name none for all.").InField("accounts")
	}
	for _, id := range ids {
		if _, err := tx.Accounts.Get(ctx, id); err != nil {
			if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d.", id).InField("accounts")
			}
			return err
		}
		if !sellerdesk.AccessOf(ctx).MayIn(sellerdesk.RightSee, id) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no account %d.", id).InField("accounts")
		}
	}
	return nil
}

// newWebhookSecret makes a secret as the Standard Webhooks write it.
func newWebhookSecret() sellerdesk.Secret {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return sellerdesk.Secret("whsec_" + base64.StdEncoding.EncodeToString(b))
}

// noteWebhook writes a change into the audit. The path of the address may be a
// secret of the receiver, so that only its host is named.
func noteWebhook(ctx context.Context, tx *store.Tx, hook sellerdesk.Webhook, sentence string, what ...string) error {
	data, err := json.Marshal(map[string]any{"webhook": hook.ID, "what": what})
	if err != nil {
		return fmt.Errorf("note a change of a webhook: %w", err)
	}
	return tx.Audit.Add(ctx, sellerdesk.AuditEntry{Kind: sellerdesk.AuditWebhookChanged, Text: sentence, Data: data})
}

// Change changes a webhook. Whoever changes where it goes or what it tells
// becomes the person whose rights bound it: otherwise one could be shown what
// another may see.
func (h *Webhooks) Change(ctx context.Context, id sellerdesk.WebhookID, in Change) (hook sellerdesk.Webhook, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return hook, err
	}
	change, what, err := h.judge(ctx, in)
	if err != nil {
		return hook, err
	}
	if len(what) == 0 {
		return h.Get(ctx, id)
	}
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if in.Accounts != nil {
			if err := checkAccounts(ctx, tx, *in.Accounts); err != nil {
				return err
			}
		}
		if hook, err = tx.Webhooks.Change(ctx, id, change); err != nil {
			return err
		}
		sentence := fmt.Sprintf("Webhook %q was changed.", hook.Name)
		if u, err := url.Parse(hook.URL); err == nil && in.URL != nil {
			sentence = fmt.Sprintf("Webhook %q was changed; it calls %s now.", hook.Name, u.Host)
		}
		return noteWebhook(ctx, tx, hook, sentence, what...)
	})
	return hook, err
}

// judge checks what a webhook is to become and tells what of it changes.
func (h *Webhooks) judge(ctx context.Context, in Change) (change store.WebhookChange, what []string, err error) {
	change = store.WebhookChange{URL: in.URL, Kinds: in.Kinds, Accounts: in.Accounts}
	if in.Name != nil {
		name, err := webhookName(*in.Name)
		if err != nil {
			return change, nil, err
		}
		change.Name, what = &name, append(what, "name")
	}
	if in.URL != nil {
		if _, err := h.deps.Reach.Check(ctx, *in.URL); err != nil {
			return change, nil, err
		}
		what = append(what, "url")
	}
	if in.Kinds != nil {
		if err := checkKinds(*in.Kinds); err != nil {
			return change, nil, err
		}
		what = append(what, "kinds")
	}
	if in.Accounts != nil {
		what = append(what, "accounts")
	}
	if in.URL != nil || in.Kinds != nil || in.Accounts != nil {
		by, err := setter(ctx)
		if err != nil {
			return change, nil, err
		}
		change.By = &by
	}
	return change, what, nil
}

// Remove forgets a webhook with all that is on its way.
func (h *Webhooks) Remove(ctx context.Context, id sellerdesk.WebhookID) error {
	if err := allowWebhooks(ctx); err != nil {
		return err
	}
	return h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		hook, err := tx.Webhooks.Get(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.Webhooks.Remove(ctx, id); err != nil {
			return err
		}
		data, err := json.Marshal(map[string]any{"webhook": id})
		if err != nil {
			return fmt.Errorf("note the end of a webhook: %w", err)
		}
		return tx.Audit.Add(ctx, sellerdesk.AuditEntry{
			Kind: sellerdesk.AuditWebhookRemoved, Text: fmt.Sprintf("Webhook %q was removed.", hook.Name), Data: data,
		})
	})
}

// Pause stops a webhook. What happens meanwhile is kept for later, as long as
// the log of events keeps it.
func (h *Webhooks) Pause(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	return h.turn(ctx, id, sellerdesk.WebhookPaused, "Webhook %q was paused.", "paused")
}

// Resume starts a webhook that was paused or had failed. It goes on where it
// stopped.
func (h *Webhooks) Resume(ctx context.Context, id sellerdesk.WebhookID) (sellerdesk.Webhook, error) {
	return h.turn(ctx, id, sellerdesk.WebhookActive, "Webhook %q was started again.", "resumed")
}

// turn brings a webhook into a state; nothing is done when it is there already.
func (h *Webhooks) turn(ctx context.Context, id sellerdesk.WebhookID, state sellerdesk.WebhookState, sentence, what string) (hook sellerdesk.Webhook, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return hook, err
	}
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		hook, err = tx.Webhooks.Get(ctx, id)
		if err != nil || hook.State == state {
			return err
		}
		if hook, err = tx.Webhooks.SetState(ctx, id, state, ""); err != nil {
			return err
		}
		return noteWebhook(ctx, tx, hook, fmt.Sprintf(sentence, hook.Name), what)
	})
	return hook, err
}

// Rotate gives a webhook another secret, which is never shown again. The one
// before stays good for 24 hours: until then everything is signed with both.
func (h *Webhooks) Rotate(ctx context.Context, id sellerdesk.WebhookID) (hook sellerdesk.Webhook, secret sellerdesk.Secret, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return hook, "", err
	}
	secret = newWebhookSecret()
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		until := sellerdesk.At(h.deps.Clock.Now().Add(oldSecretLife))
		if hook, err = tx.Webhooks.Rotate(ctx, id, secret, until); err != nil {
			return err
		}
		return noteWebhook(ctx, tx, hook, fmt.Sprintf("Webhook %q got another secret.", hook.Name), "secret")
	})
	if err != nil {
		return sellerdesk.Webhook{}, "", err
	}
	return hook, secret, nil
}

// Test sends a notice of the kind [sellerdesk.NoticeTest], also while the webhook
// is paused. What came of it is told by the delivery, which is looked at again.
func (h *Webhooks) Test(ctx context.Context, id sellerdesk.WebhookID) (delivery sellerdesk.Delivery, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return delivery, err
	}
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Webhooks.Touch(ctx, id); err != nil {
			return err
		}
		waiting, err := tx.Deliveries.Waiting(ctx, id)
		if err != nil {
			return err
		}
		waiting = slices.DeleteFunc(waiting, func(i store.DeliveryItem) bool { return i.Kind != sellerdesk.NoticeTest })
		if len(waiting) >= mostTests {
			return sellerdesk.Errorf(sellerdesk.CodeLimited, "There are tests on their way already; wait for them.")
		}
		now := sellerdesk.At(h.deps.Clock.Now())
		item, err := store.NewNotice(sellerdesk.Event{Kind: sellerdesk.NoticeTest, At: now, Data: json.RawMessage(`{}`)}, now)
		if err != nil {
			return err
		}
		item.Until = item.Due // it is tried once
		ids, err := tx.Deliveries.Add(ctx, id, []store.DeliveryItem{item})
		if err != nil {
			return err
		}
		delivery, err = tx.Deliveries.Get(ctx, id, ids[0])
		return err
	})
	return delivery, err
}

// Deliveries gives a page of what was sent and what waits, as far as whoever
// asks may see it, and the cursor of the next one.
func (h *Webhooks) Deliveries(ctx context.Context, q store.DeliveryQuery) (list []sellerdesk.Delivery, next string, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return nil, "", err
	}
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.Webhooks.Get(ctx, q.Webhook); err != nil {
			return err
		}
		list, next, err = tx.Deliveries.List(ctx, q)
		return err
	})
	return list, next, err
}

// Delivery gives one delivery with its last try.
func (h *Webhooks) Delivery(ctx context.Context, id sellerdesk.WebhookID, delivery sellerdesk.DeliveryID) (d sellerdesk.Delivery, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return d, err
	}
	err = h.deps.Store.Read(ctx, func(tx *store.Tx) error {
		d, err = tx.Deliveries.Get(ctx, id, delivery)
		return err
	})
	return d, err
}

// Redelivery says what to send again: deliveries by their numbers, or those of a
// range of events, both ends included.
type Redelivery struct {
	Deliveries []sellerdesk.DeliveryID // up to 500
	From, To   int64
}

// Redeliver sends again what was delivered or given up, as far as the log of
// deliveries has it, and tells how many. Each keeps its id.
func (h *Webhooks) Redeliver(ctx context.Context, id sellerdesk.WebhookID, in Redelivery) (n int, err error) {
	if err := allowWebhooks(ctx); err != nil {
		return 0, err
	}
	switch {
	case len(in.Deliveries) > 0 && (in.From != 0 || in.To != 0):
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name deliveries or a range, not both.").InField("deliveries")
	case len(in.Deliveries) > 500:
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name up to 500 deliveries, or a range.").InField("deliveries")
	case len(in.Deliveries) == 0 && (in.From < 1 || in.To < in.From):
		return 0, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name deliveries, or a range of events from the first to the last.").InField("from")
	}
	err = h.deps.Store.Write(ctx, func(tx *store.Tx) error {
		hook, err := tx.Webhooks.Touch(ctx, id)
		if err != nil {
			return err
		}
		if len(in.Deliveries) > 0 {
			n, err = tx.Deliveries.Repeat(ctx, id, in.Deliveries)
		} else {
			n, err = tx.Deliveries.RepeatRange(ctx, id, in.From, in.To)
		}
		if err != nil {
			return err
		}
		return noteWebhook(ctx, tx, hook, fmt.Sprintf("%d deliveries of webhook %q were sent again.", n, hook.Name), "redelivered")
	})
	return n, err
}
