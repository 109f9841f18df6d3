package people

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

func TestCountOfTriesStaysBounded(t *testing.T) {
	t.Parallel()
	a := newAttempts(sellerdesk.Clock{}, attemptsLogin)
	for i := range 2 * maxAttemptEntries {
		a.take(fmt.Sprint("login ", i), fmt.Sprint("address ", i))
	}
	if n := len(a.seen); n > maxAttemptEntries {
		t.Errorf("%d entries, want at most %d", n, maxAttemptEntries)
	}
}

func TestOneAddressCannotTryManyLogins(t *testing.T) {
	t.Parallel()
	a := newAttempts(sellerdesk.Clock{}, attemptsLogin)
	for i := range attemptsAddress {
		if wait := a.take(fmt.Sprint("login ", i), "here"); wait != 0 {
			t.Fatalf("try %d has to wait %s", i, wait)
		}
	}
	if wait := a.take("another login", "here"); wait <= 0 {
		t.Error("one more login was let through")
	}
	if wait := a.take("another login", "there"); wait != 0 {
		t.Error("another address has to wait as well")
	}
}

func TestOneNetworkOfIPv6IsOneAddress(t *testing.T) {
	t.Parallel()
	a := newAttempts(sellerdesk.Clock{}, attemptsLogin)
	for i := range attemptsPair {
		if wait := a.take("anna", fmt.Sprintf("2001:db8:0:1::%x", i)); wait != 0 {
			t.Fatalf("try %d has to wait %s", i, wait)
		}
	}
	if wait := a.take("anna", "2001:db8:0:1:ffff::1"); wait <= 0 {
		t.Error("another address of the same network was let through")
	}
	for _, other := range []string{"2001:db8:0:2::1", "192.0.2.1", "192.0.2.2", "::ffff:192.0.2.3", "fe80::1%eth0"} {
		if wait := a.take("anna", other); wait != 0 {
			t.Errorf("the address %q has to wait as well", other)
		}
	}
}

func TestSuccessForgivesOnlyThePersonsOwnTries(t *testing.T) {
	t.Parallel()
	a := newAttempts(sellerdesk.Clock{}, attemptsLogin)
	for i := range attemptsAddress - 1 {
		a.take(fmt.Sprint("victim ", i), "here")
	}
	a.take("mine", "here")
	a.forgive("mine", "here") // signing in now and then must not reset the count of guesses
	a.take("victim", "here")
	if wait := a.take("one more victim", "here"); wait <= 0 {
		t.Error("the guesses of the address were forgotten")
	}
}

func TestDamagedPasswordHashIsAnErrorAndCostsNothing(t *testing.T) {
	t.Parallel()
	u := &house{deps: Deps{Cost: PasswordCost{1, 64, 1}}, hashing: make(chan struct{}, hashers)}
	good, err := u.hashPassword(t.Context(), "secret")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := u.checkPassword(t.Context(), good, "secret"); !same || err != nil {
		t.Fatalf("the right password: %t, %v", same, err)
	}
	if same, err := u.checkPassword(t.Context(), good, "Secret"); same || err != nil {
		t.Fatalf("a wrong password: %t, %v", same, err)
	}
	for _, bad := range []string{
		"x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=64", "m=99999999", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "t=1", "t=4000000000", 1),
		strings.Replace(good, "p=1", "p=0", 1), good[:len(good)-20], strings.Replace(good, "$m=", "$n=", 1),
	} {
		if _, err := u.checkPassword(t.Context(), bad, "secret"); err == nil {
			t.Errorf("the hash %q was taken", bad)
		}
	}
}

func TestPasswordsCostWhatTheStandardAsksFor(t *testing.T) {
	t.Parallel()
	users, _, _, _ := New(Deps{})
	if c := users.deps.Cost; c.Time < 3 || c.Memory < 64<<10 || c.Threads != 4 {
		t.Errorf("cost %d passes over %d KiB in %d threads, want 3, 65536, 4 (RFC 9106)", c.Time, c.Memory, c.Threads)
	}
}
