package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	keyHeader = "Idempotency-Key"
	// replayed marks an answer that was given before.
	replayed = "Idempotent-Replayed"
	maxKey   = 255
)

// keyParameter documents the header.
func keyParameter() *huma.Param {
	length := maxKey
	return &huma.Param{
		Name: keyHeader, In: "header",
		Description: "Names the intent: the same key and body give the first answer again for 48 hours, another body is a conflict. Only answers that changed something are kept, so an error is judged anew.",
		Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &length},
	}
}

// once makes writes that carry a key happen once. One process works on one
// database, so that locks in memory are enough to put concurrent ones in line;
// answers are kept in the store and survive a restart.
type once struct {
	server *server.Server
	store  *store.Store
	log    *slog.Logger

	mu    sync.Mutex
	locks map[string]*lock // guarded by mu
}

// lock is one key in use. Its channel holds the token of who works.
type lock struct {
	users int
	token chan struct{}
}

func newOnce(s *server.Server, st *store.Store) *once {
	return &once{server: s, store: st, log: s.Log(), locks: map[string]*lock{}}
}

// handler gives the first answer again where a key was seen before.
func (o *once) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(keyHeader) == "" {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body) // bounded by the route
		if err != nil {
			o.server.Problem(w, r, unreadable(err))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		hash := fingerprint(r.Method, r.URL.RequestURI(), body)
		answer, again, err := o.do(r, func() (store.Stored, error) {
			rec := &capture{ResponseWriter: w, header: w.Header().Clone()}
			next.ServeHTTP(rec, r)
			rec.copyTo(w)
			return store.Stored{Status: rec.status, Body: rec.body.Bytes()}, nil
		}, func() ([]byte, error) { return hash, nil })
		switch {
		case err != nil:
			o.server.Problem(w, r, err)
			return
		case again:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set(replayed, "true")
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body) // the client is gone: nobody to tell
	})
}

// stream is [once.do] for work that reads the body itself, so that hash is only
// known once it has been read.
func (o *once) stream(r *http.Request, work func() (store.Stored, error), hash func() ([]byte, error)) (store.Stored, error) {
	answer, _, err := o.do(r, work, hash)
	return answer, err
}

// do runs work once for the key of a request and tells whether the answer is
// one that was given before. The hash is asked for after work, or instead of
// it. Only answers of success are kept.
func (o *once) do(r *http.Request, work func() (store.Stored, error), hash func() ([]byte, error)) (answer store.Stored, again bool, err error) {
	ctx := r.Context()
	key := r.Header.Get(keyHeader)
	if !validKey(key) {
		return answer, false, sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The header %s takes 1 to %d printable ASCII characters.", keyHeader, maxKey).InField(keyHeader)
	}
	user := actor(ctx)
	// Whoever may less than whoever was told does not hear it: another key of
	// the same person, or the person after losing rights.
	key = held(sellerdesk.AccessOf(ctx)) + "/" + key
	release, err := o.lock(ctx, strconv.FormatInt(int64(user), 10)+" "+key)
	if err != nil {
		return answer, false, err
	}
	defer release()
	if answer, again, err = o.seen(ctx, user, key); err != nil {
		return answer, false, err
	}
	if again {
		return answer, true, o.compare(answer, hash)
	}
	if answer, err = work(); err != nil || answer.Status < 200 || answer.Status > 299 {
		return answer, false, err
	}
	if answer.BodyHash, err = hash(); err != nil {
		return answer, false, err
	}
	o.keep(ctx, user, key, answer)
	return answer, false, nil
}

// held tells apart what whoever asks may do: by key and rights. Accounts where
// nothing is held beyond the rights of the house do not count, so that an account
// that is added does not make a repeated request another one.
func held(a sellerdesk.Access) string {
	parts := []any{strconv.FormatUint(uint64(a.House), 10)}
	for _, id := range slices.Sorted(maps.Keys(a.Accounts)) {
		if more := a.Accounts[id] &^ a.House; more != 0 {
			parts = append(parts, strconv.FormatInt(int64(id), 10), strconv.FormatUint(uint64(more), 10))
		}
	}
	return strconv.FormatInt(int64(a.Key), 10) + "/" + hex.EncodeToString(fingerprint(parts...)[:16])
}

// compare refuses a key that belongs to another request.
func (o *once) compare(answer store.Stored, hash func() ([]byte, error)) error {
	now, err := hash()
	if err == nil && !bytes.Equal(answer.BodyHash, now) {
		err = sellerdesk.Errorf(sellerdesk.CodeConflict, "This %s was used for another request.", keyHeader).InField(keyHeader)
	}
	return err
}

func (o *once) seen(ctx context.Context, user sellerdesk.UserID, key string) (answer store.Stored, found bool, err error) {
	err = o.store.Read(ctx, func(tx *store.Tx) (err error) {
		answer, found, err = tx.Idempotency.Get(ctx, user, key)
		return err
	})
	return answer, found, err
}

// keep remembers an answer. What was asked for has happened, so that failing
// to remember is no reason to say otherwise.
func (o *once) keep(ctx context.Context, user sellerdesk.UserID, key string, answer store.Stored) {
	answer.Body = withoutSecrets(answer.Body)
	err := o.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Idempotency.Put(ctx, user, key, answer)
	})
	if err != nil {
		o.log.WarnContext(ctx, "an answer is not kept for its key", "op", "idempotency", "err", err)
	}
}

// lock waits for its turn with a key.
func (o *once) lock(ctx context.Context, key string) (release func(), err error) {
	o.mu.Lock()
	l := o.locks[key]
	if l == nil {
		l = &lock{token: make(chan struct{}, 1)}
		o.locks[key] = l
	}
	l.users++
	o.mu.Unlock()
	leave := func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(o.locks, key)
		}
	}
	select {
	case l.token <- struct{}{}:
		return func() { <-l.token; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// intent is the key under which the outbox knows a write: the same for the
// same person and key, also after a crash between queueing and answering.
func intent(ctx context.Context) string {
	key := requestOf(ctx).Header.Get(keyHeader)
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return "api:" + strconv.FormatInt(int64(actor(ctx)), 10) + ":" + hex.EncodeToString(sum[:16])
}

func validKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

// fingerprint tells requests apart.
func fingerprint(parts ...any) []byte {
	sum := sha256.New()
	for _, p := range parts {
		var b []byte
		switch p := p.(type) {
		case string:
			b = []byte(p)
		case []byte:
			b = p
		}
		_, _ = io.WriteString(sum, strconv.Itoa(len(b))+":") // a hash takes everything
		_, _ = sum.Write(b)
	}
	return sum.Sum(nil)
}

func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The body of the request did not arrive whole.").Because(err)
}

// capture holds an answer until it is kept.
type capture struct {
	http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the headers of the held answer.
func (c *capture) Header() http.Header { return c.header }

// WriteHeader notes the status.
func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write holds b.
func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// copyTo moves the held headers to the real answer.
func (c *capture) copyTo(w http.ResponseWriter) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	for name, values := range c.header {
		w.Header()[name] = values
	}
}
