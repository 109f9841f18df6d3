package desk_test

import (
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestARemovedTagIsNobodysAtOnceAndSweptLater(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		conv, _ := h.chat(t, "good")
		put := func(name string) sellerdesk.Conversation {
			t.Helper()
			c, err := h.Conversations.Act(t.Context(), desk.ActInput{User: h.owner(t), Conversation: conv, Action: sellerdesk.ActionTag, Tags: sellerdesk.TagChange{Add: []string{name}}})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		gone := put("Срочно").Tags[0].ID
		if err := h.Tags.Remove(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		refusedAs(t, h.Tags.Remove(t.Context(), gone), sellerdesk.CodeNotFound, "")
		if c := put("Срочно"); len(c.Tags) != 1 || c.Tags[0].ID == gone {
			t.Errorf("carries %v", c.Tags)
		}
		sweeper := labelling.NewSweeper(h.store, sellerdesk.Clock{}, nil)
		steps := 0
		for more := true; more; steps++ {
			var err error
			if more, err = sweeper.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := h.Tags.List(t.Context()); err != nil || len(list) != 1 || list[0].Conversations != 1 || steps < 2 {
			t.Errorf("%v after %d steps: %v", list, steps, err)
		}
	})
}

func TestATagThatTwoMakeAtOneMomentIsOneTag(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		conv, _ := h.chat(t, "good")
		owner := h.owner(t)
		done := make(chan error, 1)
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.Labels.AddTag(t.Context(), "Срочно", 3)
			go func() {
				c, err := h.Conversations.Act(t.Context(), desk.ActInput{User: owner, Conversation: conv, Action: sellerdesk.ActionTag, Tags: sellerdesk.TagChange{Add: []string{"срочно"}}})
				if err == nil && (len(c.Tags) != 1 || c.Tags[0].Name != "Срочно") {
					t.Errorf("carries %v", c.Tags)
				}
				done <- err
			}()
			time.Sleep(300 * time.Millisecond) // the other one is judged now, or waits
			return err
		})
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
