package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
)

// house are the operations on what belongs to no cabinet.
type house struct{ *api }

// mount registers them.
func (a house) mount() {
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getStatus", Method: http.MethodGet, Path: "/v1/status", Tags: []string{"house"},
		Summary: "Tell how the house and its cabinets fare",
		Description: "Findings in words for a person, in Russian and English: ok, warn (it works, and will not for long or not for everything) or fail. " +
			"Those of the house are told to whoever sees all cabinets, those of webhooks with the right webhooks. A cabinet with nothing wrong has one finding. " +
			"Causes may be added.",
	}, a.getStatus)
	register(a.api, sellerdesk.RightSettings, huma.Operation{
		OperationID: "rotateSecrets", Method: http.MethodPost, Path: "/v1/secrets/rotate", Tags: []string{"house"},
		Summary: "Change the key that seals all secrets",
		Description: "A new key is made beside the old one, everything is sealed anew, and the old key is given up. Everything works on meanwhile; " +
			"should the program end before, the next start does the rest.",
	}, a.rotateSecrets)
}

type statusOutput struct {
	Body struct {
		State sellerdesk.FindingState `json:"state" doc:"That of the worst finding"`
		Items []sellerdesk.Finding    `json:"items"`
	} `nameHint:"Status"`
}

func (a house) getStatus(ctx context.Context, _ *struct{}) (*statusOutput, error) {
	if a.deps.Status == nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeUnavailable, "Nobody looks how this server fares.")
	}
	findings, err := a.deps.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := &statusOutput{}
	out.Body.State, out.Body.Items = sellerdesk.WorstOf(findings), filled(findings)
	return out, nil
}

func (a house) rotateSecrets(ctx context.Context, _ *struct{}) (*output[sellerdesk.Rotation], error) {
	done, err := a.desk.Secrets.Rotate(ctx)
	return &output[sellerdesk.Rotation]{Body: done}, err
}
