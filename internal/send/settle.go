package send

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of waiting.
const (
	firstBackoff   = 2 * time.Second
	longestBackoff = 5 * time.Minute
	longestPause   = 2 * time.Hour
	// early is how much before the promised turn an item is taken again, so
	// that it already stands in the lane of persons when the turn comes. The
	// connector holds it until then.
	early = 15 * time.Second
	// longestUpload is the longest pause of a message that waits for a file on its
	// way.
	longestUpload = 30 * time.Second
)

// work performs one leased item and writes down what became of it. The call is
// made under calls, which outlives ctx by the grace.
func (s *Sender) work(ctx, calls context.Context, item sellerdesk.OutboxItem) {
	log := s.deps.Log.With("account", item.Account, "conversation", item.Conversation, "outbox", item.ID, "op", item.Action)
	started := s.deps.Clock.Now()
	opened := s.deps.Roster.Get(item.Account)
	receipt, err := s.perform(calls, opened, item)
	v := s.judge(item, receipt, err)
	if s.deps.Roster.Get(item.Account) != opened {
		v.expire = sellerdesk.Why{} // what was refused are credentials from before
	}
	took := s.deps.Clock.Now().Sub(started).Round(time.Millisecond)
	switch {
	case err == nil:
		log.Info("an action was taken by the channel", "took", took)
	case errors.Is(err, errOnItsWay):
		log.Debug("an action waits for a file on its way")
	default:
		log.Warn("an action was not confirmed by the channel", "took", took, "state", v.State, "err", err)
	}
	if err := s.settle(ctx, item, v); err != nil {
		// The item stays leased, and the next start makes it unknown: no worse
		// than a crash at this place.
		log.Error("the outcome of an action could not be written down", "state", v.State, "err", err)
	}
}

// perform does the call. An error without a class says that it may have left.
func (s *Sender) perform(ctx context.Context, opened *channel.Opened, item sellerdesk.OutboxItem) (receipt sellerdesk.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.deps.Log.Error("a send ended in a panic", "op", "send", "account", item.Account, "outbox", item.ID, "stack", string(debug.Stack()))
			receipt, err = sellerdesk.Receipt{}, fmt.Errorf("send: panic of type %T", p)
		}
	}()
	if opened == nil {
		return receipt, notSent("The account is not opened.", nil)
	}
	ctx = sellerdesk.WithIntent(sellerdesk.WithLane(ctx, item.Lane), intentOf(item))
	action, err := s.action(ctx, item)
	if err != nil {
		return receipt, err
	}
	reply, ok := action.(sellerdesk.Reply)
	if !ok || len(reply.Files) == 0 {
		return s.call(ctx, opened, action)
	}
	return s.callWithFiles(ctx, opened, reply)
}

// intentOf names what an item wants, the same at each attempt and for no other
// item, also of a database that was restored from an older copy.
func intentOf(item sellerdesk.OutboxItem) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %d %q", item.ID, item.Account, item.Conversation, item.CreatedAt.Millis(), item.Key))
	return hex.EncodeToString(sum[:16])
}

// callWithFiles brings the files of a reply to the remote side before the reply,
// where it takes them so.
func (s *Sender) callWithFiles(ctx context.Context, opened *channel.Opened, reply sellerdesk.Reply) (sellerdesk.Receipt, error) {
	all := make([]int, len(reply.Files))
	for i := range all {
		all[i] = i
	}
	kept, err := s.bring(ctx, opened, reply.Files, all)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	receipt, err := s.call(ctx, opened, reply)
	if len(kept) == 0 || !lostFile(err) {
		return receipt, err
	}
	// Nothing was sent. It may be that the remote side has thrown files away that
	// it had from before.
	if _, err := s.bring(ctx, opened, reply.Files, kept); err != nil {
		return sellerdesk.Receipt{}, err
	}
	return s.call(ctx, opened, reply)
}

// call lets the connector do the action.
func (s *Sender) call(ctx context.Context, opened *channel.Opened, action sellerdesk.Action) (sellerdesk.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendWait)
	defer cancel()
	return opened.Connector.Send(channel.WithAccount(ctx, opened.Account), action)
}

// action rebuilds what is to be done: the payload with what only the rows and
// the folder of files know. Nothing has left when it gives an error.
func (s *Sender) action(ctx context.Context, item sellerdesk.OutboxItem) (sellerdesk.Action, error) {
	var ref sellerdesk.RemoteRef
	err := s.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		ref, err = tx.Conversations.Remote(ctx, item.Conversation)
		return err
	})
	if err != nil {
		return nil, notSent("The conversation could not be read.", err)
	}
	action, err := sellerdesk.DecodeAction(item.Action, item.Payload, ref)
	if err != nil {
		return nil, refused(sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "This version cannot do what was asked for."}, err)
	}
	if ref.ID == "" && item.Action != sellerdesk.ActionOpen {
		return nil, refused(sellerdesk.Why{
			Code: sellerdesk.ReasonOpening, Text: "The conversation has not been started at the channel, so this was not sent.",
		}, nil)
	}
	reply, ok := action.(sellerdesk.Reply)
	if !ok {
		return action, nil
	}
	return reply, s.openFiles(&reply)
}

func notSent(text sellerdesk.Optional, cause error) error {
	return &channel.Error{Class: channel.Temporary, Why: sellerdesk.Why{Text: text}, Err: cause}
}

func refused(why sellerdesk.Why, cause error) error {
	return &channel.Error{Class: channel.Refused, Why: why, Err: cause}
}

// verdict is what follows from a call.
type verdict struct {
	store.Settlement
	// expire says why the account can no longer work; empty when it can.
	expire sellerdesk.Why
	raw    []byte // an answer that was not understood
}

// judge turns the outcome of a call into what is written down: the table of
// the architecture.
func (s *Sender) judge(item sellerdesk.OutboxItem, receipt sellerdesk.Receipt, err error) verdict {
	if err == nil {
		return verdict{Settlement: store.Settlement{
			State:    sellerdesk.OutboxSent,
			Why:      missingFiles(receipt.Files),
			RemoteID: receipt.RemoteID,
			At:       receipt.At,
			Remote:   receipt.Remote,
			Files:    receipt.Files,
			Reread:   receipt.Reread,
			// Only a start brings it.
			Conversation: receipt.Conversation,
		}}
	}
	class, remote := channel.ClassOf(err)
	switch class {
	case channel.Throttled:
		pause := backoff(item.Attempt)
		if remote.RetryAfter > 0 {
			pause = max(min(remote.RetryAfter, longestPause)-early, min(remote.RetryAfter, firstBackoff))
		}
		return s.again(pause, orWhy(remote, sellerdesk.ReasonThrottled, "The channel asks to wait; it leaves by itself."))
	case channel.Temporary:
		pause := max(backoff(item.Attempt), min(remote.RetryAfter, longestPause))
		if errors.Is(err, errOnItsWay) {
			pause = min(pause, longestUpload)
		}
		return s.again(pause, orWhy(remote, sellerdesk.ReasonUnreachable, "The channel does not answer; it is tried again."))
	case channel.Unauthorized:
		why := orWhy(remote, sellerdesk.ReasonCredentials, "The channel no longer accepts the credentials of this account.")
		v := s.again(0, why)
		v.expire = why
		return v
	case channel.Refused:
		return settled(sellerdesk.OutboxRefused, orWhy(remote, sellerdesk.ReasonRefused, "The channel refused it."))
	case channel.Gone:
		return settled(sellerdesk.OutboxRefused, orWhy(remote, sellerdesk.ReasonGone, "The conversation no longer exists at the channel."))
	default: // Unknown, Malformed, and what no adapter classed
		v := settled(sellerdesk.OutboxUnknown, sellerdesk.Why{
			Code: sellerdesk.ReasonOutcomeUnknown,
			Text: "It left and no answer came. It may have arrived: it is looked for, and only a person may send it again.",
		})
		if class == channel.Malformed {
			v.raw = remote.Raw
		}
		return v
	}
}

func (s *Sender) again(pause time.Duration, why sellerdesk.Why) verdict {
	due := sellerdesk.At(s.deps.Clock.Now().Add(pause))
	return verdict{Settlement: store.Settlement{State: sellerdesk.OutboxQueued, Due: &due, Why: why}}
}

func settled(state sellerdesk.OutboxState, why sellerdesk.Why) verdict {
	return verdict{Settlement: store.Settlement{State: state, Why: why}}
}

func orWhy(remote *channel.Error, code sellerdesk.ReasonCode, text sellerdesk.Optional) sellerdesk.Why {
	if remote != nil && remote.Why.Text != "" {
		return remote.Why
	}
	return sellerdesk.Why{Code: code, Text: text}
}

// missingFiles says which files were not taken while the rest was; empty when
// all were.
func missingFiles(files []sellerdesk.FileOutcome) sellerdesk.Why {
	var text string
	for _, f := range files {
		if f.Refused == (sellerdesk.Why{}) {
			continue
		}
		if text != "" {
			text += " "
		}
		text += "The file " + f.Name + " was not taken."
		if f.Refused.Text != "" {
			text = text[:len(text)-1] + ": " + string(f.Refused.Text)
		}
	}
	if text == "" {
		return sellerdesk.Why{}
	}
	return sellerdesk.Why{Code: sellerdesk.ReasonFileRefused, Text: sellerdesk.Optional(text)}
}

// settle writes the outcome down. It is tried again until the store takes it or
// ctx ends, because an item that stays "sending" would hold back its conversation.
func (s *Sender) settle(ctx context.Context, item sellerdesk.OutboxItem, v verdict) error {
	for try := 1; ; try++ {
		err := s.deps.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.Outbox.Settle(ctx, item.ID, v.Settlement); err != nil {
				return err
			}
			if err := keepRaw(ctx, tx, item.Account, v.raw); err != nil {
				return err
			}
			return expire(ctx, tx, item.Account, v.expire)
		})
		switch sellerdesk.CodeOf(err) {
		case "", sellerdesk.CodeNotFound: // the account may have been removed meanwhile
			return err
		}
		if s.deps.Clock.Sleep(ctx, backoff(try)) != nil {
			return err
		}
	}
}

// keepRaw keeps an answer that was not understood, for those who mend the
// adapter. The same answer is kept once.
func keepRaw(ctx context.Context, tx *store.Tx, id sellerdesk.AccountID, raw []byte) error {
	if len(raw) == 0 {
		return nil
	}
	_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: id, Stream: "send", KeepCursor: true, Batch: sellerdesk.Batch{
		Skipped: []sellerdesk.Skipped{{What: "the answer to a send", Raw: raw}},
	}})
	return err
}

// expire marks an account whose credentials are refused, unless a person
// paused it meanwhile.
func expire(ctx context.Context, tx *store.Tx, id sellerdesk.AccountID, why sellerdesk.Why) error {
	if why == (sellerdesk.Why{}) {
		return nil
	}
	a, err := tx.Accounts.Get(ctx, id)
	if err != nil || a.State != sellerdesk.AccountOK {
		return err
	}
	return tx.Accounts.SetState(ctx, id, sellerdesk.AccountExpired, why)
}

// backoff is the pause after the nth attempt; it doubles and is scattered.
func backoff(n int) time.Duration {
	d := longestBackoff
	if shift := max(n, 1) - 1; shift < 8 {
		d = min(firstBackoff<<shift, longestBackoff)
	}
	return d/2 + rand.N(d/2)
}
