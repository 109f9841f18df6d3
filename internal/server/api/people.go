package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
)

// people registers the operations on the person who asks.
func (a *api) people() {
	register(a, anybody, huma.Operation{
		OperationID: "getMe", Method: http.MethodGet, Path: "/v1/me", Tags: []string{"people"},
		Summary: "Get the person the request speaks for", Description: "A key speaks for the owner.",
	}, a.getMe)
	register(a, anybody, huma.Operation{
		OperationID: "updateMe", Method: http.MethodPatch, Path: "/v1/me", Tags: []string{"people"},
		Summary: "Change how the person sees things", Description: "Absent fields stay as they are.",
	}, a.updateMe)
}

func (a *api) getMe(ctx context.Context, _ *struct{}) (*output[sellerdesk.User], error) {
	user, _ := server.Actor(ctx) // RequirePerson stands before
	return &output[sellerdesk.User]{Body: user}, nil
}

type meInput struct {
	Body struct {
		Name     *string              `json:"name,omitempty" maxLength:"200"`
		Language *sellerdesk.Language `json:"language,omitempty"`
		Theme    *string              `json:"theme,omitempty" doc:"light, dark, or empty for what the system says"`
	} `nameHint:"Preferences"`
}

func (a *api) updateMe(ctx context.Context, in *meInput) (*output[sellerdesk.User], error) {
	user, err := a.desk.Users.SetPreferences(ctx, actor(ctx), desk.Preferences{
		Name: in.Body.Name, Language: in.Body.Language, Theme: in.Body.Theme,
	})
	return &output[sellerdesk.User]{Body: user}, err
}
