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

// Templates lists the texts that messengers approved, those of one source, or of
// all when it is "". They are as they were read last; anew asks the remote side
// first, as does the first call of all, but not when it was asked less than ten
// seconds ago. Where the channel has none the list is empty. It is unavailable
// when the remote side does not answer, or did not then.
func (a *Accounts) Templates(ctx context.Context, id sellerdesk.AccountID, source sellerdesk.RemoteID, anew bool) ([]sellerdesk.RemoteTemplate, error) {
	list, read, err := a.keptTemplates(ctx, id)
	if err != nil {
		return nil, err
	}
	if read == nil || anew && a.deps.Clock.Now().Sub(read.Time) >= templatesFresh {
		if list, err = a.readTemplates(ctx, id, list, templatesFresh); err != nil {
			return nil, err
		}
	}
	return ofSource(list, source), nil
}

func (a *Accounts) keptTemplates(ctx context.Context, id sellerdesk.AccountID) (list []sellerdesk.RemoteTemplate, read *sellerdesk.Time, err error) {
	err = a.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.Accounts.Get(ctx, id); err != nil {
			return err
		}
		list, read, err = tx.Templates.Get(ctx, id)
		return err
	})
	return list, read, err
}

// readTemplates asks the remote side for its templates, keeps them and gives them,
// unless it was asked less than fresh ago; kept where it has none.
func (a *Accounts) readTemplates(ctx context.Context, id sellerdesk.AccountID, kept []sellerdesk.RemoteTemplate, fresh time.Duration) ([]sellerdesk.RemoteTemplate, error) {
	opened := a.deps.Roster.Get(id)
	if opened == nil || opened.Templates == nil {
		return kept, nil
	}
	// Another connector of the account may have other credentials.
	err := a.listings.once(ctx, opened, fresh, func(ctx context.Context) error { return a.listNow(ctx, id, opened) })
	if err != nil {
		return kept, err
	}
	list, _, err := a.keptTemplates(ctx, id)
	return list, err
}

func (a *Accounts) listNow(ctx context.Context, id sellerdesk.AccountID, opened *channel.Opened) error {
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
	return a.deps.Store.Write(ctx, func(tx *store.Tx) error { return tx.Templates.Put(ctx, id, list) })
}

// readFirst makes sure that the templates of an account have been read before one
// of them is to be said.
func (a *Accounts) readFirst(ctx context.Context, in ReplyInput) error {
	if in.Template == nil {
		return nil
	}
	var conv sellerdesk.Conversation
	err := a.deps.Store.Read(ctx, func(tx *store.Tx) (err error) {
		conv, err = tx.Conversations.Get(ctx, in.Conversation, in.User)
		return err
	})
	if err != nil {
		return err
	}
	if _, err = allowed(conv.Can, sellerdesk.ActionTemplate); err != nil {
		return nil // said with the reason later, unless it was queued before
	}
	list, err := a.Templates(ctx, conv.Account, "", false)
	if err != nil || slices.ContainsFunc(list, func(t sellerdesk.RemoteTemplate) bool { return t.Name == in.Template.Name }) {
		return err
	}
	_, read, err := a.keptTemplates(ctx, conv.Account)
	if err == nil && read != nil && a.deps.Clock.Now().Sub(read.Time) > templatesAnew {
		if _, err := a.readTemplates(ctx, conv.Account, list, templatesAnew); err != nil {
			a.deps.Log.Info("templates could not be read anew", "op", "templates", "account", conv.Account, "err", err)
		}
	}
	return err
}
