package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/gate"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
	"github.com/sellerdesk/sellerdesk/internal/store/replies"
	"github.com/sellerdesk/sellerdesk/internal/store/sending"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Inbox takes in what remote sides told.
type Inbox struct{ tx *Tx }

// ApplyInput is one batch of one stream.
type ApplyInput struct {
	Account sellerdesk.AccountID
	Stream  string
	Batch   sellerdesk.Batch
	// KeepCursor leaves the place and the progress of the stream as they are:
	// the batch was read out of turn, as when looking for a lost send.
	KeepCursor bool
}

// Applied tells what a batch changed.
type Applied struct {
	NewConversations int
	NewMessages      int
	Settled          int // sends settled by their echo
	// Changed: the batch brought something that was not known.
	Changed bool
}

// Apply saves a batch and its cursor in the transaction. Applying the same
// batch again changes nothing and writes no event.
//
// Everything is read in a few statements for the whole batch, decided in
// memory and written in a few statements:
//
//	threads ─► messages ─► echoes ─► who waits ─► rows, versions, files ─► unread ─► cursor ─► search words
func (i Inbox) Apply(ctx context.Context, in ApplyInput) (Applied, error) {
	channel, err := i.tx.Accounts.Locked(ctx, in.Account)
	if err != nil {
		return Applied{}, err
	}
	a := &application{tx: i.tx, in: in, channel: channel, now: i.tx.now().Millis(), threads: map[threadKey]*patched{}}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"read conversations", a.readThreads},
		{"read messages", a.readMessages},
		{"compare versions", revisions{a}.compareVersions},
		{"compare files", revisions{a}.compareFiles},
		{"recognize sends", a.recognize},
		{"write conversations", a.writeThreads},
		{"write messages", a.writeMessages},
		{"write edits", revisions{a}.writeEdits},
		{"settle sends", a.settle},
		{"save conversations", a.saveThreads},
		{"wake what waits for an order", a.wakeOrders},
		{"mark unread", a.markUnread},
		{"record people", seating{a}.record},
		{"move the cursor", a.moveCursor},
		{"write search words", a.writeWords},
	} {
		if err := step.run(ctx); err != nil {
			return Applied{}, fmt.Errorf("apply a batch of account %d, stream %s: %s: %w", in.Account, in.Stream, step.name, err)
		}
	}
	return a.applied, nil
}

// threadKey names a conversation to the remote side.
type threadKey struct {
	kind   sellerdesk.Kind
	remote string
}

// patched is a conversation of a batch.
type patched struct {
	thread
	fresh       bool // not in the database yet
	changed     bool
	lookAgain   bool   // who waits can only be told by the messages
	lookLast    bool   // what the list shows can only be told by the messages
	unreadSince *int64 // newest new word of the buyer
	settle      *bool  // what the remote side told about what the buyer said until now
	looks       bool   // when to look again has changed
	renamed     bool   // the buyer has another name now
	news        bool   // something new is known of its order or claim
	by          string // the evidence by which it came to its person now
	known       map[string]*line
}

// line is a message of a batch.
type line struct {
	id      sellerdesk.MessageID
	thread  *patched
	remote  string
	author  sellerdesk.Author
	foreign bool
	body    string
	at      int64
	edited  *int64
	private []byte
	files   []sellerdesk.RemoteFile
	reply   replies.To
	form    *sellerdesk.Form
	rating  *int
	status  sellerdesk.MessageStatus
	why     sellerdesk.Why
	fresh   bool
	changed bool // a known one that is not as it was
	revised *revision
	more    int   // how many of the files are new to a known one
	kept    int   // how many files a known one had
	echo    *item // the send it proves
}

// revision is what a known message said before.
type revision struct {
	body   string
	rating *int
	since  int64 // said so since
	at     int64 // says something else since
	// said is the line as the remote side told it.
	said *line
}

// application is one batch on its way into the database.
type application struct {
	tx      *Tx
	in      ApplyInput
	channel sellerdesk.ChannelKind
	now     int64

	threads map[threadKey]*patched
	order   []*patched // as the batch names them
	lines   []*line    // those of the batch in their order, each once
	words   []engine.SearchRow
	applied Applied
	// overtaken are sends that somebody elsewhere was faster than.
	overtaken []*item
}

// key makes a remote id fit to be kept.
func key(kind sellerdesk.Kind, id sellerdesk.RemoteID) threadKey {
	return threadKey{kind, gate.RemoteID(id)}
}

// readThreads reads the conversations of the batch, makes those that are not
// there and applies what was told about them.
func (a *application) readThreads(ctx context.Context) error {
	wanted := map[sellerdesk.Kind][]string{}
	note := func(k threadKey) {
		if _, ok := a.threads[k]; !ok && k.remote != "" {
			a.threads[k] = nil
			wanted[k.kind] = append(wanted[k.kind], k.remote)
		}
	}
	for _, c := range a.in.Batch.Conversations {
		note(key(c.Kind, c.RemoteID))
	}
	for _, m := range a.in.Batch.Messages {
		note(key(m.Kind, m.Conversation))
	}
	for kind, ids := range wanted {
		for _, piece := range engine.Padded(ids) {
			rows, err := a.tx.query(ctx, `SELECT `+threadColumns+` FROM conversations c WHERE c.account_id = $1 AND c.kind = $2
				AND c.remote_id IN (`+engine.Placeholders(3, len(piece))+`)`, append([]any{int64(a.in.Account), string(kind)}, engine.Anys(piece)...)...)
			threads, err := engine.Collect(rows, err, scanThread)
			if err != nil {
				return err
			}
			for _, t := range threads {
				p := &patched{thread: *t, known: map[string]*line{}}
				a.threads[threadKey{t.kind, *t.remoteID}] = p
				a.order = append(a.order, p)
			}
		}
	}
	if err := (adoption{a}).run(ctx); err != nil {
		return err
	}
	for _, c := range a.in.Batch.Conversations {
		if k := key(c.Kind, c.RemoteID); k.remote != "" {
			if err := a.patch(a.ensure(k, cmp.Or(c.CreatedAt, c.UpdatedAt)), c); err != nil {
				return err
			}
		}
	}
	return nil
}

// ensure gives the conversation of a key, a new one if it is not there.
func (a *application) ensure(k threadKey, created *sellerdesk.Time) *patched {
	if p := a.threads[k]; p != nil {
		return p
	}
	at := a.now
	if created != nil {
		at = created.Millis()
	}
	remote := k.remote
	p := &patched{fresh: true, changed: true, known: map[string]*line{}, thread: thread{
		account: a.in.Account, channel: a.channel, kind: k.kind, remoteID: &remote, status: sellerdesk.ConversationOpen,
		sortAt: at, created: at, updated: at, rev: 1,
	}}
	a.threads[k] = p
	a.order = append(a.order, p)
	return p
}

// assign changes a value and tells whether that made a difference.
func assign[T comparable](to *T, v T) bool {
	if *to == v {
		return false
	}
	*to = v
	return true
}

// patch applies what was told about a conversation.
func (a *application) patch(p *patched, c sellerdesk.ConversationPatch) error {
	changed := false
	if c.BuyerName != nil {
		p.renamed = assign(&p.buyerName, text.Cut(text.Clean(*c.BuyerName), 200)) || p.renamed
		changed = p.renamed || changed
	}
	if c.Product != nil {
		changed = assign(&p.product, gate.Product(*c.Product)) || changed
		changed = assign(&p.productID, gate.RemoteID(c.Product.ID)) || changed
	}
	if c.Order != nil {
		p.news = assign(&p.order, text.Cut(text.Clean(*c.Order), 200)) || p.news
	}
	if c.CreatedAt != nil {
		created := c.CreatedAt.Millis()
		if p.lastAuthor == "" && p.sortAt != created {
			p.sortAt, changed = created, true
		}
		changed = assign(&p.created, created) || changed
	}
	if c.UpdatedAt != nil && c.UpdatedAt.Millis() > p.updated {
		p.updated, changed = c.UpdatedAt.Millis(), true
	}
	if c.Shut != nil {
		changed = assign(&p.shut, gate.Why(*c.Shut)) || changed
	}
	if c.Window != nil {
		framed, err := p.frame(*c.Window)
		if err != nil {
			return err
		}
		changed = framed || changed
	}
	if c.Remote != nil && string(c.Remote) != string(p.remote) {
		p.remote, changed = c.Remote, true
	}
	changed = a.patchKind(p, c) || p.news || changed
	if p.news && p.held.Asleep().Order {
		p.wake(sellerdesk.WokeByOrder, a.now)
	}
	p.changed, p.told = p.changed || changed, p.told || changed
	if c.Settled != nil {
		p.settle = c.Settled
	}
	if c.Reread != nil {
		p.looks = p.askLook(a.now, *c.Reread) || p.looks
	}
	return nil
}

// patchKind applies what was told about what only some kinds have.
func (a *application) patchKind(p *patched, c sellerdesk.ConversationPatch) (changed bool) {
	if c.Rating != nil && !sameValue(p.rating, c.Rating) {
		rating := *c.Rating
		p.rating, changed = &rating, true
	}
	if c.Offers != nil {
		changed = assign(&p.offers, gate.Offers(*c.Offers)) || changed
	}
	if part := gate.Part(c); part != "" {
		p.news = assign(&p.part, part) || p.news
	}
	if c.Chat != nil {
		changed = assign(&p.about, sending.About(*c.Chat, p.order)) || changed
		changed = assign(&p.aboutName, sending.AboutName(*c.Chat)) || changed
	}
	return changed
}

// readMessages sorts the messages of the batch into new, edited and known ones.
func (a *application) readMessages(ctx context.Context) error {
	var pairs []pair
	for _, m := range a.in.Batch.Messages {
		k := key(m.Kind, m.Conversation)
		if k.remote == "" {
			continue
		}
		if p := a.threads[k]; p != nil && !p.fresh {
			pairs = append(pairs, pair{int64(p.id), gate.MessageID(m)})
		}
	}
	known, err := a.readKnown(ctx, pairs)
	if err != nil {
		return err
	}
	for _, l := range known {
		l.thread.known[l.remote] = l
	}
	for _, m := range a.in.Batch.Messages {
		if k := key(m.Kind, m.Conversation); k.remote != "" && !m.Mark {
			a.sort(a.ensure(k, &m.At), m)
		}
	}
	if err := (marking{a}).take(ctx); err != nil {
		return err
	}
	// Older words first, whatever the order they came in.
	slices.SortStableFunc(a.lines, func(x, y *line) int {
		switch {
		case x.at < y.at:
			return -1
		case x.at > y.at:
			return 1
		}
		return 0
	})
	return nil
}

// pair names a message of a conversation that is there.
type pair struct {
	conversation int64
	message      string
}

// readKnown reads the messages that are there already.
func (a *application) readKnown(ctx context.Context, pairs []pair) ([]*line, error) {
	byID := map[sellerdesk.ConversationID]*patched{}
	for _, p := range a.order {
		byID[p.id] = p
	}
	var known []*line
	for _, piece := range engine.Padded(pairs) {
		args := make([]any, 0, 2*len(piece))
		for _, p := range piece {
			args = append(args, p.conversation, p.message)
		}
		// The first row tells PostgreSQL the types.
		values := "(CAST($1 AS BIGINT), CAST($2 AS TEXT))"
		if len(piece) > 1 {
			values += "," + engine.Tuples(3, len(piece)-1, 2)
		}
		rows, err := a.tx.query(ctx, `WITH wanted (conversation_id, remote_id) AS (VALUES `+values+`)
			SELECT m.id, m.conversation_id, m.remote_id, m.author, m.body, m.at, m.edited_at, m.rating, m.status, m.reason_code, m.reason, m.files
			FROM wanted w CROSS JOIN messages m WHERE m.conversation_id = w.conversation_id AND m.remote_id = w.remote_id`, args...)
		found, err := engine.Collect(rows, err, func(s engine.Scanner) (*line, error) {
			var conversation sellerdesk.ConversationID
			l := &line{}
			err := s.Scan(&l.id, &conversation, &l.remote, &l.author, &l.body, &l.at, &l.edited, &l.rating, &l.status, &l.why.Code, &l.why.Text, &l.kept)
			l.thread = byID[conversation]
			return l, err
		})
		if err != nil {
			return nil, err
		}
		known = append(known, found...)
	}
	return known, nil
}

// sort takes one message of the batch: new, changed or known.
func (a *application) sort(p *patched, m sellerdesk.MessagePatch) {
	l := &line{thread: p, remote: gate.MessageID(m), author: gate.Author(m.Author), foreign: m.Foreign, body: text.Clean(m.Text),
		at: m.At.Millis(), private: m.Remote, files: m.Files, reply: replies.Of(m), form: m.Form, rating: m.Rating, fresh: true}
	l.status, l.why = gate.Standing(l.author, m)
	if m.EditedAt != nil {
		at := m.EditedAt.Millis()
		l.edited = &at
	}
	old := p.known[l.remote]
	switch {
	case old == nil:
		p.known[l.remote] = l
		a.lines = append(a.lines, l)
	case old.fresh:
		// Told twice in one batch: the later word counts.
		old.body, old.rating, old.files, old.form = l.body, l.rating, l.files, l.form
		if marks.GoesOn(p.kind, old.status, l.status, true) {
			old.status, old.why = l.status, l.why
		}
		if l.edited != nil {
			old.edited = l.edited
		}
	default:
		revisions{a}.compare(old, l)
	}
}
