package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

const password = "correct horse battery"

// move brings the owner in.
func (h *house) move(t *testing.T) {
	t.Helper()
	token, err := h.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: " Anna ", Name: "Анна", Password: password}); err != nil {
		t.Fatal(err)
	}
}

func (h *house) session(t *testing.T, token string) (desk.Signed, error) {
	t.Helper()
	return h.Users.Session(t.Context(), desk.Presence{Token: token, Address: "192.0.2.1", Agent: "Firefox"})
}

func TestOwnerLinkWorksOnceAndForADay(t *testing.T) {
	t.Parallel()
	h := open(t)
	if has, err := h.Users.HasOwner(t.Context()); has || err != nil {
		t.Fatalf("a new house has an owner: %t, %v", has, err)
	}
	old, err := h.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(25 * time.Hour)
	in := desk.LinkInput{Token: old, Login: "anna", Name: "Анна", Password: password}
	_, err = h.Users.UseLink(t.Context(), in)
	refused(t, err, sellerdesk.CodeForbidden, "", "This link was used already or has expired.")

	if in.Token, err = h.Users.OwnerLink(t.Context()); err != nil {
		t.Fatal(err)
	}
	owner, err := h.Users.UseLink(t.Context(), in)
	if err != nil || owner.Login != "anna" || owner.Name != "Анна" {
		t.Fatalf("owner %+v, %v", owner, err)
	}
	_, err = h.Users.UseLink(t.Context(), in)
	refused(t, err, sellerdesk.CodeForbidden, "", "This link was used already or has expired.")
	if has, _ := h.Users.HasOwner(t.Context()); !has {
		t.Error("the house has no owner")
	}
}

func TestBadOwnerDataLeavesTheLinkGood(t *testing.T) {
	t.Parallel()
	h := open(t)
	token, err := h.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "anna", Password: "short"})
	refused(t, err, sellerdesk.CodeInvalid, "password", "The password needs at least 10 characters.")
	_, err = h.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "anna", Password: strings.Repeat("x", 201)})
	refused(t, err, sellerdesk.CodeInvalid, "password", "The password may have up to 200 characters.")
	_, err = h.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "two words", Password: password})
	refused(t, err, sellerdesk.CodeInvalid, "login", "The login needs 1 to 64 characters without spaces.")
	if _, err := h.Users.UseLink(t.Context(), desk.LinkInput{Token: token, Login: "anna", Password: password}); err != nil {
		t.Errorf("the link no longer works: %v", err)
	}
}

func TestSignInOpensASessionThatSlides(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	token, user, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: "ANNA", Password: password, Address: "::1"})
	if err != nil || user.Login != "anna" {
		t.Fatalf("signed in as %q, %v", user.Login, err)
	}
	for range 3 { // in use, it lives on
		h.now = h.now.Add(20 * 24 * time.Hour)
		if got, err := h.session(t, token); err != nil || got.User.ID != user.ID {
			t.Fatalf("session of %d, %v", got.User.ID, err)
		}
		if err := h.Sessions.KeepUses(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.now = h.now.Add(31 * 24 * time.Hour)
	if _, err := h.session(t, token); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("an old session: %v, want not_found", err)
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	token, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: "anna", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Users.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if _, err := h.session(t, token); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
		t.Errorf("session: %v, want not_found", err)
	}
	if err := h.Users.SignOut(t.Context(), token); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestWrongPasswordAndUnknownLoginLookTheSame(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	for _, in := range []desk.SignInInput{
		{Login: "anna", Password: "wrong"}, {Login: "nobody", Password: password}, {Login: "", Password: ""},
		{Login: "anna", Password: strings.Repeat("x", 300)},
	} {
		_, _, err := h.Users.SignIn(t.Context(), in)
		refused(t, err, sellerdesk.CodeForbidden, "login", "Login or password is wrong.")
	}
}

func TestGuessingIsSlowedDownWithoutLockingThePersonOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	guess := func(password, address string) error {
		_, _, err := h.Users.SignIn(t.Context(), desk.SignInInput{Login: "anna", Password: password, Address: address})
		return err
	}
	for range 5 {
		if err := guess("wrong", "10.0.0.1"); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Fatalf("a wrong guess: %v", err)
		}
	}
	refused(t, guess(password, "10.0.0.1"), sellerdesk.CodeLimited, "", "Too many tries. Try again in 15 min.")
	if err := guess(password, "10.0.0.2"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	h.now = h.now.Add(16 * time.Minute)
	if err := guess(password, "10.0.0.1"); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	h := open(t)
	english, dark, name := sellerdesk.English, "dark", "  Анна   Б. "
	u, err := h.Users.SetPreferences(t.Context(), h.owner(t), desk.Preferences{Name: &name, Language: &english, Theme: &dark})
	if err != nil || u.Name != "Анна Б." || u.Language != english || u.Theme != dark {
		t.Errorf("set %+v, %v", u, err)
	}
	klingon, neon := sellerdesk.Language("tlh"), "neon"
	_, err = h.Users.SetPreferences(t.Context(), h.owner(t), desk.Preferences{Language: &klingon})
	refused(t, err, sellerdesk.CodeInvalid, "language", "The language is ru or en.")
	_, err = h.Users.SetPreferences(t.Context(), h.owner(t), desk.Preferences{Theme: &neon})
	refused(t, err, sellerdesk.CodeInvalid, "theme", "The theme is light, dark or empty.")
}
