package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// labelled gives filters by tags and fields, alone and with others.
func labelled(a sellerdesk.AccountID) []store.ConversationQuery {
	yes, no := true, false
	from, to := sellerdesk.At(start.Add(-100*60e9)), sellerdesk.At(start.Add(-30*60e9))
	return []store.ConversationQuery{
		{Tags: []sellerdesk.TagID{1}},
		{Tags: []sellerdesk.TagID{1, 2}},
		{Tags: []sellerdesk.TagID{2, 1, 3}, NeedsAnswer: &yes},
		{Tags: []sellerdesk.TagID{1}, NeedsAnswer: &no, Accounts: []sellerdesk.AccountID{a}},
		{Tags: []sellerdesk.TagID{2}, From: &from, To: &to},
		{Tags: []sellerdesk.TagID{2}, Assignees: []sellerdesk.UserID{1}, Ratings: []int{5, 1}},
		{Tags: []sellerdesk.TagID{9}},
		{Fields: []store.FieldMatch{{Field: 1, Values: []string{"брак"}}}},
		{Fields: []store.FieldMatch{{Field: 1, Values: []string{"брак", "размер"}}, {Field: 2, Values: []string{"yes"}}}},
		{Fields: []store.FieldMatch{{Field: 2, Values: []string{"yes"}}}, Tags: []sellerdesk.TagID{1}, NeedsAnswer: &yes},
	}
}

// labelOut puts tags on conversations and sets their fields, by their ids.
func labelOut(t testing.TB, s *store.Store) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for i := range 3 {
			if _, err := tx.Labels.AddTag(ctx, fmt.Sprint("Метка ", i+1), i); err != nil {
				return err
			}
		}
		for _, f := range []sellerdesk.Field{
			{Name: "Причина", Of: sellerdesk.FieldOfConversation, Kind: sellerdesk.FieldChoice, Options: []string{"Брак", "Размер"}},
			{Name: "Важно", Of: sellerdesk.FieldOfConversation, Kind: sellerdesk.FieldYes},
		} {
			if _, err := tx.Labels.AddField(ctx, f); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range walk(t, s, store.ConversationQuery{User: 1, Limit: 200}) {
		change := store.LabelChange{Fields: map[sellerdesk.FieldID]string{}}
		for tag := sellerdesk.TagID(1); tag <= 3; tag++ {
			if int64(c.ID)%(int64(tag)+1) == 0 {
				change.Add = append(change.Add, tag)
			}
		}
		if c.ID%3 != 0 {
			change.Fields[1] = []string{"Брак", "Размер"}[c.ID%2]
		}
		if c.ID%5 == 0 {
			change.Fields[2] = "yes"
		}
		label(t, s, c.ID, change)
	}
}

func label(t testing.TB, s *store.Store, id sellerdesk.ConversationID, change store.LabelChange) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Conversations.Handle(ctx, id, func(h *store.Held, _ *sellerdesk.ConversationStatus) error {
			return tx.Labels.Apply(ctx, h, change)
		})
	})
}

// carries tells whether a conversation carries what a filter names.
func carries(q store.ConversationQuery, c sellerdesk.Conversation) bool {
	if len(q.Tags) > 0 && !slices.ContainsFunc(c.Tags, func(t sellerdesk.Tag) bool { return slices.Contains(q.Tags, t.ID) }) {
		return false
	}
	for _, m := range q.Fields {
		if !slices.ContainsFunc(c.Fields, func(f sellerdesk.FieldValue) bool {
			return f.Field == m.Field && slices.Contains(m.Values, map[string]string{"Брак": "брак", "Размер": "размер", "yes": "yes"}[f.Value])
		}) {
			return false
		}
	}
	return true
}

// tag puts a tag on a conversation or takes it off.
func (d *day) tag(r *rapid.T) {
	c := d.any(r)
	name := rapid.SampledFrom([]string{"Срочно", "Брак", "Юристу"}).Draw(r, "tag")
	off := rapid.Bool().Draw(r, "off")
	d.do(func(ctx context.Context, tx *store.Tx) error {
		t, err := tx.Labels.TagNamed(ctx, name)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			t, err = tx.Labels.AddTag(ctx, name, 0)
		}
		if err != nil {
			return err
		}
		change := store.LabelChange{Add: []sellerdesk.TagID{t.ID}}
		if off {
			change = store.LabelChange{Remove: []sellerdesk.TagID{t.ID}}
		}
		return tx.Conversations.Handle(ctx, c.ID, func(h *store.Held, _ *sellerdesk.ConversationStatus) error { return tx.Labels.Apply(ctx, h, change) })
	})
}

// checkTags compares the lists and the figures of tags with the whole list.
func (d *day) checkTags(r *rapid.T, all, byDue []sellerdesk.Conversation) {
	var tags []sellerdesk.Tag
	var uses map[sellerdesk.TagID]int
	read(d.t, d.s, func(ctx context.Context, tx *store.Tx) (err error) {
		here := sellerdesk.WithAccess(ctx, sellerdesk.Access{Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{d.account: sellerdesk.RightsOf(sellerdesk.RightSee)}})
		if tags, err = tx.Labels.Tags(ctx); err == nil {
			uses, err = tx.Labels.Uses(here)
		}
		return err
	})
	yes := true
	for _, t := range tags {
		q := store.ConversationQuery{Tags: []sellerdesk.TagID{t.ID}}
		same(r, t.Name, idsOf(all, q), idsOf(d.list(q), q))
		if uses[t.ID] != len(idsOf(all, q)) {
			r.Fatalf("%s is said to be on %d conversations, and is on %d", t.Name, uses[t.ID], len(idsOf(all, q)))
		}
		waiting := store.ConversationQuery{Tags: q.Tags, NeedsAnswer: &yes, Sort: store.SortWaiting}
		same(r, t.Name+" by who waits", idsOf(slices.DeleteFunc(slices.Clone(byDue), func(c sellerdesk.Conversation) bool { return !c.NeedsAnswer }), q), idsOf(d.list(waiting), q))
		wide := waiting
		wide.User, wide.Limit, wide.Accounts = 1, 3, []sellerdesk.AccountID{d.account}
		same(r, t.Name+" as if it were long", idsOf(d.list(waiting), q), wideIDs(d.t, d.s, wide))
	}
}

func wideIDs(t *testing.T, s *store.Store, q store.ConversationQuery) []sellerdesk.ConversationID {
	return append([]sellerdesk.ConversationID{}, wide(t, s, q)...)
}

func idsOf(list []sellerdesk.Conversation, q store.ConversationQuery) []sellerdesk.ConversationID {
	ids := []sellerdesk.ConversationID{}
	for _, c := range list {
		if carries(q, c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func same(r *rapid.T, what string, want, got []sellerdesk.ConversationID) {
	if diff := cmp.Diff(want, got); diff != "" {
		r.Fatalf("%s (-whole list +list):\n%s", what, diff)
	}
}

func TestATagThatIsGoneIsGoneFromEverything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		apply(t, s, batch(a, buyer("c", "m", "да", minute(1)), buyer("d", "n", "нет", minute(2))))
		labelOut(t, s)
		for _, c := range walk(t, s, store.ConversationQuery{User: 1}) {
			label(t, s, c.ID, store.LabelChange{Add: []sellerdesk.TagID{1, 2}})
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Labels.RemoveTag(ctx, 1) })
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Labels.RemoveField(ctx, 1) })
		for _, c := range walk(t, s, store.ConversationQuery{User: 1}) {
			if len(c.Tags) != 1 && len(c.Tags) != 2 || c.Tags[0].ID == 1 || len(c.Fields) > 1 {
				t.Errorf("still carries %v and %v", c.Tags, c.Fields)
			}
			label(t, s, c.ID, store.LabelChange{Remove: []sellerdesk.TagID{2, 3}, Fields: map[sellerdesk.FieldID]string{2: ""}})
		}
		apply(t, s, batch(a, buyer("c", "o", "ну", minute(3))))
		for _, c := range walk(t, s, store.ConversationQuery{User: 1}) {
			if len(c.Tags) > 0 || len(c.Fields) > 0 {
				t.Errorf("still carries %v and %v", c.Tags, c.Fields)
			}
		}
		remove(t, s, a)
	})
}

func TestAFieldTakesWhatItsKindSays(t *testing.T) {
	t.Parallel()
	options := []string{"Брак", "Не тот размер"}
	for _, c := range []struct {
		name, typed, want string
		kind              sellerdesk.FieldKind
		refused           bool
	}{
		{"nothing", "  ", "", sellerdesk.FieldNumber, false},
		{"a number with a comma", "1 299,50", "1299.5", sellerdesk.FieldNumber, false},
		{"a number with noughts in front", "-007", "-7", sellerdesk.FieldNumber, false},
		{"a nought below nought", "-0,0", "0", sellerdesk.FieldNumber, false},
		{"a word for a number", "семь", "", sellerdesk.FieldNumber, true},
		{"a day as Russians write it", "1.2.2026", "2026-02-01", sellerdesk.FieldDate, false},
		{"a day that is not there", "2026-02-30", "", sellerdesk.FieldDate, true},
		{"an option in another case", "не тот РАЗМЕР", "Не тот размер", sellerdesk.FieldChoice, false},
		{"no option", "Цвет", "", sellerdesk.FieldChoice, true},
		{"yes in Russian", "Да", "yes", sellerdesk.FieldYes, false},
		{"no, which is nothing", "нет", "", sellerdesk.FieldYes, false},
		{"neither yes nor no", "может", "", sellerdesk.FieldYes, true},
		{"a text", " как есть ", "как есть", sellerdesk.FieldText, false},
		{"too long a text", string(make([]rune, 0)) + fmt.Sprintf("%0501d", 0), "", sellerdesk.FieldText, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := (&store.Tx{}).Labels.ValueOf(sellerdesk.Field{Name: "f", Kind: c.kind, Options: options}, c.typed)
			if got != c.want || (err != nil) != c.refused {
				t.Errorf("%q is kept as %q (%v), want %q", c.typed, got, err, c.want)
			}
		})
	}
}

func TestPeopleCarryTagsAndFieldsWithThem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := storetest.Account(t, s, "shop")
		in := batch(a, buyer("c", "m", "да", minute(1)), buyer("d", "n", "нет", minute(2)))
		for i, remote := range []sellerdesk.RemoteID{"c", "d"} {
			in.Batch.Conversations = append(in.Batch.Conversations, sellerdesk.ConversationPatch{
				Kind: sellerdesk.KindChat, RemoteID: remote, Buyer: &sellerdesk.Buyer{Contact: sellerdesk.RemoteID(fmt.Sprint("b", i))}})
		}
		apply(t, s, in)
		labelOut(t, s)
		all := walk(t, s, store.ConversationQuery{User: 1})
		one, other := *all[0].Contact, *all[1].Contact
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			f, err := tx.Labels.AddField(ctx, sellerdesk.Field{Name: "Размер", Of: sellerdesk.FieldOfContact, Kind: sellerdesk.FieldText})
			if err != nil {
				return err
			}
			if err := tx.Contacts.Label(ctx, one, []sellerdesk.TagID{1}, nil, map[sellerdesk.FieldID]string{f.ID: "M"}); err != nil {
				return err
			}
			if err := tx.Contacts.Label(ctx, other, []sellerdesk.TagID{1, 2}, nil, nil); err != nil {
				return err
			}
			return tx.Contacts.Merge(ctx, 1, other, one)
		})
		person := func() (p sellerdesk.Contact) {
			read(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				p, err = tx.Contacts.Get(ctx, other, 1)
				return err
			})
			return p
		}
		if p := person(); len(p.Tags) != 2 || len(p.Fields) != 1 || p.Fields[0].Value != "M" {
			t.Errorf("carries %v and %v", p.Tags, p.Fields)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Contacts.Label(ctx, other, nil, []sellerdesk.TagID{1}, map[sellerdesk.FieldID]string{3: ""})
		})
		if p := person(); len(p.Tags) != 1 || len(p.Fields) != 0 {
			t.Errorf("carries %v and %v", p.Tags, p.Fields)
		}
		remove(t, s, a)
	})
}
