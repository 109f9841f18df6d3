package pull

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of backing off.
const (
	firstBackoff   = time.Second
	longestBackoff = time.Minute
)

// notRead decides what follows from a pull that brought nothing, and tells
// whether to go on.
func (s *stream) notRead(ctx context.Context, err error) bool {
	class, remote := channel.ClassOf(err)
	s.failures++
	if class == channel.Unauthorized {
		why := whyOf(class, remote)
		if s.worker.expired(ctx, s.Name, why, remote) {
			s.record(ctx, why)
		}
		return false
	}
	pause := backoff(s.failures)
	if class == channel.Throttled && remote.RetryAfter > 0 {
		pause = min(remote.RetryAfter, longestPause)
	}
	s.due, s.pace = s.worker.deps.Clock.Now().Add(pause), s.Every
	why := whyOf(class, remote)
	s.logFailure(class, remote, err)
	if why != s.told {
		s.record(ctx, why)
	}
	if class == channel.Malformed {
		s.keepRaw(ctx, remote.Raw)
	}
	return true
}

// keepRaw keeps an answer that was not understood, for those who mend the
// adapter. The same answer is kept once.
func (s *stream) keepRaw(ctx context.Context, raw []byte) {
	if len(raw) == 0 {
		return
	}
	err := s.worker.deps.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Inbox.Apply(ctx, store.ApplyInput{Account: s.worker.account, Stream: s.Name, KeepCursor: true, Batch: sellerdesk.Batch{
			Skipped: []sellerdesk.Skipped{{What: "a whole answer", Raw: raw}},
		}})
		return err
	})
	if err != nil {
		s.worker.log.Error("an answer that was not understood could not be kept", "op", "pull", "stream", s.Name, "err", err)
	}
}

// logFailure tells the first failure of a row as a warning, since a person may
// want it tomorrow, and the rest for those who look closely.
func (s *stream) logFailure(class channel.Class, remote *channel.Error, err error) {
	args := []any{"op", "pull", "stream", s.Name, "class", class, "failures", s.failures, "err", err}
	if remote != nil && len(remote.Raw) > 0 {
		args = append(args, "bytes", len(remote.Raw))
	}
	if s.failures == 1 && class != channel.Throttled {
		s.worker.log.Warn("a stream could not be read", args...)
		return
	}
	s.worker.log.Debug("a stream could not be read", args...)
}

// expired stops an account whose credentials are refused, and tells whether it
// did: one that was given others meanwhile is read by another worker already.
func (w *worker) expired(ctx context.Context, stream string, why sellerdesk.Why, remote *channel.Error) bool {
	w.log.Warn("the credentials of an account are refused", "op", "pull", "stream", stream, "err", remote)
	if w.deps.Roster.Get(w.account) != w.opened {
		w.cancel()
		return false
	}
	err := w.deps.setState(ctx, w.account, sellerdesk.AccountExpired, why, sellerdesk.AccountOK, sellerdesk.AccountBroken)
	if err != nil {
		w.log.Error("an account could not be marked as expired", "op", "pull", "err", err)
	}
	w.fail()
	return true
}

// record keeps why a stream could not be read, where a person sees it.
func (s *stream) record(ctx context.Context, why sellerdesk.Why) {
	err := s.worker.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Streams.Failed(ctx, s.worker.account, s.Name, why)
	})
	if err != nil {
		s.worker.log.Error("the failure of a stream could not be recorded", "op", "pull", "stream", s.Name, "err", err)
		return
	}
	s.told = why
}

// whyOf is the reason for a person: what the adapter said, else what the class
// means.
func whyOf(class channel.Class, remote *channel.Error) sellerdesk.Why {
	if remote != nil && remote.Why.Text != "" {
		return remote.Why
	}
	switch class {
	case channel.Throttled:
		return sellerdesk.Why{Code: sellerdesk.ReasonThrottled, Text: "The channel asks to wait."}
	case channel.Unauthorized:
		return sellerdesk.Why{Code: sellerdesk.ReasonCredentials, Text: "The channel no longer accepts the credentials."}
	case channel.Malformed:
		return sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "The channel answered in a way that is not understood; it is tried again."}
	case channel.Refused:
		return sellerdesk.Why{Code: sellerdesk.ReasonRefused, Text: "The channel refuses to tell what is new."}
	case channel.Gone:
		return sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "The channel no longer has what was asked for."}
	case "":
		return sellerdesk.Why{Code: ReasonPanic, Text: "What came could not be saved; it is tried again."}
	default:
		return sellerdesk.Why{Code: sellerdesk.ReasonUnreachable, Text: "The channel does not answer; it is tried again."}
	}
}

// backoff is the pause after the nth failure in a row: it doubles up to a
// minute and is scattered, so that accounts do not come back all at once.
func backoff(n int) time.Duration {
	d := longestBackoff
	if shift := max(n, 1) - 1; shift < 6 {
		d = firstBackoff << shift
	}
	d = min(d, longestBackoff)
	return d/2 + rand.N(d/2)
}
