package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// checkFields judges the credentials by the form of the channel.
func checkFields(drv channel.Driver, credentials map[string]sellerdesk.Secret) error {
	known := map[string]bool{}
	for _, f := range drv.Fields {
		known[f.Name] = true
		value := strings.TrimSpace(credentials[f.Name].Reveal())
		switch {
		case value == "" && f.Optional:
			delete(credentials, f.Name)
			continue
		case value == "":
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is missing.", fieldTitle(f)).InField("credentials." + f.Name)
		case len(value) > longestCredential:
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is too long.", fieldTitle(f)).InField("credentials." + f.Name)
		}
		credentials[f.Name] = sellerdesk.Secret(value)
	}
	for name := range credentials {
		if !known[name] {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The channel knows no credential %q.", shown(name)).InField("credentials")
		}
	}
	return nil
}

func fieldTitle(f channel.Field) string {
	if t := f.Title[string(sellerdesk.English)]; t != "" {
		return t
	}
	return f.Name
}

// credentialsError says what is wrong with credentials, by what the connector
// or the remote side said about them.
func credentialsError(err error) error {
	class, remote := channel.ClassOf(err)
	sentence := func(otherwise string) string {
		if remote != nil && remote.Why.Text != "" {
			return string(remote.Why.Text)
		}
		return otherwise
	}
	code, otherwise := sellerdesk.CodeInvalid, "The channel does not accept these credentials."
	switch class {
	case channel.Unauthorized, channel.Refused, channel.Gone:
	case channel.Throttled:
		code, otherwise = sellerdesk.CodeLimited, "The channel asks to wait before trying again."
	case channel.Malformed:
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"What answered is not understood. Is the address right?").Because(err)
	default:
		if class == "" && !errors.Is(err, context.DeadlineExceeded) {
			return sellerdesk.Errorf(sellerdesk.CodeInternal, "The account could not be checked.").Because(err)
		}
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable,
			"%s", sentence("The channel does not answer. Try again later.")).Because(err)
	}
	return sellerdesk.Errorf(code, "%s", sentence(otherwise)).InField("credentials").Because(err)
}

// accountName cleans a name; "" stays "".
func accountName(s string) (string, error) {
	s = oneLine(s)
	if n := utf8.RuneCountInString(s); n > longestName {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The name has %d characters; it may have up to %d.", n, longestName).InField("name")
	}
	return s, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }

// clipped cuts a name that somebody else chose.
func clipped(s string) string {
	s = oneLine(s)
	if utf8.RuneCountInString(s) > longestName {
		s = string([]rune(s)[:longestName])
	}
	return s
}

// baseURL judges an address; "" stays "".
func baseURL(s string) (string, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "/")
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The base address must look like https://host/path.").InField("base_url").Because(err)
	}
	return s, nil
}

// abilities is what an account with these credentials can do, in the order of the
// screens.
func abilities(drv channel.Driver, credentials map[string]sellerdesk.Secret) []sellerdesk.KindAbilities {
	out, table := []sellerdesk.KindAbilities{}, drv.AbilitiesOf(credentials)
	for _, k := range sellerdesk.Kinds() {
		if can, ok := table[k]; ok {
			out = append(out, sellerdesk.KindAbilities{Kind: k, Can: slices.Clone(can)})
		}
	}
	return out
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
