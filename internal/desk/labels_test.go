package desk_test

import (
	"slices"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/search"
)

func tagNames(c sellerdesk.Conversation) (names []string) {
	for _, t := range c.Tags {
		names = append(names, t.Name)
	}
	return names
}

func TestTagsAreMadeByNameAndFoundByIt(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		conv, account := h.chat(t, "good")
		operator, guest := h.as(t, h.invite(t, "Olga", in(account.ID, sellerdesk.RoleOperator))), h.as(t, h.invite(t, "Gleb", in(account.ID, sellerdesk.RoleReadOnly)))
		act := func(c sellerdesk.TagChange) desk.ActInput {
			return desk.ActInput{User: h.owner(t), Conversation: conv, Action: sellerdesk.ActionTag, Tags: c}
		}
		_, err := h.Conversations.Act(guest, act(sellerdesk.TagChange{Add: []string{"Срочно"}}))
		refusedAs(t, err, sellerdesk.CodeForbidden, "")
		c, err := h.Conversations.Act(operator, act(sellerdesk.TagChange{Add: []string{"Срочно", "Юристу"}}))
		if err != nil || !slices.Equal(tagNames(c), []string{"Срочно", "Юристу"}) {
			t.Fatalf("%v: %v", tagNames(c), err)
		}
		if c, err = h.Conversations.Act(operator, act(sellerdesk.TagChange{Add: []string{"СРОЧНО"}, Remove: []string{"юристу", "Нет такой"}})); err != nil || !slices.Equal(tagNames(c), []string{"Срочно"}) {
			t.Fatalf("%v: %v", tagNames(c), err)
		}
		_, err = h.Conversations.Act(operator, act(sellerdesk.TagChange{}))
		refusedAs(t, err, sellerdesk.CodeInvalid, "tags")
		_, err = h.Tags.Change(operator, c.Tags[0].ID, desk.TagEdit{})
		refusedAs(t, err, sellerdesk.CodeForbidden, "")
		other := "юристу"
		_, err = h.Tags.Change(t.Context(), c.Tags[0].ID, desk.TagEdit{Name: &other})
		refusedAs(t, err, sellerdesk.CodeConflict, "name")
		for typed, want := range map[string]int{"метка:срочно": 1, "tag:Юристу": 0, "метка:юристу,срочно": 1, "здравствуйте tag:срочно": 1, "здравствуйте tag:Юристу": 0, `field:"Причина=брак"`: 0} {
			q, err := search.Parse(typed)
			if err != nil {
				t.Fatal(err)
			}
			found, err := h.Search.Find(operator, finding.Input{User: h.owner(t), Query: q})
			if err != nil || (len(found.Items) > 0) != (want > 0) {
				t.Errorf("%s finds %d: %v", typed, len(found.Items), err)
			}
		}
	})
}

func TestAJobPutsTagsOnAndTakesBackOnlyThose(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.reviews(t, 5)
		ids := h.all(t)
		label := func(c sellerdesk.TagChange, id sellerdesk.ConversationID) {
			t.Helper()
			if _, err := h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: id, Action: sellerdesk.ActionTag, Tags: c}); err != nil {
				t.Fatal(err)
			}
		}
		label(sellerdesk.TagChange{Add: []string{"Старая"}}, ids[0].ID)
		input := h.bulk(t, "вид:отзыв", sellerdesk.ActionTag)
		input.Tags = sellerdesk.TagChange{Add: []string{"Новая"}, Remove: []string{"Старая"}}
		job, err := h.Jobs.Start(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		if job = h.goOn(t, job.ID); job.Done != 5 {
			t.Fatalf("%+v", job)
		}
		for _, c := range h.all(t) {
			if !slices.Equal(tagNames(c), []string{"Новая"}) {
				t.Errorf("carries %v", tagNames(c))
			}
		}
		label(sellerdesk.TagChange{Add: []string{"Между тем"}}, ids[1].ID)
		if _, err := h.Jobs.Undo(t.Context(), h.owner(t), job.ID); err != nil {
			t.Fatal(err)
		}
		h.goOn(t, job.ID)
		for i, want := range [][]string{{"Старая"}, {"Между тем"}, nil} {
			if got := tagNames(h.all(t)[i]); !slices.Equal(got, want) {
				t.Errorf("%d carries %v, want %v", i, got, want)
			}
		}
	})
}

func TestViewsShowEachPersonWhatTheyMaySee(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		_, account := h.chat(t, "good")
		secret := h.add(t, "second cabinet")
		me, owner := h.invite(t, "Olga", in(account.ID, sellerdesk.RoleOperator)), h.owner(t)
		olga := h.as(t, me)
		keep := func(in desk.NewView) sellerdesk.SavedView {
			t.Helper()
			v, err := h.Views.Create(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		all := keep(desk.NewView{User: owner, Name: "Все чаты", Query: "вид:чат", House: true})
		hidden := keep(desk.NewView{User: owner, Name: "Тайный", Query: `cabinet:"` + secret.Name + `"`, House: true})
		own := keep(desk.NewView{User: owner, Name: "Мой", Query: ""})
		list, err := h.Views.List(olga, me, true, nil)
		if err != nil || len(list) != 1 || list[0].ID != all.ID || *list[0].Count != 1 || list[0].Query != "kind:chat" {
			t.Fatalf("%+v: %v", list, err)
		}
		if _, err = h.Views.Get(olga, me, hidden.ID); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("tells of a cabinet that is not seen: %v", err)
		}
		if v, err := h.Views.Get(olga, me, own.ID); err != nil || *v.Count != 1 {
			t.Errorf("the link of a colleague: %+v, %v", v, err)
		}
		_, err = h.Views.Create(olga, desk.NewView{User: me, Name: "Общий", House: true})
		refusedAs(t, err, sellerdesk.CodeForbidden, "")
		name := "Чужой"
		_, err = h.Views.Change(olga, me, own.ID, desk.ViewEdit{Name: &name})
		refusedAs(t, err, sellerdesk.CodeForbidden, "")
		_, err = h.Views.Create(olga, desk.NewView{User: me, Name: "Мой", Query: "stars:9"})
		refusedAs(t, err, sellerdesk.CodeInvalid, "query")
	})
}
