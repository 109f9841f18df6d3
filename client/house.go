package client

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// House is what belongs to no cabinet.
type House struct{ c *Client }

// Status is how the house and its cabinets fare.
type Status struct {
	State sellerdesk.FindingState `json:"state"` // that of the worst finding
	Items []sellerdesk.Finding    `json:"items"`
}

// Status tells how the house and the cabinets fare that the key may see.
func (s *House) Status(ctx context.Context) (Status, error) {
	var out Status
	err := s.c.do(ctx, call{op: "get status", method: http.MethodGet, path: "/v1/status"}, &out)
	return out, err
}

// RotateSecrets changes the key that seals all secrets. It needs the right
// settings.
func (s *House) RotateSecrets(ctx context.Context) (sellerdesk.Rotation, error) {
	var out sellerdesk.Rotation
	err := s.c.do(ctx, call{op: "rotate secrets", method: http.MethodPost, path: "/v1/secrets/rotate"}, &out)
	return out, err
}
