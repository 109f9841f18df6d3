package talking

import (
	"cmp"
	"context"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// mostNotes is how many notes one page of a conversation shows.
	mostNotes = 200
	// longestName is how much of a name is shown.
	longestName = 40
)

// Side is what stands beside a conversation, as one person sees it.
type Side struct {
	Conversation sellerdesk.ConversationID
	Account      sellerdesk.AccountID
	Notes        []sellerdesk.Note     // among the messages of the page, oldest first
	Tasks        []sellerdesk.Task     // open ones first, then what was done
	Follows      bool                  // the person follows the conversation
	Present      []sellerdesk.Presence // others who look at it, and those in Begun
	Begun        []sellerdesk.Presence // others with a draft that is kept
	Draft        sellerdesk.Draft      // the person's own; zero: none
	Files        []sellerdesk.File     // of Draft
	Newest       sellerdesk.MessageID

	names map[sellerdesk.UserID]string
	teams map[sellerdesk.TeamID]string
}

// Read reads what stands beside the messages of a page, in whatever order they
// come. The conversation is one that the person may see.
func Read(ctx context.Context, tx *store.Tx, board *presence.Board, c sellerdesk.Conversation, user sellerdesk.UserID, messages []sellerdesk.Message) (s Side, err error) {
	if s, err = ReadNotes(ctx, tx, c, messages); err != nil {
		return s, err
	}
	if s.Tasks, err = tx.Talk.Tasks.Of(ctx, c.ID); err != nil {
		return s, err
	}
	slices.SortStableFunc(s.Tasks, func(a, b sellerdesk.Task) int { return cmp.Compare(rank(a), rank(b)) })
	followers, err := tx.Talk.Followers.Of(ctx, c.ID)
	if err != nil {
		return s, err
	}
	s.Follows = slices.Contains(followers, user)
	if s.Begun, err = talking.OthersIn(ctx, tx, c.ID, user); err != nil {
		return s, err
	}
	s.Present = slices.DeleteFunc(talking.Joined(board.Look(c.ID), s.Begun), func(p sellerdesk.Presence) bool { return p.User == user })
	if err := s.readDraft(ctx, tx, user); err != nil {
		return s, err
	}
	return s, s.readNames(ctx, tx)
}

// ReadNotes is [Read] for a further page of messages, which shows notes only.
func ReadNotes(ctx context.Context, tx *store.Tx, c sellerdesk.Conversation, messages []sellerdesk.Message) (s Side, err error) {
	s = Side{Conversation: c.ID, Account: c.Account}
	page := store.NotePage{Conversation: c.ID}
	for i, m := range messages {
		if i == 0 || earlier(m, page.First) {
			page.First = m
		}
		if i == 0 || earlier(page.Last, m) {
			page.Last = m
		}
		s.Newest = max(s.Newest, m.ID)
	}
	if s.Notes, err = tx.Talk.Notes.Beside(ctx, page, mostNotes); err != nil {
		return s, err
	}
	return s, s.readNames(ctx, tx)
}

// earlier tells whether a message stands before another one.
func earlier(a, b sellerdesk.Message) bool {
	return cmp.Or(a.At.Compare(b.At.Time), cmp.Compare(a.ID, b.ID)) < 0
}

// rank puts what is not done before what is.
func rank(t sellerdesk.Task) int {
	if t.DoneAt != nil {
		return 1
	}
	return 0
}

// readDraft reads what the person has begun to write.
func (s *Side) readDraft(ctx context.Context, tx *store.Tx, user sellerdesk.UserID) error {
	draft, err := tx.Talk.Drafts.Get(ctx, user, s.Conversation)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	s.Draft = draft
	for _, id := range draft.Files {
		f, _, err := tx.Files.Get(ctx, id)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			continue
		}
		if err != nil {
			return err
		}
		s.Files = append(s.Files, f)
	}
	return nil
}

// readNames reads what those are called who are named on the page.
func (s *Side) readNames(ctx context.Context, tx *store.Tx) error {
	var ids []sellerdesk.UserID
	add := func(id *sellerdesk.UserID) {
		if id != nil && *id != 0 && !slices.Contains(ids, *id) {
			ids = append(ids, *id)
		}
	}
	teams := false
	for _, n := range s.Notes {
		add(n.User)
		for _, p := range talking.Parts(n.Text) {
			add(&p.User)
			teams = teams || p.Team != 0
		}
	}
	for _, t := range s.Tasks {
		add(t.User)
		add(t.DoneBy)
	}
	var err error
	if s.names, err = tx.Users.Names(ctx, ids); err != nil || !teams {
		return err
	}
	list, err := tx.Teams.List(ctx)
	s.teams = map[sellerdesk.TeamID]string{}
	for _, t := range list {
		s.teams[t.ID] = t.Name
	}
	return err
}

// Slot gives the notes that stand before message i, or, with i being their number,
// behind the last. The messages come oldest first.
func (s Side) Slot(messages []sellerdesk.Message, i int) []sellerdesk.Note {
	var list []sellerdesk.Note
	for _, n := range s.Notes {
		if (i == len(messages) || n.At.Before(messages[i].At.Time)) && (i == 0 || !n.At.Before(messages[i-1].At.Time)) {
			list = append(list, n)
		}
	}
	return list
}

// name says what a person is called.
func (s Side) name(v *frame.View, id *sellerdesk.UserID) string {
	switch {
	case id == nil:
		return v.House.Talking.NoteBy
	case *id == v.User.ID:
		return v.You
	}
	return cmp.Or(prose.Clip(prose.Line(s.names[*id]), longestName), v.House.Talking.Gone)
}

// part is a piece of a note as it is drawn.
type part struct {
	Text  string
	Named bool // somebody who is named
	Me    bool // whoever looks at it
}

func (s Side) parts(v *frame.View, note string) []part {
	var out []part
	for _, p := range talking.Parts(note) {
		switch {
		case p.User != 0:
			out = append(out, part{"@" + cmp.Or(prose.Clip(prose.Line(s.names[p.User]), longestName), v.House.Talking.Gone), true, p.User == v.User.ID})
		case p.Team != 0:
			out = append(out, part{"@" + cmp.Or(prose.Clip(prose.Line(s.teams[p.Team]), longestName), v.House.Talking.Gone), true, false})
		default:
			out = append(out, part{Text: p.Text})
		}
	}
	return out
}

// tokens are the names in a note with what stands for them, for the form that
// changes it: "Anna=@[12]", one on each line.
func (s Side) tokens(note string) string {
	out := ""
	for _, p := range talking.Parts(note) {
		switch {
		case p.User != 0 && s.names[p.User] != "":
			out += prose.Line(s.names[p.User]) + "=@[" + frame.ID(p.User) + "]\n"
		case p.Team != 0 && s.teams[p.Team] != "":
			out += prose.Line(s.teams[p.Team]) + "=@[team:" + frame.ID(p.Team) + "]\n"
		}
	}
	return out
}

// plain is a note with names in place of what stands for them.
func (s Side) plain(note string) string {
	return talking.Plain(note, func(p talking.Part) string {
		if p.User != 0 {
			return cmp.Or(prose.Line(s.names[p.User]), "["+frame.ID(p.User)+"]")
		}
		return cmp.Or(prose.Line(s.teams[p.Team]), "[team:"+frame.ID(p.Team)+"]")
	})
}

// namesOf are what people are called who do something now.
func namesOf(v *frame.View, list []sellerdesk.Presence, does func(sellerdesk.Presence) bool) []string {
	var names []string
	for _, p := range list {
		if does(p) {
			names = append(names, cmp.Or(prose.Clip(prose.Line(p.Name), longestName), v.House.Talking.Gone))
		}
	}
	return names
}

// line says who is at a conversation: who types, else who looks at it; "" when
// nobody does.
func line(v *frame.View, list []sellerdesk.Presence) string {
	if names := namesOf(v, list, func(p sellerdesk.Presence) bool { return p.Here && p.Typing }); len(names) > 0 {
		return v.House.Talking.Typing(names)
	}
	if names := namesOf(v, list, func(p sellerdesk.Presence) bool { return p.Here }); len(names) > 0 {
		return v.House.Talking.Looking(names)
	}
	return ""
}

// begun says who else has begun an answer; "" when nobody has. It goes by drafts that
// are kept: each change of those draws it anew, while what windows say of themselves
// does not.
func begun(v *frame.View, list []sellerdesk.Presence) string {
	if names := namesOf(v, list, func(sellerdesk.Presence) bool { return true }); len(names) > 0 {
		return v.House.Talking.Drafting(names)
	}
	return ""
}
