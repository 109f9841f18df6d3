package texts

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

func TestNoTextOfTheHouseIsMissing(t *testing.T) {
	t.Parallel()
	checkTexts(t, Russian(), reflect.ValueOf(*RussianHouse()))
	checkTexts(t, English(), reflect.ValueOf(*EnglishHouse()))
}

func TestWhatTheHouseKnowsHasANameInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, h := range []*House{RussianHouse(), EnglishHouse()} {
		for _, r := range sellerdesk.EveryRight() {
			if h.Roster.Rightly[r] == "" || h.Roster.RightHints[r] == "" {
				t.Errorf("the right %s has no name", r)
			}
		}
		for _, r := range sellerdesk.BuiltInRoles() {
			if h.Roster.Names[r.Name] == "" {
				t.Errorf("the role %s has no name", r.Name)
			}
		}
		for _, k := range sellerdesk.EventKinds() {
			if h.Hooks.Events[k] == "" {
				t.Errorf("the event %s has no name", k)
			}
		}
	}
	for _, pair := range [][2]*House{{RussianHouse(), EnglishHouse()}, {EnglishHouse(), RussianHouse()}} {
		for k := range pair[0].Audit.Kinds {
			if pair[1].Audit.Kinds[k] == "" {
				t.Errorf("the kind %s is known in one language only", k)
			}
		}
	}
}

func TestALackOfARightIsSaidInTheLanguageOfTheScreen(t *testing.T) {
	t.Parallel()
	ctx := sellerdesk.WithAccess(t.Context(), sellerdesk.Access{User: 2})
	for _, r := range sellerdesk.EveryRight() {
		err := sellerdesk.Allow(ctx, r, 0)
		if got := RussianHouse().Lacking(sellerdesk.CodeOf(err), err.Error()); !strings.Contains(got, RussianHouse().Roster.Rightly[r]) {
			t.Errorf("%s: got %q of %q", r, got, err)
		}
	}
	if got := RussianHouse().Lacking(sellerdesk.CodeForbidden, "The password is wrong."); got != "" {
		t.Errorf("got %q", got)
	}
}
