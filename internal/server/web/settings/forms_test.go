package settings

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

func TestRolesAreReadFromTheFormAsTheyWereChosen(t *testing.T) {
	t.Parallel()
	one, nine := sellerdesk.AccountID(1), sellerdesk.AccountID(9)
	for name, c := range map[string]struct {
		values string
		before []sellerdesk.Grant
		want   []sellerdesk.Grant
	}{
		"nothing chosen is no role":             {"grant-house=&grant-account-1=", nil, []sellerdesk.Grant{}},
		"each place keeps its own":              {"grant-house=read-only&grant-account-1=operator&grant-channel-north=lead", nil, []sellerdesk.Grant{{Role: "operator", Account: &one}, {Role: "lead", Channel: "north"}, {Role: "read-only"}}},
		"two roles in one place are both kept":  {"grant-house=a&grant-house=b&grant-house=a", nil, []sellerdesk.Grant{{Role: "a"}, {Role: "b"}}},
		"what the form did not offer is kept":   {"grant-house=", []sellerdesk.Grant{{Role: "operator", Account: &nine}, {Role: "lead"}}, []sellerdesk.Grant{{Role: "operator", Account: &nine}}},
		"names that are no places are left out": {"grant-account-x=operator&grant-account--1=operator&name=operator", nil, []sellerdesk.Grant{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, err := url.ParseQuery(c.values)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, readGrants(values, c.before)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyWhatIsDifferentOfAWebhookIsChanged(t *testing.T) {
	t.Parallel()
	before := sellerdesk.Webhook{Name: "Bot", URL: "https://a.example/", Kinds: []sellerdesk.EventKind{"message.*"}, Accounts: []sellerdesk.AccountID{2, 1}}
	same := url.Values{"name": {"Bot"}, "url": {" https://a.example/ "}, "kinds": {"message.updated", "message.created"}, "accounts": {"1", "2"}}
	if diff := cmp.Diff(desk.WebhookChange{}, hookChange(before, same)); diff != "" {
		t.Errorf("a form that was only looked at: %s", diff)
	}
	other := url.Values{"name": {"Bot"}, "url": {"https://a.example/"}, "kinds": {"message.created"}, "accounts": {"1", "2"}}
	if diff := cmp.Diff(desk.WebhookChange{Kinds: &[]sellerdesk.EventKind{"message.created"}}, hookChange(before, other)); diff != "" {
		t.Error(diff)
	}
}

func TestBrowsersAreNamedAsPeopleKnowThem(t *testing.T) {
	t.Parallel()
	v := fixView(sellerdesk.English, ownPath, sellerdesk.FullAccess(1))
	for agentSays, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 YaBrowser/25.8 Safari/537.36": "YaBrowser on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/604.1":     "Safari on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                     "Firefox on Linux",
		"curl/8.5.0":    "curl",
		"a program":     "a program",
		"":              "Unknown browser",
		"\u202Eexe.x\n": "exe.x",
	} {
		if got := agent(v, agentSays); got != want {
			t.Errorf("%q is named %q, want %q", agentSays, got, want)
		}
	}
}

func TestAPictureHoldsItsSecretWithRoomAround(t *testing.T) {
	t.Parallel()
	p, err := drawQR("otpauth://totp/Sellerdesk:olga?secret=JBSWY3DPEHPK3PXP&issuer=Sellerdesk")
	if err != nil {
		t.Fatal(err)
	}
	// The first row of a code begins with the seven dots of its corner mark.
	if want := "M4 4h7v1H4z"; !strings.HasPrefix(p.Dots, want) || p.Side < 21+2*quiet {
		t.Errorf("side %d, begins %.40s", p.Side, p.Dots)
	}
	if _, err := drawQR(strings.Repeat("x", longestQR+1)); err == nil {
		t.Error("a text without end was drawn")
	}
	if _, err := newFactorView("javascript:alert(1)"); sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Errorf("an address of another kind: %v", err)
	}
}

func TestTheFilterOfTheAuditTakesWholeDaysOfTheReader(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 3*3600)
	in := url.Values{"kind": {"text.sent"}, "user": {"7"}, "account": {"x"}, "from": {"2026-11-20"}, "to": {"2026-11-20"}, "cursor": {"c"}}
	q, kept := auditQuery(in, zone)
	if q.From == nil || q.To == nil || q.To.Sub(q.From.Time) != 24*time.Hour-time.Millisecond || q.From.UTC().Hour() != 21 {
		t.Errorf("from %v to %v", q.From, q.To)
	}
	if q.User != 7 || q.Account != 0 || len(q.Kinds) != 1 || q.Cursor != "c" || kept.Get("kind") != "text.sent" || kept.Has("account") || kept.Has("cursor") {
		t.Errorf("%+v, kept %v", q, kept)
	}
}

func TestOtherLanguagesTakeFromASentenceWhatItNames(t *testing.T) {
	t.Parallel()
	e := sellerdesk.AuditEntry{Kind: sellerdesk.AuditAccountAdded, Text: "The account “Север” was named \"Юг\"."}
	if got := about(fixView(sellerdesk.Russian, auditPath, sellerdesk.Access{}), e); got != "«Север», «Юг»" {
		t.Errorf("got %q", got)
	}
	if got := about(fixView(sellerdesk.English, auditPath, sellerdesk.Access{}), e); got != e.Text {
		t.Errorf("got %q", got)
	}
}
