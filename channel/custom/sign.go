package custom

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// The bounds of Standard Webhooks.
const (
	secretPrefix = "whsec_"
	shortestKey  = 24 // bytes
	longestKey   = 64
	mostKeys     = 4 // while secrets are replaced there are two
	// tolerance is how far the clock of a sender may be from ours.
	tolerance = 5 * time.Minute
	// mostSignatures bounds what one header may make us compute.
	mostSignatures = 10
	longestID      = 200 // bytes
)

// keysOf reads secrets with blanks between them: the first is ours, the others are
// still believed.
func keysOf(secrets string) ([][]byte, error) {
	words := strings.Fields(secrets)
	if len(words) == 0 {
		return nil, refuseCredentials("The secret is missing.")
	}
	if len(words) > mostKeys {
		return nil, refuseCredentials(fmt.Sprintf("There are %d secrets; up to %d can be used at once.", len(words), mostKeys))
	}
	keys := make([][]byte, len(words))
	for i, w := range words {
		rest, found := strings.CutPrefix(w, secretPrefix)
		key, err := base64.StdEncoding.DecodeString(rest)
		if !found || err != nil {
			return nil, refuseCredentials("A secret is whsec_ with 24 to 64 random bytes in base64 behind it.")
		}
		if len(key) < shortestKey || len(key) > longestKey {
			return nil, refuseCredentials(fmt.Sprintf("The secret has %d bytes behind whsec_; it needs 24 to 64 random ones, in base64.", len(key)))
		}
		keys[i] = key
	}
	return keys, nil
}

// digest is the signature of a body with one key.
func digest(key []byte, id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.", id, timestamp) // a hash takes everything
	_, _ = mac.Write(body)
	return mac.Sum(nil)
}

// sign is the header of a body, with a signature for each key.
func sign(keys [][]byte, id, timestamp string, body []byte) string {
	var b bytes.Buffer
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("v1," + base64.StdEncoding.EncodeToString(digest(key, id, timestamp, body)))
	}
	return b.String()
}

// verify tells in one sentence why a push is not signed; "" when it is. The moment
// is that of its arrival.
func verify(keys [][]byte, p sellerdesk.Push) string {
	s := p.Signature
	if s.ID == "" || s.Timestamp == "" || s.Value == "" {
		return "The headers webhook-id, webhook-timestamp and webhook-signature are needed."
	}
	if len(s.ID) > longestID || strings.ContainsFunc(s.ID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "The webhook-id must be up to 200 plain characters without blanks."
	}
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if err != nil || len(s.Timestamp) > 12 {
		return "The webhook-timestamp must be the seconds since 1970."
	}
	if age := p.Received.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return fmt.Sprintf("The webhook-timestamp is %s away from the clock here; up to %s are taken.", age.Abs().Round(time.Second), tolerance)
	}
	if !signed(keys, p) {
		return "The webhook-signature does not match: it needs the same secret, over id.timestamp.body as it is sent."
	}
	return ""
}

// signed compares in constant time.
func signed(keys [][]byte, p sellerdesk.Push) bool {
	found := false
	for n, given := range strings.Fields(p.Signature.Value) {
		if n == mostSignatures {
			break
		}
		version, text, _ := strings.Cut(given, ",")
		mac, err := base64.StdEncoding.DecodeString(text)
		if version != "v1" || err != nil {
			continue
		}
		for _, key := range keys {
			found = hmac.Equal(mac, digest(key, p.Signature.ID, p.Signature.Timestamp, p.Body)) || found
		}
	}
	return found
}
