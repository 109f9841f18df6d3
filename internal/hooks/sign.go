package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// secretPrefix stands before the base64 of a secret.
const secretPrefix = "whsec_"

// sign gives the signatures of a body, one for each secret, as the header
// webhook-signature wants them.
func sign(secrets []sellerdesk.Secret, id string, at time.Time, body string) ([]string, error) {
	all := make([]string, 0, len(secrets))
	for _, s := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Reveal(), secretPrefix))
		if err != nil || len(key) == 0 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInternal, "The secret of the webhook cannot be read; give it another one.")
		}
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "." + body)) // a hash takes everything
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	if len(all) == 0 {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInternal, "The secret of the webhook cannot be opened; give it another one.")
	}
	return all, nil
}
