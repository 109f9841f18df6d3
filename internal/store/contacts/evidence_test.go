package contacts_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
)

func TestEvidenceIsNamedInTheOrderOfTheRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		buyer sellerdesk.Buyer
		want  []string
	}{
		{"all there is", sellerdesk.Buyer{Contact: "5", Phone: "8 (900) 123-45-67", Network: "Telegram", User: "12", Username: " @Petr "},
			[]string{"phone/79001234567", "user/telegram/12", "username/telegram/petr", "contact/7/5"}},
		{"nothing", sellerdesk.Buyer{}, nil},
		{"names of no messenger", sellerdesk.Buyer{User: "12", Username: "petr"}, nil},
		{"a phone that is none", sellerdesk.Buyer{Phone: "ask for it", Contact: "5"}, []string{"contact/7/5"}},
		{"a messenger that would be another with its user", sellerdesk.Buyer{Network: "a/b", User: "c"}, []string{"user/a_b/c"}},
		{"signs in names", sellerdesk.Buyer{Network: "max", Username: "@", User: "a/b"}, []string{"user/max/a/b"}},
		{"a zero byte", sellerdesk.Buyer{Contact: "5\x006"}, []string{"contact/7/56"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range contacts.EvidenceOf(7, c.buyer) {
				got = append(got, e.Key)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzEvidence holds what remote sides tell of buyers against what the database
// takes: bounded text without zero bytes, each key once, none without a value.
func FuzzEvidence(f *testing.F) {
	f.Add("5", "+7 900 123-45-67", "telegram", "12", "@petr")
	f.Add("\xff\x00", "0000000", "a/b/c", strings.Repeat("я", 400), "@@")
	f.Fuzz(func(t *testing.T, contact, phone, network, user, username string) {
		seen := map[string]bool{}
		for _, e := range contacts.EvidenceOf(1, sellerdesk.Buyer{Contact: sellerdesk.RemoteID(contact), Phone: phone, Network: network,
			User: sellerdesk.RemoteID(user), Username: username}) {
			if seen[e.Key] || e.Value == "" || !strings.HasSuffix(e.Key, e.Value) || !strings.HasPrefix(e.Key, string(e.Kind)+"/") {
				t.Errorf("%+v", e)
			}
			if len(e.Key) > 1000 || !utf8.ValidString(e.Key) || strings.ContainsRune(e.Key, 0) {
				t.Errorf("the database does not take %q", e.Key)
			}
			seen[e.Key] = true
			if e.Kind == sellerdesk.IdentityPhone {
				if again, ok := sellerdesk.NormalPhone("+" + e.Value); !ok || again != e.Value {
					t.Errorf("the phone %s is %s to itself", e.Value, again)
				}
			}
		}
	})
}
