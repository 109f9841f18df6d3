package radist

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/radist"
)

// named writes a number of the gateway as an id of ours.
func named(n int64) sellerdesk.RemoteID { return sellerdesk.RemoteID(strconv.FormatInt(n, 10)) }

// number reads an id that is a number there, 0 when it is none.
func number(id sellerdesk.RemoteID) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil || n < 1 || string(named(n)) != string(id) {
		return 0
	}
	return n
}

const rawLimit = 4 << 10

func skipped(what string, raw []byte) sellerdesk.Skipped {
	return sellerdesk.Skipped{What: what, Raw: raw[:min(len(raw), rawLimit)]}
}

// malformed records what could not be decoded.
func malformed(what string, items []api.Malformed) []sellerdesk.Skipped {
	var out []sellerdesk.Skipped
	for _, m := range items {
		out = append(out, skipped(what, m.Raw))
	}
	return out
}

// encoded writes what only this adapter reads.
func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // never: texts, numbers and flags
	}
	return b
}

// firstText is the first text that is not blank.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// cut shortens a foreign text to limit characters.
func cut(s string, limit int) string {
	runes := 0
	for i := range s {
		if runes == limit {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}
