package desk

import (
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/filling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// withTemplates adds the texts of the templates that an input names to its own.
// They are frozen with it: a template that changes later changes no job.
func (j *Jobs) withTemplates(ctx context.Context, in BulkInput) (BulkInput, error) {
	if len(in.Templates) == 0 {
		return in, nil
	}
	if in.Action != sellerdesk.ActionAnswer {
		return in, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Only an answer takes templates.").InField("templates")
	}
	in.Texts = slices.Clone(in.Texts)
	err := j.deps.Store.Read(ctx, func(tx *store.Tx) error {
		for _, id := range in.Templates {
			t, err := tx.Library.Get(ctx, in.User, id)
			if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no template %d.", id).InField("templates")
			}
			if err != nil {
				return err
			}
			in.Texts = append(in.Texts, t.Text)
		}
		return nil
	})
	return in, err
}

// template tells which template a text of a job is of; 0: none. Those of templates
// come last.
func (p bulkParams) template(choice int) sellerdesk.TemplateID {
	if n := choice - (len(p.Texts) - len(p.Templates)); n >= 0 {
		return p.Templates[n]
	}
	return 0
}

// said makes what a job says in a conversation, with the files of the template
// that was drawn, where it is still there and files are taken.
func (r run) said(ctx context.Context, conv sellerdesk.Conversation) (ReplyInput, error) {
	in := ReplyInput{User: r.job.User, Conversation: conv.ID}
	texts, err := filling.Parse(r.params.Texts)
	if err != nil {
		return in, err
	}
	about, err := library.Subject(ctx, r.tx, conv, r.job.User)
	if err != nil {
		return in, err
	}
	seed := int64(r.job.ID)
	in.Text, in.From = texts.For(seed, about), r.params.template(texts.Choice(seed, conv.ID))
	if in.From == 0 {
		return in, nil
	}
	t, err := r.tx.Library.Get(ctx, r.job.User, in.From)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return in, nil
	}
	if can, _ := sellerdesk.Find(conv.Can, in.pick(conv.Can)); can.Files != nil {
		for _, f := range t.Files[:min(len(t.Files), can.Files.Max)] {
			in.Files = append(in.Files, f.ID)
		}
	}
	return in, err
}

// count counts the use of the template that a message was begun with, in the same
// transaction as the message.
func (in ReplyInput) count(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation) error {
	if in.From == 0 {
		return nil
	}
	return tx.Library.Used(ctx, in.User, in.From, conv.Account)
}
