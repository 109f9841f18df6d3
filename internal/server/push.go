package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// pushPath is where the pushes of remote sides arrive, followed by the account
// and its key.
const pushPath = "/in/"

// pushDoor takes the pushes of all channels that push.
type pushDoor struct {
	store *store.Store
	clock sellerdesk.Clock
	log   *slog.Logger
	// drivers are those of the channels that push; not changed once made.
	drivers map[sellerdesk.ChannelKind]channel.Driver
}

// mountPushes opens the door. Whoever knows an address may push, so that the
// guard against other sites does not ask.
func (s *Server) mountPushes() {
	d := pushDoor{s.deps.Store, s.deps.Clock, s.log, map[sellerdesk.ChannelKind]channel.Driver{}}
	if s.deps.Desk != nil { // there is none behind a document
		for _, driver := range s.deps.Desk.Accounts.Drivers() {
			if driver.Ack != nil {
				d.drivers[driver.Kind] = driver
			}
		}
	}
	for _, pattern := range []string{pushPath + "{account}/{key}", pushPath + "{account}/{key}/{rest...}"} {
		s.guard.AddInsecureBypassPattern("POST " + pattern)
		s.mux.HandleFunc("POST "+pattern, d.take)
	}
	s.mux.HandleFunc(pushPath, s.noRoute)
}

// take keeps a push and answers it before anybody reads it: remote sides
// wait for no more than moments, and send nothing else until then.
func (d pushDoor) take(w http.ResponseWriter, r *http.Request) {
	// Nobody is behind a push but the key in its address: what is kept is kept by
	// the program.
	r = r.WithContext(sellerdesk.WithAccess(r.Context(), sellerdesk.FullAccess(0)))
	account, driver, err := d.account(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if driver.Ack == nil {
		writeProblem(w, http.StatusNotFound, sellerdesk.CodeNotFound, "There is no such address.", "")
		return
	}
	push := sellerdesk.Push{
		Account: account, Received: sellerdesk.At(d.clock.Now()),
		Path: pathBehind(r), Type: r.Header.Get("Content-Type"),
	}
	push.Body, err = io.ReadAll(io.LimitReader(r.Body, sellerdesk.MaxPush+1))
	switch {
	case err == nil && len(push.Body) > sellerdesk.MaxPush:
		// Not 413: senders stop at any answer but "wrong", and repeat it.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody)) // so that it hears the answer
		writeProblem(w, http.StatusBadRequest, sellerdesk.CodeInvalid, fmt.Sprintf("A notification may have %d bytes.", sellerdesk.MaxPush), "")
		return
	case err != nil:
		writeProblem(w, http.StatusBadRequest, sellerdesk.CodeInvalid, "The notification did not arrive whole.", "")
		return
	}
	answer := driver.Ack(push)
	if answer.Keep && driver.Admit != nil {
		push.Signature = signatureOf(r)
		if refused, err := d.admit(r.Context(), driver, push); refused != nil || err != nil {
			d.turnAway(w, r, refused, err)
			return
		}
	}
	if err := d.keep(r, push, answer); err != nil {
		d.fail(w, r, err)
		return
	}
	if answer.Type != "" {
		w.Header().Set("Content-Type", answer.Type)
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body) // the sender is gone: it will come again
}

// keep stores a push that is to be read; of others it notes that they came.
func (d pushDoor) keep(r *http.Request, push sellerdesk.Push, answer channel.Reply) error {
	if answer.Status >= http.StatusBadRequest && !answer.Keep {
		return nil // a body that makes no sense is no sign of life
	}
	return d.store.Write(r.Context(), func(tx *store.Tx) error {
		if !answer.Keep {
			return tx.Pushes.Heard(r.Context(), push.Account, push.Received)
		}
		if push.Signature != (sellerdesk.PushSignature{}) {
			if err := tx.Pushes.Asked(r.Context(), push.Account); err != nil {
				return err
			}
		}
		return tx.Pushes.Put(r.Context(), push)
	})
}

// signatureOf is what the headers of Standard Webhooks say.
func signatureOf(r *http.Request) sellerdesk.PushSignature {
	return sellerdesk.PushSignature{
		ID: r.Header.Get("Webhook-Id"), Timestamp: r.Header.Get("Webhook-Timestamp"), Value: r.Header.Get("Webhook-Signature"),
	}
}

// admit asks the channel whether a push comes from who knows the credentials. What
// does not is noted where a person sees it, until one does.
func (d pushDoor) admit(ctx context.Context, driver channel.Driver, push sellerdesk.Push) (refused *channel.Error, err error) {
	var credentials map[string]sellerdesk.Secret
	err = d.store.Read(ctx, func(tx *store.Tx) (err error) {
		credentials, err = tx.Accounts.Credentials(ctx, push.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	no := driver.Admit(credentials, push)
	if no == nil {
		return nil, nil
	}
	class, refused := channel.ClassOf(no)
	if refused == nil {
		refused = &channel.Error{Class: channel.Malformed, Why: sellerdesk.Why{Text: "The notification is not understood."}, Err: no}
	}
	if class != channel.Unauthorized {
		return refused, nil
	}
	return refused, d.store.Write(ctx, func(tx *store.Tx) error { return tx.Pushes.Unasked(ctx, push.Account, refused.Why) })
}

// turnAway answers a push that was not admitted, or could not be judged.
func (d pushDoor) turnAway(w http.ResponseWriter, r *http.Request, refused *channel.Error, err error) {
	switch {
	case err != nil:
		d.fail(w, r, err)
	case refused.Class == channel.Unauthorized:
		writeProblem(w, http.StatusUnauthorized, sellerdesk.CodeForbidden, string(refused.Why.Text), "")
	default:
		writeProblem(w, http.StatusUnprocessableEntity, sellerdesk.CodeInvalid, string(refused.Why.Text), "")
	}
}

// account finds the account that a push is for by its key; there is no way to
// answer when there is no such door, which looks the same whatever is wrong.
func (d pushDoor) account(r *http.Request) (account sellerdesk.AccountID, driver channel.Driver, err error) {
	id, err := strconv.ParseInt(r.PathValue("account"), 10, 64)
	if err != nil || id < 1 {
		return 0, driver, nil
	}
	account = sellerdesk.AccountID(id)
	var door store.Door
	err = d.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		door, err = tx.Accounts.Door(r.Context(), account)
		return err
	})
	want, given := sha256.Sum256([]byte(door.Key.Reveal())), sha256.Sum256([]byte(r.PathValue("key")))
	if err != nil || door.Key == "" || subtle.ConstantTimeCompare(want[:], given[:]) != 1 {
		return 0, driver, err
	}
	return account, d.drivers[door.Channel], nil
}

// pathBehind is what follows the address in the path of a push, "/notification".
func pathBehind(r *http.Request) string {
	if rest := r.PathValue("rest"); rest != "" {
		return "/" + rest
	}
	return ""
}

// fail answers a push that could not be kept: the sender tries again.
func (d pushDoor) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		d.log.Error("a push could not be kept", "op", "push", "request", RequestID(r.Context()), "err", err)
	}
	writeProblem(w, http.StatusServiceUnavailable, sellerdesk.CodeUnavailable, "The notification cannot be kept now.", "")
}
