package desk

import (
	"context"
	"slices"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// longestSubject bounds the number of an order or a return, in bytes.
const longestSubject = 200

// StartInput is a conversation with a buyer to be started.
type StartInput struct {
	User    sellerdesk.UserID
	Account sellerdesk.AccountID
	// Order or Return is what it is about, by the number at the remote side; the
	// other one is empty.
	Order, Return string
	// Source is the way through which a person is written to instead, as
	// [sellerdesk.Source].ID, with the Phone or the Username of that person.
	Source          sellerdesk.RemoteID
	Phone, Username string
	// Contact is who that is, as named by hand; 0 leaves it to the number or name.
	Contact sellerdesk.ContactID
	// Key names the intent as in [ReplyInput].
	Key string
}

// Start gives the conversation about an order or a return, or with a person
// through a source. When there is none yet, one without a remote id is made and
// its start is put into the outbox, which started tells; what is written there
// meanwhile waits for it. One that is there keeps its person: where another is
// named, the two are suggested to be one. It is invalid (field order, return, source, phone,
// username or contact) when that is not named or makes no sense, unsupported
// where the account or the source cannot start such, or not now (field account).
func (c *Conversations) Start(ctx context.Context, in StartInput) (conv sellerdesk.Conversation, started bool, err error) {
	if in.Account == 0 { // none is named: it is not about the whole house
		return conv, false, sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such account.").InField("account")
	}
	if err := sellerdesk.Allow(ctx, sellerdesk.RightWork, in.Account); err != nil {
		return conv, false, err
	}
	err = c.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Accounts.Lock(ctx, in.Account); err != nil { // another may be asking for the same
			return err
		}
		account, err := tx.Accounts.Get(ctx, in.Account)
		if err != nil {
			return err
		}
		about, action, err := opening(in, account)
		if err != nil {
			return err
		}
		if action.Contact, err = known(ctx, tx, in); err != nil {
			return err
		}
		id, queued, err := intent{user: in.User, key: in.Key}.open(ctx, tx, about, action)
		if err != nil {
			return err
		}
		started = queued
		if conv, err = tx.Conversations.Get(ctx, id, in.User); err != nil || in.Contact == 0 || conv.Contact == nil {
			return err
		}
		// A chat that is here keeps its person. That another one was named may mean
		// that the two are one.
		return tx.Contacts.Doubt(ctx, int64(in.Contact), int64(*conv.Contact))
	})
	return conv, started, err
}

// opening judges what a conversation is to be about, or with whom.
func opening(in StartInput, account sellerdesk.Account) (store.Opening, sellerdesk.Open, error) {
	about := store.Opening{Account: account.ID, Order: subject(in.Order), Return: subject(in.Return)}
	can, ok := sellerdesk.Starting(account)
	if !ok {
		return about, sellerdesk.Open{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported,
			"A conversation of the account %q is always begun by the buyer; this channel gives no way to start one.", account.Name).InField("account")
	}
	if in.Source != "" || in.Phone != "" || in.Username != "" || in.Contact != 0 {
		return openingWith(in, account, can)
	}
	if err := fitSubject(about, can); err != nil {
		return about, sellerdesk.Open{}, err
	}
	return about, sellerdesk.Open{Order: about.Order, Return: about.Return}, nil
}

// fitSubject judges what a conversation is to be about.
func fitSubject(about store.Opening, can sellerdesk.Ability) error {
	kind, field, name := sellerdesk.ChatAboutOrder, "order", about.Order
	if about.Return != "" {
		kind, field, name = sellerdesk.ChatAboutReturn, "return", about.Return
	}
	switch {
	case about.Order == "" && about.Return == "":
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the order or the return that it is about.").InField("order")
	case about.Order != "" && about.Return != "":
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A conversation is about an order or about a return, not both.").InField("return")
	case len(name) > longestSubject:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This is too long for a number.").InField(field)
	case !slices.ContainsFunc(can.Options, func(o sellerdesk.Option) bool { return o.Value == string(kind) }):
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This channel starts no conversation about this.").InField(field)
	case can.Reason != "":
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "%s", can.Reason).InField("account")
	}
	return nil
}

func subject(s string) string { return strings.TrimSpace(text.Clean(s)) }

// open finds the conversation about something, or begins to start it. One that
// could not be started is started again.
func (i intent) open(ctx context.Context, tx *store.Tx, about store.Opening, action sellerdesk.Open) (id sellerdesk.ConversationID, queued bool, err error) {
	if i.key != "" {
		before, again, err := tx.Outbox.ByKey(ctx, i.key)
		switch {
		case err != nil:
			return 0, false, err
		case again && !opens(before, about.Account, action):
			return 0, false, errOtherUse()
		case again:
			return before.Conversation, true, nil
		}
	}
	id, found, err := tx.Conversations.Started(ctx, about)
	if err != nil {
		return 0, false, err
	}
	if found {
		again, err := i.openAgain(ctx, tx, id)
		if err != nil || !again {
			return id, again, err
		}
	} else if id, err = tx.Conversations.Start(ctx, about); err != nil {
		return 0, false, err
	}
	_, err = i.queue(ctx, tx, sellerdesk.Conversation{ID: id, Account: about.Account}, action, "", nil)
	return id, true, err
}

// opens tells whether an item is the start of a conversation that is asked for.
func opens(i sellerdesk.OutboxItem, account sellerdesk.AccountID, asked sellerdesk.Open) bool {
	action, err := sellerdesk.DecodeAction(i.Action, i.Payload, sellerdesk.RemoteRef{})
	open, ok := action.(sellerdesk.Open)
	return err == nil && ok && i.Account == account && open.Order == asked.Order && open.Return == asked.Return &&
		open.Source == asked.Source && open.Phone == asked.Phone && open.Username == asked.Username && open.Named == asked.Named
}

// openAgain tells whether a conversation that is here is still to be started:
// it has no name at the remote side, and nothing that would bring one is on its
// way. A start of unknown outcome may be repeated: where the conversation was
// started, it is opened.
func (i intent) openAgain(ctx context.Context, tx *store.Tx, id sellerdesk.ConversationID) (bool, error) {
	ref, err := tx.Conversations.Remote(ctx, id)
	if err != nil || ref.ID != "" {
		return false, err
	}
	before, pending, err := tx.Outbox.Pending(ctx, id, sellerdesk.ActionOpen, sellerdesk.AtMillis(0))
	switch {
	case err != nil:
		return false, err
	case pending && before.State != sellerdesk.OutboxUnknown:
		return false, nil
	case pending:
		err = tx.Outbox.Settle(ctx, before.ID, store.Settlement{State: sellerdesk.OutboxWithdrawn, Why: sellerdesk.Why{
			Code: sellerdesk.ReasonOpening, Text: "It is started once more."}})
		if err != nil {
			return false, err
		}
	}
	return true, tx.Conversations.Restart(ctx, id)
}
