package library

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/filling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Subject is what a text for a conversation is about, when a person says it.
func Subject(ctx context.Context, tx *store.Tx, conv sellerdesk.Conversation, user sellerdesk.UserID) (filling.Subject, error) {
	s := filling.Subject{Conversation: conv}
	account, err := tx.Accounts.Get(ctx, conv.Account)
	if err != nil {
		return s, err
	}
	person, err := tx.Users.Get(ctx, user)
	if err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		return s, err
	}
	s.Shop, s.Me = account.Name, person.Name
	return s, nil
}

// Ask asks how a text would read.
type Ask struct {
	User sellerdesk.UserID // who would say it
	// Template is what is filled in; Text instead, which nobody has kept yet.
	Template     sellerdesk.TemplateID
	Text         string
	Conversation sellerdesk.ConversationID // 0: of none, so that fallbacks are said
	Draw         int64                     // another one draws other random parts
}

// Filled is a text that is ready to be said.
type Filled struct {
	Text  string            `json:"text"`
	Files []sellerdesk.File `json:"files"` // that go with it
}

// Fill gives a text as it would be said in a conversation. Nothing is kept or
// counted.
func (l *Library) Fill(ctx context.Context, in Ask) (Filled, error) {
	out := Filled{Files: []sellerdesk.File{}}
	if err := somewhere(ctx, sellerdesk.RightSee); err != nil {
		return out, err
	}
	if (in.Template == 0) == (in.Text == "") {
		return out, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name a template or give a text.").InField("text")
	}
	err := l.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if in.Template != 0 {
			t, err := tx.Library.Get(ctx, in.User, in.Template)
			if err != nil {
				return err
			}
			in.Text, out.Files = t.Text, t.Files
		}
		said, err := judgeText(in.Text)
		if err != nil {
			return err
		}
		texts, err := filling.Parse([]string{said})
		if err != nil {
			return inField(err, "text")
		}
		about, err := l.about(ctx, tx, in)
		out.Text = texts.For(in.Draw, about)
		return err
	})
	return out, err
}

func (l *Library) about(ctx context.Context, tx *store.Tx, in Ask) (filling.Subject, error) {
	if in.Conversation != 0 {
		conv, err := tx.Conversations.Get(ctx, in.Conversation, in.User)
		if err != nil {
			return filling.Subject{}, err
		}
		return Subject(ctx, tx, conv, in.User)
	}
	person, err := tx.Users.Get(ctx, in.User)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		err = nil
	}
	return filling.Subject{Me: person.Name}, err
}
