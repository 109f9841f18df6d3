package desk_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// guarded is a person with a second factor.
type guarded struct {
	h        *house
	id       sellerdesk.UserID
	login    string
	secret   string
	recovery []string
}

// guard gives a person a second factor.
func (h *house) guard(t *testing.T, login string) *guarded {
	t.Helper()
	g := &guarded{h: h, id: h.invite(t, login, sellerdesk.Grant{Role: "operator"}), login: login}
	ctx := h.as(t, g.id)
	setup, err := h.Users.BeginFactor(ctx, g.id, desk.Proof{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	g.secret = setup.Secret
	if g.recovery, err = h.Users.ConfirmFactor(ctx, g.id, g.code(t, 0)); err != nil {
		t.Fatal(err)
	}
	return g
}

// code is what the authenticator shows, a number of steps from now.
func (g *guarded) code(t *testing.T, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(g.secret, g.h.now.Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// ticket enters login and password.
func (g *guarded) ticket(t *testing.T) string {
	t.Helper()
	token, _, err := g.h.Users.SignIn(t.Context(), desk.SignInInput{Login: g.login, Password: password, Address: "192.0.2.1"})
	var needed *desk.CodeNeeded
	if !errors.As(err, &needed) || token != "" {
		t.Fatalf("signed in with token %q, %v; want a code to be asked for", token, err)
	}
	return needed.Ticket
}

func (g *guarded) enter(ctx context.Context, ticket, code, address string) error {
	token, _, err := g.h.Users.SignInCode(ctx, desk.CodeInput{Ticket: ticket, Code: code, Address: address})
	if err == nil {
		_, err = g.h.Users.Session(ctx, desk.Presence{Token: token})
	}
	return err
}

func TestASecondFactorIsAskedForOnceConfirmed(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga")
		ctx := h.as(t, id)
		_, err := h.Users.BeginFactor(ctx, id, desk.Proof{Password: "wrong"})
		refused(t, err, sellerdesk.CodeForbidden, "password", "The password is wrong.")
		_, err = h.Users.ConfirmFactor(ctx, id, "123456")
		refused(t, err, sellerdesk.CodeConflict, "", "No second factor waits to be confirmed.")
		setup, err := h.Users.BeginFactor(ctx, id, desk.Proof{Password: password})
		if err != nil || !strings.HasPrefix(setup.URL, "otpauth://totp/Sellerdesk:olga?") || len(setup.Picture) == 0 {
			t.Fatalf("begun with %q, %v", setup.URL, err)
		}
		_, err = h.Users.ConfirmFactor(ctx, id, "000000")
		refused(t, err, sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		h.signIn(t, "olga") // nothing is asked for before
		g := &guarded{h: h, id: id, login: "olga", secret: setup.Secret}
		if g.recovery, err = h.Users.ConfirmFactor(ctx, id, g.code(t, 0)); err != nil || len(g.recovery) != 10 {
			t.Fatalf("%d recovery codes, %v", len(g.recovery), err)
		}
		h.now = h.now.Add(time.Minute)
		if err := g.enter(t.Context(), g.ticket(t), g.code(t, 0), "192.0.2.1"); err != nil {
			t.Errorf("with the code: %v", err)
		}
		if _, err := h.Users.OpenSession(t.Context(), id); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Errorf("a session behind a link, without a code: %v", err)
		}
		if err := h.Users.RemoveFactor(ctx, id, desk.Proof{Password: password, Code: g.recovery[0]}); err != nil {
			t.Fatal(err)
		}
		h.signIn(t, "olga")
		if left, err := h.Users.RecoveryLeft(t.Context(), id); left != 0 || err != nil {
			t.Errorf("%d recovery codes are left, %v", left, err)
		}
	})
}

func TestACodeWorksOnceAndForThreeSteps(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		g := h.guard(t, "olga")
		// The code that confirmed it was used by that.
		refused(t, g.enter(t.Context(), g.ticket(t), g.code(t, 0), "a"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		h.now = h.now.Add(10 * time.Minute)
		for _, steps := range []int{-2, 2} {
			refused(t, g.enter(t.Context(), g.ticket(t), g.code(t, steps), "b"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		}
		for _, steps := range []int{-1, 0, 1} {
			code := g.code(t, steps)
			if err := g.enter(t.Context(), g.ticket(t), code[:3]+" "+code[3:], "c"); err != nil {
				t.Errorf("%d steps off: %v", steps, err)
			}
			refused(t, g.enter(t.Context(), g.ticket(t), code, "c"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		}
		// An older one than the last that was used does not work either.
		refused(t, g.enter(t.Context(), g.ticket(t), g.code(t, 0), "d"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
	})
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		g := h.guard(t, "olga")
		form := regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){3}$`)
		for _, code := range g.recovery {
			if !form.MatchString(code) {
				t.Errorf("a recovery code looks like %q", code)
			}
		}
		written := strings.ToUpper(strings.ReplaceAll(g.recovery[3], "-", " "))
		if err := g.enter(t.Context(), g.ticket(t), written, "a"); err != nil {
			t.Fatal(err)
		}
		refused(t, g.enter(t.Context(), g.ticket(t), g.recovery[3], "a"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		if left, err := h.Users.RecoveryLeft(t.Context(), g.id); left != 9 || err != nil {
			t.Errorf("%d are left, %v", left, err)
		}
		if kinds := h.done(t, t.Context(), store.AuditQuery{User: g.id, Kinds: []sellerdesk.AuditKind{sellerdesk.AuditRecoveryUsed}}); len(kinds) != 1 {
			t.Errorf("the audit tells %v", kinds)
		}
		other := h.guard(t, "max")
		refused(t, other.enter(t.Context(), other.ticket(t), g.recovery[0], "a"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
	})
}

func TestATicketIsGoodOnceAndForFiveMinutes(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	const late = "This took too long. Enter login and password again."
	refused(t, g.enter(t.Context(), "made up", g.recovery[0], "a"), sellerdesk.CodeForbidden, "ticket", late)
	old := g.ticket(t)
	h.now = h.now.Add(6 * time.Minute)
	refused(t, g.enter(t.Context(), old, g.code(t, 0), "a"), sellerdesk.CodeForbidden, "ticket", late)
	ticket := g.ticket(t)
	if err := g.enter(t.Context(), ticket, g.code(t, 0), "a"); err != nil {
		t.Fatal(err)
	}
	refused(t, g.enter(t.Context(), ticket, g.recovery[1], "a"), sellerdesk.CodeForbidden, "ticket", late)
}

func TestGuessingCodesIsLimited(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	h.now = h.now.Add(time.Minute)
	guess := func(address, code string) error { return g.enter(t.Context(), g.ticket(t), code, address) }
	for range 5 {
		if err := guess("203.0.113.1", "000000"); sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden {
			t.Fatal(err)
		}
	}
	refused(t, guess("203.0.113.1", g.code(t, 0)), sellerdesk.CodeLimited, "", "Too many tries. Try again in 15 min.")
	if err := guess("203.0.113.2", g.code(t, 0)); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	for n := 0; ; n++ {
		err := guess(strings.Repeat("x", n+1), "000000")
		if sellerdesk.CodeOf(err) == sellerdesk.CodeLimited {
			break
		}
		if n > 20 {
			t.Fatal("guessing from many addresses is not limited")
		}
	}
	h.now = h.now.Add(16 * time.Minute)
	if err := guess("203.0.113.1", g.code(t, 0)); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestTwoConfirmationsAtOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		id := h.invite(t, "olga")
		ctx := h.as(t, id)
		setup, err := h.Users.BeginFactor(ctx, id, desk.Proof{Password: password})
		if err != nil {
			t.Fatal(err)
		}
		g := &guarded{h: h, id: id, login: "olga", secret: setup.Secret}
		code := g.code(t, 0)
		if won := atOnce(4, func(int) error { _, err := h.Users.ConfirmFactor(ctx, id, code); return err }); won != 1 {
			t.Errorf("%d confirmations succeeded, want one: the other recovery codes would be worth nothing", won)
		}
		h.now = h.now.Add(time.Minute)
		tickets, code := []string{g.ticket(t), g.ticket(t), g.ticket(t)}, g.code(t, 0)
		if won := atOnce(3, func(n int) error { return g.enter(t.Context(), tickets[n], code, "a") }); won != 1 {
			t.Errorf("%d signed in with one code, want one", won)
		}
	})
}

func TestALostSecondFactorIsRemovedByTheOwner(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	if u, err := h.Users.Change(h.as(t, h.owner(t)), g.id, desk.ChangeUser{DropFactor: true}); err != nil || u.SecondFactor {
		t.Fatalf("changed to %+v, %v", u, err)
	}
	h.signIn(t, "olga")
}

func TestNoKeyChangesHowAPersonSignsIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	a, err := h.Users.Access(t.Context(), g.id)
	if err != nil {
		t.Fatal(err)
	}
	byKey, byOther := sellerdesk.WithAccess(t.Context(), a.Narrowed(3, sellerdesk.AllRights(), nil)), h.as(t, h.owner(t))
	for _, ctx := range []context.Context{byKey, byOther} {
		_, begun := h.Users.BeginFactor(ctx, g.id, desk.Proof{Password: password})
		_, confirmed := h.Users.ConfirmFactor(ctx, g.id, g.code(t, 1))
		for _, err := range []error{begun, confirmed, h.Users.RemoveFactor(ctx, g.id, desk.Proof{Password: password})} {
			refused(t, err, sellerdesk.CodeForbidden, "", "Only the person changes how they sign in, and no key.")
		}
	}
}

// A browser left open, or a key, must not come to a new password without the old one.
func TestNobodyPassesTheProofByActingOnThemselves(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.move(t)
	owner := h.owner(t)
	peer := h.invite(t, "peer", sellerdesk.Grant{Role: "owner"})
	const sentence = "Change how you sign in yourself in your own settings, with your password."
	for _, id := range []sellerdesk.UserID{owner, peer} {
		key := h.key(t, id, desk.CreateKey{Rights: sellerdesk.AllRights()})
		for _, ctx := range []context.Context{h.as(t, id), h.with(t, key)} {
			_, err := h.Users.NewLink(ctx, id)
			refused(t, err, sellerdesk.CodeForbidden, "", sentence)
			_, err = h.Users.Change(ctx, id, desk.ChangeUser{DropFactor: true})
			refused(t, err, sellerdesk.CodeForbidden, "", sentence)
		}
	}
	if _, err := h.Users.NewLink(t.Context(), owner); err != nil {
		t.Errorf("by the program itself: %v", err)
	}
	if _, err := h.Users.NewLink(h.as(t, owner), peer); err != nil {
		t.Errorf("for somebody else: %v", err)
	}
}

// Who knew the password from before must not come in with a code by it.
func TestATicketEndsWithThePassword(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	h.now = h.now.Add(time.Minute)
	const late = "This took too long. Enter login and password again."
	before := g.ticket(t)
	if err := h.Users.SetPassword(h.as(t, g.id), g.id, desk.PasswordChange{Old: password, New: "another strong one"}); err != nil {
		t.Fatal(err)
	}
	refused(t, g.enter(t.Context(), before, g.code(t, 0), "a"), sellerdesk.CodeForbidden, "ticket", late)
	link, err := h.Users.NewLink(h.as(t, h.owner(t)), g.id)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Users.SignIn(t.Context(), desk.SignInInput{Login: g.login, Password: "another strong one", Address: "192.0.2.1"})
	var needed *desk.CodeNeeded
	if !errors.As(err, &needed) {
		t.Fatal(err)
	}
	if _, err := h.Users.UseLink(t.Context(), desk.LinkInput{Token: link.Token, Login: g.login, Password: password}); err != nil {
		t.Fatal(err)
	}
	refused(t, g.enter(t.Context(), needed.Ticket, g.code(t, 0), "a"), sellerdesk.CodeForbidden, "ticket", late)
	// The refusals used no code up.
	if err := g.enter(t.Context(), g.ticket(t), g.code(t, 0), "b"); err != nil {
		t.Errorf("with a ticket of the password of now: %v", err)
	}
}

// A session that was stolen together with the password is not the person.
func TestASecondFactorIsReplacedAndRemovedByACodeOfIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	g := h.guard(t, "olga")
	ctx := h.as(t, g.id)
	begin := func(code string) error {
		_, err := h.Users.BeginFactor(ctx, g.id, desk.Proof{Password: password, Code: code})
		return err
	}
	remove := func(code string) error {
		return h.Users.RemoveFactor(ctx, g.id, desk.Proof{Password: password, Code: code})
	}
	for _, do := range []func(string) error{begin, remove} {
		refused(t, do(""), sellerdesk.CodeForbidden, "code", "Enter the code of your authenticator.")
		refused(t, do("000000"), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.")
		refused(t, do(g.code(t, 0)), sellerdesk.CodeForbidden, "code", "The code is wrong or was used already.") // it confirmed the factor
	}
	h.now = h.now.Add(16 * time.Minute)
	if err := begin(g.code(t, 0)); err != nil {
		t.Errorf("replacing it with a code: %v", err)
	}
	if err := remove(g.recovery[0]); err != nil {
		t.Errorf("removing it with a recovery code: %v", err)
	}
	h.signIn(t, "olga") // no code is asked for
	if err := begin(""); err != nil {
		t.Errorf("without a second factor: %v", err)
	}
}
