package desk

import (
	"context"
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// templatesWait is how long a remote side may take to list its templates while
	// somebody waits.
	templatesWait = 20 * time.Second
	// templatesFresh is how old a list, or a try to read it, must be to be read again
	// on demand: listing takes its share of the calls that sending needs.
	templatesFresh = 10 * time.Second
	// templatesAnew is the same where a template is not in it: the messenger may just
	// have approved it.
	templatesAnew = time.Minute
)

// listings ask remote sides for their templates and keep them.
type listings struct {
	deps  Deps
	asked inquiries[*channel.Opened]
}

func newListings(d Deps) *listings {
	return &listings{deps: d, asked: inquiries[*channel.Opened]{clock: d.Clock}}
}

// Templates lists the texts that messengers approved, those of one source, or of
// all when it is "". They are as they were read last; anew asks the remote side
// first, as does the first call of all, but not when it was asked less than ten
// seconds ago. Where the channel has none the list is empty. It is unavailable
// when the remote side does not answer, or did not then.
func (a *Accounts) Templates(ctx context.Context, id sellerdesk.AccountID, source sellerdesk.RemoteID, anew bool) ([]sellerdesk.RemoteTemplate, error) {
	list, err := a.listings.list(ctx, id, anew)
	return ofSource(list, source), err
}

// list gives all templates of an account as [Accounts.Templates] does.
func (l *listings) list(ctx context.Context, id sellerdesk.AccountID, anew bool) ([]sellerdesk.RemoteTemplate, error) {
	list, read, err := l.kept(ctx, id)
	if err != nil {
		return nil, err
	}
	if read == nil || anew && l.deps.Clock.Now().Sub(read.Time) >= templatesFresh {
		return l.read(ctx, id, list, templatesFresh)
	}
	return list, nil
}

func (l *listings) kept(ctx context.Context, id sellerdesk.AccountID) (list []sellerdesk.RemoteTemplate, read *sellerdesk.Time, err error) {
	err = l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.Accounts.Get(ctx, id); err != nil {
			return err
		}
		list, read, err = tx.Templates.Get(ctx, id)
		return err
	})
	return list, read, err
}

// read asks the remote side for its templates, keeps them and gives them,
// unless it was asked less than fresh ago; kept where it has none.
func (l *listings) read(ctx context.Context, id sellerdesk.AccountID, kept []sellerdesk.RemoteTemplate, fresh time.Duration) ([]sellerdesk.RemoteTemplate, error) {
	opened := l.deps.Roster.Get(id)
	if opened == nil || opened.Templates == nil {
		return kept, nil
	}
	// Another connector of the account may have other credentials.
	err := l.asked.once(ctx, opened, fresh, func(ctx context.Context) error { return l.listNow(ctx, id, opened) })
	if err != nil {
		return nil, err
	}
	list, _, err := l.kept(ctx, id)
	return list, err
}

func (l *listings) listNow(ctx context.Context, id sellerdesk.AccountID, opened *channel.Opened) error {
	asking, cancel := context.WithTimeout(sellerdesk.WithLane(ctx, sellerdesk.LanePerson), templatesWait)
	defer cancel()
	list, err := opened.Templates(asking)
	if err != nil {
		_, remote := channel.ClassOf(err)
		told := sellerdesk.Errorf(sellerdesk.CodeUnavailable, "The channel does not list its templates now.").Because(err)
		if remote != nil && remote.Why.Text != "" {
			told.Message = string(remote.Why.Text)
		}
		return told
	}
	return l.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Templates.Put(ctx, id, list) })
}

// readFirst makes sure that the templates of an account have been read before one
// of them is to be said.
func (l *listings) readFirst(ctx context.Context, in ReplyInput) error {
	if in.Template == nil {
		return nil
	}
	var conv sellerdesk.Conversation
	err := l.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		conv, err = tx.Conversations.Get(ctx, in.Conversation, in.User)
		return err
	})
	if err != nil {
		return err
	}
	if _, err = allowed(conv.Can, sellerdesk.ActionTemplate); err != nil {
		return nil // said with the reason later, unless it was queued before
	}
	list, err := l.list(ctx, conv.Account, false)
	if err != nil || slices.ContainsFunc(list, func(t sellerdesk.RemoteTemplate) bool { return t.Name == in.Template.Name }) {
		return err
	}
	_, read, err := l.kept(ctx, conv.Account)
	if err == nil && read != nil && l.deps.Clock.Now().Sub(read.Time) > templatesAnew {
		if _, err := l.read(ctx, conv.Account, list, templatesAnew); err != nil {
			l.deps.Log.Info("templates could not be read anew", "op", "templates", "account", conv.Account, "err", err)
		}
	}
	return err
}
