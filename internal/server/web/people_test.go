package web_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

func TestPeopleAreNamedByTheirIDsInOneRead(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	name := "Olga"
	var owner sellerdesk.User
	var names map[sellerdesk.UserID]string
	err := h.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
		if owner, _, err = tx.Users.Owner(t.Context()); err != nil {
			return err
		}
		if _, err = tx.Users.Update(t.Context(), owner.ID, store.Preferences{Name: &name}); err != nil {
			return err
		}
		names, err = tx.Users.Names(t.Context(), []sellerdesk.UserID{owner.ID, owner.ID + 900})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[sellerdesk.UserID]string{owner.ID: "Olga"}, names); diff != "" {
		t.Error(diff)
	}
}
