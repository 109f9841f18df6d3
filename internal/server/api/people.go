package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// own are the operations on the person who asks.
type own struct{ *api }

// mount registers them.
func (a own) mount() {
	tags := []string{"people"}
	register(a.api, anybody, huma.Operation{
		OperationID: "getMe", Method: http.MethodGet, Path: "/v1/me", Tags: tags,
		Summary: "Get the person the request speaks for", Description: "With what the request may see and do. The key of the house speaks for the owner. A key of a person is not told the person's roles and recovery codes: grants is empty, recovery_left 0.",
	}, a.getMe)
	register(a.api, anybody, huma.Operation{
		OperationID: "updateMe", Method: http.MethodPatch, Path: "/v1/me", Tags: tags,
		Summary: "Change how the person sees things", Description: "Absent fields stay as they are. No key of a person does this.",
	}, a.updateMe)
	register(a.api, anybody, huma.Operation{
		OperationID: "setPassword", Method: http.MethodPost, Path: "/v1/me/password", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Change the password", Description: "Of the person who is signed in; no key does. The other sessions end.",
	}, a.setPassword)
	register(a.api, anybody, huma.Operation{
		OperationID: "beginSecondFactor", Method: http.MethodPost, Path: "/v1/me/second-factor", Tags: tags,
		Summary: "Make the secret of a second factor", Description: "For an authenticator (TOTP, RFC 6238). It counts once a code of it was confirmed. No key does this.",
	}, a.beginFactor)
	register(a.api, anybody, huma.Operation{
		OperationID: "confirmSecondFactor", Method: http.MethodPost, Path: "/v1/me/second-factor/confirm", Tags: tags,
		Summary: "Ask for codes from now on", Description: "The answer holds ten recovery codes, each of which stands in for a code once. The other sessions end.",
	}, a.confirmFactor)
	register(a.api, anybody, huma.Operation{
		OperationID: "removeSecondFactor", Method: http.MethodDelete, Path: "/v1/me/second-factor", Tags: tags, DefaultStatus: http.StatusNoContent,
		Summary: "Ask for codes no more",
	}, a.removeFactor)
}

// MeAnswer is the person a request speaks for, with what it may see and do.
type MeAnswer struct {
	sellerdesk.User
	Access       AccessAnswer `json:"access"`
	RecoveryLeft int          `json:"recovery_left" doc:"Recovery codes that were not used"`
}

// AccessAnswer is what a request may see and do.
type AccessAnswer struct {
	Rights   sellerdesk.Rights            `json:"rights" doc:"For the whole house: in every account there is and will be"`
	Accounts map[string]sellerdesk.Rights `json:"accounts" doc:"Further rights in single accounts, by their ids"`
}

func (a own) me(ctx context.Context, user sellerdesk.User) (*output[MeAnswer], error) {
	by := sellerdesk.AccessOf(ctx)
	answer := MeAnswer{User: user, Access: AccessAnswer{Rights: by.House, Accounts: map[string]sellerdesk.Rights{}}}
	for id, rights := range by.Accounts {
		if by.MayIn(sellerdesk.RightSee, id) {
			answer.Access.Accounts[strconv.FormatInt(int64(id), 10)] = rights
		}
	}
	if by.Key != 0 { // which may hold less than the person
		answer.Grants = []sellerdesk.Grant{}
		return &output[MeAnswer]{Body: answer}, nil
	}
	var err error
	if user.SecondFactor {
		answer.RecoveryLeft, err = a.desk.Users.RecoveryLeft(ctx, user.ID)
	}
	return &output[MeAnswer]{Body: answer}, err
}

func (a own) getMe(ctx context.Context, _ *struct{}) (*output[MeAnswer], error) {
	user, _ := server.Actor(ctx) // RequirePerson stands before
	return a.me(ctx, user)
}

type meInput struct {
	Body struct {
		Name     *string              `json:"name,omitempty" maxLength:"200"`
		Language *sellerdesk.Language `json:"language,omitempty"`
		Theme    *string              `json:"theme,omitempty" doc:"light, dark, or empty for what the system says"`

		Shortcuts *sellerdesk.Shortcuts `json:"shortcuts,omitempty" doc:"Replaces all keys that differ from the usual ones"`
	} `nameHint:"Preferences"`
}

func (a own) updateMe(ctx context.Context, in *meInput) (*output[MeAnswer], error) {
	user, err := a.desk.Users.SetPreferences(ctx, actor(ctx), desk.Preferences{
		Name: in.Body.Name, Language: in.Body.Language, Theme: in.Body.Theme, Shortcuts: in.Body.Shortcuts,
	})
	if err != nil {
		return nil, err
	}
	return a.me(ctx, user)
}

type passwordInput struct {
	Body struct {
		Old string `json:"old" maxLength:"1000" format:"password"`
		New string `json:"new" maxLength:"1000" format:"password" doc:"10 to 200 characters"`
	} `nameHint:"PasswordChange"`
}

func (a own) setPassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	return nil, a.desk.Users.SetPassword(ctx, actor(ctx), desk.PasswordChange{Old: in.Body.Old, New: in.Body.New})
}

type proofInput struct {
	Body struct {
		Password string `json:"password" maxLength:"1000" format:"password" doc:"Proves that the person is there"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"Where a second factor is set: a code of it, or a recovery code"`
	} `nameHint:"Proof"`
}

// FactorAnswer is what an authenticator needs to be told once.
type FactorAnswer struct {
	Secret  sellerdesk.Optional `json:"secret" doc:"For those who type it. Told once, as is otpauth"`
	OTPAuth sellerdesk.Optional `json:"otpauth" doc:"The same as an address, to be shown as a QR code"`
}

func (a own) beginFactor(ctx context.Context, in *proofInput) (*output[FactorAnswer], error) {
	setup, err := a.desk.Users.BeginFactor(ctx, actor(ctx), desk.Proof{Password: in.Body.Password, Code: in.Body.Code})
	return &output[FactorAnswer]{Body: FactorAnswer{Secret: sellerdesk.Optional(setup.Secret), OTPAuth: sellerdesk.Optional(setup.URL)}}, err
}

type confirmInput struct {
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"10" doc:"That the authenticator shows"`
	} `nameHint:"Confirmation"`
}

// RecoveryAnswer are the recovery codes of a person.
type RecoveryAnswer struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"Told once: an answer that is repeated for its Idempotency-Key holds none"`
}

func (a own) confirmFactor(ctx context.Context, in *confirmInput) (*output[RecoveryAnswer], error) {
	codes, err := a.desk.Users.ConfirmFactor(ctx, actor(ctx), in.Body.Code)
	return &output[RecoveryAnswer]{Body: RecoveryAnswer{filled(codes)}}, err
}

func (a own) removeFactor(ctx context.Context, in *proofInput) (*struct{}, error) {
	return nil, a.desk.Users.RemoveFactor(ctx, actor(ctx), desk.Proof{Password: in.Body.Password, Code: in.Body.Code})
}
