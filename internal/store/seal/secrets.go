package seal

import (
	"fmt"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// What else is sealed. Bytes in both columns of a thing, as the present and the
// former secret of a webhook, are bound to the thing alone, so that they can
// move from one to the other.

func ofWebhook(id sellerdesk.WebhookID) []byte {
	return []byte("webhook " + strconv.FormatInt(int64(id), 10))
}

func ofFactor(id sellerdesk.UserID) []byte {
	return []byte("factor " + strconv.FormatInt(int64(id), 10))
}

// Webhook seals the secret that a webhook signs with.
func (s Seal) Webhook(id sellerdesk.WebhookID, secret sellerdesk.Secret) []byte {
	return s.seal([]byte(secret.Reveal()), ofWebhook(id))
}

// OpenWebhook is the inverse of [Seal.Webhook].
func (s Seal) OpenWebhook(id sellerdesk.WebhookID, sealed []byte) (sellerdesk.Secret, error) {
	plain, _, err := s.open(sealed, ofWebhook(id))
	if err != nil {
		return "", fmt.Errorf("open the secret of webhook %d: %w", id, err)
	}
	return sellerdesk.Secret(plain), nil
}

// Factor seals the secret of a person's second factor.
func (s Seal) Factor(id sellerdesk.UserID, secret sellerdesk.Secret) []byte {
	return s.seal([]byte(secret.Reveal()), ofFactor(id))
}

// OpenFactor is the inverse of [Seal.Factor].
func (s Seal) OpenFactor(id sellerdesk.UserID, sealed []byte) (sellerdesk.Secret, error) {
	plain, _, err := s.open(sealed, ofFactor(id))
	if err != nil {
		return "", fmt.Errorf("open the second factor of person %d: %w", id, err)
	}
	return sellerdesk.Secret(plain), nil
}
