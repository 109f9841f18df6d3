package store

import (
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/marks"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// revisions compares the known messages of a batch with what is told about them.
type revisions struct{ *application }

// byUs tells whether a message was written here.
func (l *line) byUs() bool {
	return l.author == sellerdesk.AuthorAgent || l.author == sellerdesk.AuthorRule
}

// compare finds out what a remote side tells anew about a known message.
func (a revisions) compare(old, said *line) {
	if a.differs(old, said) {
		a.revise(old, said)
	}
	a.stand(old, said.status, said.why)
	if !old.byUs() && len(said.files) > 0 {
		old.files = said.files
	}
}

// stand lets a known message of our side stand as the remote side says.
func (a revisions) stand(old *line, status sellerdesk.MessageStatus, why sellerdesk.Why) {
	if !old.author.Ours() || status == sellerdesk.MessageReceived || !marks.GoesOn(old.thread.kind, old.status, status, old.revised != nil) {
		return
	}
	if old.thread.kind == sellerdesk.KindChat && why == (sellerdesk.Why{}) && old.status != sellerdesk.MessageRefused {
		why = old.why // as that a file was not taken: a mark says nothing about it
	}
	if old.status != status || old.why != why {
		old.status, old.why = status, why
		a.touch(old)
	}
}

// touch puts a known message among those to be written.
func (a revisions) touch(l *line) {
	if !l.changed {
		l.changed = true
		a.lines = append(a.lines, l)
	}
}

// differs tells whether a known message says something else now. What was
// written here is ours: a chat shows it, it does not change it unless it says
// so; what stands in public can be changed by others, but white space is no change.
func (a revisions) differs(old, said *line) bool {
	if said.rating == nil {
		said.rating = old.rating
	}
	if !old.byUs() {
		return old.body != said.body || !sameValue(old.rating, said.rating)
	}
	if old.thread.kind == sellerdesk.KindChat && said.edited == nil {
		return false
	}
	switch old.status {
	case sellerdesk.MessageQueued, sellerdesk.MessageSending, sellerdesk.MessageUnknown:
		return false // its own outcome comes first
	}
	return text.Key(old.body) != text.Key(said.body)
}

// revise makes a new version of a known message.
func (a revisions) revise(old, said *line) {
	if old.revised == nil {
		since := old.at
		if old.edited != nil {
			since = *old.edited
		}
		old.revised = &revision{body: old.body, rating: old.rating, since: since}
	}
	old.revised.said = said
	old.revised.at = a.now
	if said.edited != nil {
		old.revised.at = *said.edited
	}
	old.body, old.rating = said.body, said.rating
	a.touch(old)
}

// compareVersions passes over what a message of ours said before: the look is
// older than the change that we know of.
func (a revisions) compareVersions(ctx context.Context) error {
	byID := map[int64]*line{}
	var ids []int64
	for _, l := range a.lines {
		if l.revised != nil && l.byUs() && l.revised.said.edited == nil {
			byID[int64(l.id)] = l
			ids = append(ids, int64(l.id))
		}
	}
	err := a.tx.Messages.Said(ctx, ids, func(id sellerdesk.MessageID, body string) {
		if l := byID[int64(id)]; l.revised != nil && text.Key(body) == text.Key(l.body) {
			l.revised, l.changed = nil, false
		}
	})
	if err != nil {
		return err
	}
	a.dateRevisions()
	return nil
}

// dateRevisions says since when a changed message says what it says. Where the
// remote side did not tell it is now, unless an answer came in the same batch:
// then the answer was given to the new words.
func (a revisions) dateRevisions() {
	answers := map[*patched]*int64{}
	for _, l := range a.lines {
		if l.fresh && l.author.Ours() && l.status.Answers() {
			answers[l.thread] = latest(answers[l.thread], &l.at)
		}
	}
	for _, l := range a.lines {
		r := l.revised
		if r == nil {
			continue
		}
		if r.said.edited == nil {
			if answer := answers[l.thread]; answer != nil {
				r.at = min(r.at, *answer-1)
			} else if l.thread.answered != nil {
				r.at = max(r.at, *l.thread.answered+1) // our clock may be behind theirs
			}
		}
		r.at = max(r.at, r.since)
		l.edited = &r.at
	}
}

// compareFiles finds files that a known message got later. What it had stays.
func (a revisions) compareFiles(ctx context.Context) error {
	byID := map[int64]*line{}
	var ids []int64
	for _, p := range a.order {
		for _, l := range p.known {
			if !l.fresh && len(l.files) > 0 {
				byID[int64(l.id)] = l
				ids = append(ids, int64(l.id))
			}
		}
	}
	slices.Sort(ids)
	have := map[int64]map[string]bool{}
	for _, piece := range engine.Padded(ids) {
		rows, err := a.tx.query(ctx, `SELECT f.message_id, f.remote_id FROM files f WHERE f.message_id IN (`+engine.Placeholders(1, len(piece))+`)`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
			var message int64
			var remote string
			if err = s.Scan(&message, &remote); err == nil {
				if have[message] == nil {
					have[message] = map[string]bool{}
				}
				have[message][remote] = true
			}
			return none, err
		})
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		l := byID[id]
		// A file without a name cannot be told from those that are here.
		l.files = slices.DeleteFunc(slices.Clone(l.files), func(f sellerdesk.RemoteFile) bool {
			return f.ID == "" || have[id][text.Clean(string(f.ID))]
		})
		if l.more = len(l.files); l.more > 0 {
			a.touch(l)
			if l.author == sellerdesk.AuthorBuyer {
				a.picture(l.thread, l.files)
			}
		}
	}
	return nil
}

// writeEdits writes messages that were here already and are different now.
func (a revisions) writeEdits(ctx context.Context) error {
	var versions, attached []any
	for _, l := range a.lines {
		if !l.changed {
			continue
		}
		if err := a.writeEdit(ctx, l); err != nil {
			return err
		}
		if r := l.revised; r != nil {
			versions = append(versions, messages.Version(l.id, r.since, r.body, r.rating)...)
		}
		for n, f := range l.files[:l.more] {
			attached = files.Want(attached, files.Origin{Account: a.in.Account, Conversation: l.thread.id, Message: l.id, Remote: f}, l.kept+n, a.now)
		}
		a.tx.emit(sellerdesk.EventMessageUpdated, a.in.Account, l.thread.id,
			sellerdesk.MessageEvent{Message: l.id, Author: l.author, Status: l.status})
		p := l.thread
		p.changed, p.lookLast = true, true
		// What answers may have begun or ended to.
		p.lookAgain = p.lookAgain || l.author.Ours()
		if l.revised != nil {
			p.updated = max(p.updated, l.revised.at)
		}
		a.applied.Changed = true
	}
	if err := a.tx.Messages.KeepVersions(ctx, versions); err != nil {
		return err
	}
	_, err := a.tx.insertMany(ctx, files.Insert, files.Width, "", attached)
	return err
}

// writeEdit writes one of them.
func (a revisions) writeEdit(ctx context.Context, l *line) error {
	if _, err := a.tx.exec(ctx, `UPDATE messages SET body = $2, edited_at = $3, rating = $4, status = $5, reason = $6, reason_code = $7, files = $8 WHERE id = $1`,
		int64(l.id), l.body, l.edited, l.rating, string(l.status), string(l.why.Text), string(l.why.Code), l.kept+l.more); err != nil {
		return err
	}
	if l.revised == nil {
		return nil
	}
	a.words = append(a.words, a.tx.words(&l.thread.thread, l.id, l.author, l.at, l.body))
	return a.tx.Search.Forget(ctx, []sellerdesk.MessageID{l.id})
}
