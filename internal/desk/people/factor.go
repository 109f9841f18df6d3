package people

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"image/png"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Bounds of second factors. Period and digits are what every authenticator
// takes (RFC 6238).
const (
	factorIssuer   = "Sellerdesk"
	factorPeriod   = 30 * time.Second
	factorDigits   = 6
	factorSkew     = 1 // steps that a clock may be off, to either side
	recoveryCodes  = 10
	recoveryBytes  = 10 // 80 bits: 16 characters
	longestCode    = 40 // characters
	factorPicture  = 240
	recoveryGroups = 4 // characters between hyphens
)

// errCode says that a code is wrong or was used.
var errCode = errors.New("the code is wrong")

func errWrongCode() error {
	return sellerdesk.Errorf(sellerdesk.CodeForbidden, "The code is wrong or was used already.").InField("code")
}

// FactorSetup is what an authenticator needs to be told once.
type FactorSetup struct {
	Secret string `json:"secret"` // for those who type it
	URL    string `json:"url"`    // otpauth://…, what the picture says
	// Picture is a QR code as PNG.
	Picture []byte `json:"-"`
}

// PasswordChange is what a person enters to change the password.
type PasswordChange struct {
	Old, New string
}

// SetPassword changes the password of a person who is signed in, who proves to
// be there by the one before. The other sessions end, and this one gets another
// token.
func (u *Users) SetPassword(ctx context.Context, id sellerdesk.UserID, c PasswordChange) error {
	user, err := u.present(ctx, id, c.Old)
	if err != nil {
		return err
	}
	if err := checkNewPassword(c.New); err != nil {
		return err
	}
	hash, err := u.hashPassword(ctx, c.New)
	if err != nil {
		return err
	}
	return u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Users.SetPassword(ctx, id, string(user.Login), "", hash); err != nil {
			return err
		}
		if err := endOthers(ctx, tx, id); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditPasswordChanged, Text: "Changed the password."})
	})
}

// endOthers ends the sessions of a person but the one that asks, which gets
// another token.
func endOthers(ctx context.Context, tx *store.Tx, id sellerdesk.UserID) error {
	if _, err := tx.Sessions.EndOthers(ctx, id, sellerdesk.AccessOf(ctx).Session); err != nil {
		return err
	}
	return tx.Sessions.Renew(ctx, id)
}

// present makes sure that who asks is the person and knows the password: a
// browser left open, or a key, is not enough to change how somebody signs in.
func (u *house) present(ctx context.Context, id sellerdesk.UserID, password string) (user sellerdesk.User, err error) {
	by := sellerdesk.AccessOf(ctx)
	if by.User != id || by.Key != 0 {
		return user, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only the person changes how they sign in, and no key.")
	}
	var hash string
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		if user, err = tx.Users.Get(ctx, id); err != nil {
			return err
		}
		hash, err = tx.Users.PasswordHash(ctx, id)
		return err
	})
	if err != nil {
		return user, err
	}
	if hash == "" {
		return user, sellerdesk.Errorf(sellerdesk.CodeConflict, "You have no password yet: open a one-time link first.")
	}
	if wait := u.attempts.take(string(user.Login), by.Address); wait > 0 {
		return user, errTooMany(wait)
	}
	right, err := u.checkPassword(ctx, hash, password)
	if err != nil {
		return user, err
	}
	if !right {
		return user, sellerdesk.Errorf(sellerdesk.CodeForbidden, "The password is wrong.").InField("password")
	}
	u.attempts.forgive(string(user.Login), by.Address)
	return user, nil
}

// Proof is what a person enters to prove to be there. Code is asked for where a
// second factor is set: one of the authenticator, or a recovery code.
type Proof struct{ Password, Code string }

// presentTwice is present for what takes the second factor away: who has one
// proves it too, since a session and the password alone are not the person.
func (u *house) presentTwice(ctx context.Context, id sellerdesk.UserID, p Proof) (sellerdesk.User, error) {
	user, err := u.present(ctx, id, p.Password)
	if err != nil || !user.SecondFactor {
		return user, err
	}
	if strings.TrimSpace(p.Code) == "" {
		return user, errCodeNeeded()
	}
	key, address := strconv.FormatInt(int64(id), 10), sellerdesk.AccessOf(ctx).Address
	if wait := u.codes.take(key, address); wait > 0 {
		return user, errTooMany(wait)
	}
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error { return u.proveCode(ctx, tx, id, p.Code) })
	if errors.Is(err, errCode) {
		err = errWrongCode()
	}
	if err == nil {
		u.codes.forgive(key, address)
	}
	return user, err
}

// BeginFactor makes the secret of a second factor, which counts once
// [Users.ConfirmFactor] has seen a code of it. One that is set stays until then.
func (u *Users) BeginFactor(ctx context.Context, id sellerdesk.UserID, p Proof) (FactorSetup, error) {
	user, err := u.presentTwice(ctx, id, p)
	if err != nil {
		return FactorSetup{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: factorIssuer, AccountName: string(user.Login), Period: uint(factorPeriod / time.Second), Digits: factorDigits, Rand: rand.Reader})
	if err != nil {
		return FactorSetup{}, fmt.Errorf("make a second factor: %w", err)
	}
	picture, err := key.Image(factorPicture, factorPicture)
	if err != nil {
		return FactorSetup{}, fmt.Errorf("draw a second factor: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return FactorSetup{}, fmt.Errorf("draw a second factor: %w", err)
	}
	err = u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Users.BeginFactor(ctx, id, sellerdesk.Secret(key.Secret()))
	})
	return FactorSetup{Secret: key.Secret(), URL: key.URL(), Picture: b.Bytes()}, err
}

// ConfirmFactor asks for codes from now on, and gives ten recovery codes, which
// are shown this once. The other sessions end. Of two at once one succeeds.
func (u *Users) ConfirmFactor(ctx context.Context, id sellerdesk.UserID, code string) ([]string, error) {
	by := sellerdesk.AccessOf(ctx)
	if by.User != id || by.Key != 0 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeForbidden, "Only the person changes how they sign in, and no key.")
	}
	key := strconv.FormatInt(int64(id), 10)
	if wait := u.codes.take(key, by.Address); wait > 0 {
		return nil, errTooMany(wait)
	}
	codes, hashes := newRecovery(id)
	err := u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		secret, err := tx.Users.NewFactor(ctx, id)
		if err != nil {
			return err
		}
		if secret == "" {
			return sellerdesk.Errorf(sellerdesk.CodeConflict, "No second factor waits to be confirmed.")
		}
		step, ok := u.stepOf(secret, code)
		if !ok {
			return errWrongCode()
		}
		if err := tx.Users.ConfirmFactor(ctx, id, step, hashes); err != nil {
			return err
		}
		if err := endOthers(ctx, tx, id); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditFactorAdded, Text: "Added a second factor."})
	})
	if err != nil {
		return nil, err
	}
	u.codes.forgive(key, by.Address)
	return codes, nil
}

// RemoveFactor asks for codes no more. Whoever has a second factor proves to be
// there by the password and a code.
func (u *Users) RemoveFactor(ctx context.Context, id sellerdesk.UserID, p Proof) error {
	user, err := u.presentTwice(ctx, id, p)
	if err != nil || !user.SecondFactor {
		return err
	}
	return u.deps.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Users.RemoveFactor(ctx, id); err != nil {
			return err
		}
		return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditFactorRemoved, Text: "Removed the second factor."})
	})
}

// RecoveryLeft tells how many recovery codes a person has not used.
func (u *Users) RecoveryLeft(ctx context.Context, id sellerdesk.UserID) (n int, err error) {
	err = u.deps.Store.Read(ctx, func(tx *store.Tx) error {
		n, err = tx.Users.RecoveryLeft(ctx, id)
		return err
	})
	return n, err
}

// proveCode takes a code of the authenticator, or a recovery code, each once.
func (u *house) proveCode(ctx context.Context, tx *store.Tx, id sellerdesk.UserID, code string) error {
	secret, err := tx.Users.Factor(ctx, id)
	if err != nil {
		return err
	}
	if secret == "" {
		return errCode // it was removed meanwhile: sign in again
	}
	if step, ok := u.stepOf(secret, code); ok {
		taken, err := tx.Users.UseStep(ctx, id, step)
		if err == nil && !taken {
			err = errCode
		}
		return err
	}
	used, err := tx.Users.UseRecovery(ctx, id, recoveryHash(id, code))
	switch {
	case err != nil:
		return err
	case !used:
		return errCode
	}
	return tx.Audit.Note(ctx, store.Deed{Kind: sellerdesk.AuditRecoveryUsed, By: id, Text: "Used a recovery code."})
}

// stepOf finds the step whose code this is: the one of now, or a neighbour of it.
func (u *house) stepOf(secret sellerdesk.Secret, code string) (int64, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now, found, ok := u.deps.Clock.Now().Unix()/int64(factorPeriod/time.Second), int64(0), false
	for step := now - factorSkew; step <= now+factorSkew; step++ {
		want, err := hotp.GenerateCodeCustom(secret.Reveal(), uint64(step), hotp.ValidateOpts{Digits: factorDigits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found, ok = step, true
		}
	}
	return found, ok
}

// newRecovery makes recovery codes and what is kept of them.
func newRecovery(id sellerdesk.UserID) (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		_, _ = rand.Read(b) // never fails
		plain := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		var groups []string
		for ; plain != ""; plain = plain[recoveryGroups:] {
			groups = append(groups, plain[:recoveryGroups])
		}
		code := strings.Join(groups, "-")
		codes, hashes = append(codes, code), append(hashes, recoveryHash(id, code))
	}
	return codes, hashes
}

// recoveryHash is what is kept of a recovery code, however it is written. Codes
// are random and long, so that a quick hash keeps them.
func recoveryHash(id sellerdesk.UserID, code string) []byte {
	if len(code) > longestCode {
		code = ""
	}
	code = strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code))
	sum := sha256.Sum256(fmt.Appendf(nil, "recovery %d %s", id, code))
	return sum[:]
}
