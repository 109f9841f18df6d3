package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

// keys are the operations on keys and sessions: what somebody asks with.
type keys struct{ *api }

// mount registers them. Everybody has keys and sessions of their own; those of
// others are judged by the verbs.
func (a keys) mount() {
	register(a.api, anybody, huma.Operation{
		OperationID: "listKeys", Method: http.MethodGet, Path: "/v1/keys", Tags: []string{"keys"},
		Summary: "List keys", Description: "One's own, newest first; with the right keys also those of somebody else, or of everybody. A key without that right finds itself only. Keys that were revoked or have expired are listed too.",
		Responses: forbidden(),
	}, a.list)
	register(a.api, anybody, huma.Operation{
		OperationID: "createKey", Method: http.MethodPost, Path: "/v1/keys", Tags: []string{"keys"}, DefaultStatus: http.StatusCreated,
		Summary: "Make a key",
		Description: "For oneself, or with the right keys for somebody else, within the rights that one holds. It acts for the person, within the person's rights of the moment. The secret of the answer is told once. " +
			"Answers to a key with a limit carry the headers RateLimit-Policy and RateLimit; past the limit they are 429 with Retry-After.",
	}, a.create)
	register(a.api, anybody, huma.Operation{
		OperationID: "revokeKey", Method: http.MethodDelete, Path: "/v1/keys/{id}", Tags: []string{"keys"}, DefaultStatus: http.StatusNoContent,
		Summary: "Revoke a key", Description: "It no longer works from the next request on. A key without the right keys revokes itself only.",
	}, a.revoke)
	register(a.api, anybody, huma.Operation{
		OperationID: "listSessions", Method: http.MethodGet, Path: "/v1/sessions", Tags: []string{"people"},
		Summary: "List the browsers that are signed in", Description: "One's own, the one used last first; with the right people also those of somebody else. A key needs the right for those of its person too.",
		Responses: forbidden(),
	}, a.sessions)
	register(a.api, anybody, huma.Operation{
		OperationID: "revokeSession", Method: http.MethodDelete, Path: "/v1/sessions/{id}", Tags: []string{"people"}, DefaultStatus: http.StatusNoContent,
		Summary: "Sign a browser out",
	}, a.revokeSession)
	register(a.api, anybody, huma.Operation{
		OperationID: "revokeSessions", Method: http.MethodDelete, Path: "/v1/sessions", Tags: []string{"people"},
		Summary: "Sign all browsers out but the one that asks", Description: "One's own; with the right people also those of somebody else.",
	}, a.revokeSessions)
}

// forbidden documents the refusal of a read that everybody may make, but not of
// everything.
func forbidden() map[string]*huma.Response {
	return map[string]*huma.Response{"403": {Ref: "#/components/responses/403"}}
}

type listKeysInput struct {
	User  int64 `query:"user" minimum:"1" doc:"Whose; absent for one's own"`
	Every bool  `query:"every" doc:"Those of everybody"`
}

func (a keys) list(ctx context.Context, in *listKeysInput) (*pageOutput[sellerdesk.Key], error) {
	list, err := a.desk.Keys.List(ctx, sellerdesk.UserID(in.User), in.Every)
	return paged(list, ""), err
}

// KeyAnswer is a key that was just made.
type KeyAnswer struct {
	sellerdesk.Key
	Secret sellerdesk.Optional `json:"secret" doc:"What a program sends in the header Authorization, after Bearer. Told once: an answer that is repeated for its Idempotency-Key leaves it out"`
}

type createKeyInput struct {
	Body struct {
		Name      string                 `json:"name" minLength:"1" maxLength:"200" doc:"As people here see it"`
		Rights    sellerdesk.Rights      `json:"rights" doc:"Of those of the person"`
		User      sellerdesk.UserID      `json:"user,omitempty" minimum:"1" doc:"For whom it acts; absent for oneself"`
		Accounts  []sellerdesk.AccountID `json:"accounts,omitempty" maxItems:"200" doc:"Only in these; none for all that the person sees"`
		Limit     int                    `json:"limit,omitempty" minimum:"0" maximum:"100000" doc:"Requests a minute; 0 for as many as it likes"`
		ExpiresAt *sellerdesk.Time       `json:"expires_at,omitempty" doc:"Absent for never"`
	} `nameHint:"NewKey"`
}

func (a keys) create(ctx context.Context, in *createKeyInput) (*output[KeyAnswer], error) {
	key, err := a.desk.Keys.Create(ctx, desk.CreateKey{
		User: in.Body.User, Name: in.Body.Name, Rights: in.Body.Rights, Accounts: in.Body.Accounts, Limit: in.Body.Limit, Expires: in.Body.ExpiresAt,
	})
	return &output[KeyAnswer]{Body: KeyAnswer{Key: key.Key, Secret: sellerdesk.Optional(key.Text)}}, err
}

type keyPath struct {
	ID sellerdesk.KeyID `path:"id" minimum:"1"`
}

func (a keys) revoke(ctx context.Context, in *keyPath) (*struct{}, error) {
	return nil, a.desk.Keys.Revoke(ctx, in.ID)
}

type sessionsInput struct {
	User int64 `query:"user" minimum:"1" doc:"Whose; absent for one's own"`
}

func (a keys) sessions(ctx context.Context, in *sessionsInput) (*pageOutput[sellerdesk.Session], error) {
	list, err := a.desk.Sessions.List(ctx, sellerdesk.UserID(in.User))
	return paged(list, ""), err
}

type sessionPath struct {
	ID sellerdesk.SessionID `path:"id" minimum:"1"`
}

func (a keys) revokeSession(ctx context.Context, in *sessionPath) (*struct{}, error) {
	return nil, a.desk.Sessions.Revoke(ctx, in.ID)
}

// RevokedSessions tells how many sessions were ended.
type RevokedSessions struct {
	Revoked int `json:"revoked"`
}

func (a keys) revokeSessions(ctx context.Context, in *sessionsInput) (*output[RevokedSessions], error) {
	n, err := a.desk.Sessions.RevokeOthers(ctx, sellerdesk.UserID(in.User))
	return &output[RevokedSessions]{Body: RevokedSessions{n}}, err
}
