package settings

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

var update = flag.Bool("update", false, "write the pages anew")

// evil is what people and remote sides may put into any name.
const evil = "<script>alert(1)</script>\u202Egpj.exe"

func fixNow() time.Time { return time.Date(2026, 11, 21, 11, 20, 0, 0, time.UTC) }

func ago(d time.Duration) sellerdesk.Time { return sellerdesk.At(fixNow().Add(-d)) }

func ptr[T any](v T) *T { return &v }

// fixView is the view of the owner, or of whoever access describes.
func fixView(l sellerdesk.Language, page string, access sellerdesk.Access) *View {
	table := texts.English()
	if l == sellerdesk.Russian {
		table = texts.Russian()
	}
	return &View{
		Table: table, House: texts.HouseOf(l), Access: access, Now: fixNow(), Zone: time.FixedZone("", 3*3600), Static: "/static", Page: page,
		User: sellerdesk.User{ID: 1, Name: "Ольга", Login: "olga", Owner: true, SecondFactor: true, Language: l},
	}
}

func fixAccounts() []sellerdesk.Account {
	return []sellerdesk.Account{
		{ID: 1, Channel: "north", Name: "Север", State: sellerdesk.AccountOK},
		{ID: 2, Channel: "south", Name: "Домашний уют", State: sellerdesk.AccountExpired},
		{ID: 3, Channel: "north", Name: evil, State: sellerdesk.AccountOK},
	}
}

func fixTeam() teamView {
	return teamView{
		Accounts: fixAccounts(), Titles: map[sellerdesk.ChannelKind]string{"north": "Площадка", "south": "Рынок"},
		Roles: append(sellerdesk.BuiltInRoles(), sellerdesk.Role{Name: "reviews", Title: "Отзывы", Rights: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightExport)}),
		People: []sellerdesk.User{
			{ID: 1, Name: "Ольга", Login: "olga", Owner: true, SecondFactor: true},
			{ID: 2, Name: evil, Login: "anna", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator, Account: ptr(sellerdesk.AccountID(1))}, {Role: "reviews", Account: ptr(sellerdesk.AccountID(1))}, {Role: sellerdesk.RoleReadOnly, Channel: "south"}}},
			{ID: 3, Name: "Дмитрий Соколов", DisabledAt: ptr(ago(time.Hour))},
		},
	}
}

func fixKeys() []sellerdesk.Key {
	return []sellerdesk.Key{
		{ID: 1, User: 1, Name: "ERP", Prefix: "sd_QkfFy5", Rights: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork), Accounts: []sellerdesk.AccountID{1, 9}, Limit: 6000, ExpiresAt: ptr(ago(-90 * 24 * time.Hour)), UsedAt: ptr(ago(time.Minute)), CreatedAt: ago(time.Hour)},
		{ID: 2, User: 2, Name: evil, Prefix: "sd_zzzzzz", Rights: sellerdesk.RightsOf(sellerdesk.RightSee), RevokedAt: ptr(ago(time.Minute)), CreatedAt: ago(time.Hour)},
		{ID: 3, User: 2, Name: "old", Prefix: "sd_aaaaaa", Rights: sellerdesk.RightsOf(sellerdesk.RightSee), ExpiresAt: ptr(ago(time.Minute)), CreatedAt: ago(time.Hour)},
	}
}

func fixHook() hookView {
	return hookView{
		Hook: sellerdesk.Webhook{
			ID: 4, Name: evil, URL: "https://hooks.example/secret-path", User: 1, Kinds: []sellerdesk.EventKind{"message.*", sellerdesk.EventOutboxSettled}, Accounts: []sellerdesk.AccountID{1},
			State: sellerdesk.WebhookFailed, Reason: evil, Waiting: 12_000, OldSecretUntil: ptr(ago(-time.Hour)), DeliveredAt: ptr(ago(time.Hour)), FailingSince: ptr(ago(time.Hour)),
		},
		Accounts: fixAccounts(), People: map[sellerdesk.UserID]string{1: "Ольга"}, Next: "/settings/webhooks/4?cursor=1",
		Deliveries: []sellerdesk.Delivery{
			{ID: 9, Event: 77, Kind: sellerdesk.EventMessageCreated, MsgID: "msg_1", State: sellerdesk.DeliveryWaiting, At: ago(time.Minute)},
			{ID: 8, Event: 76, Kind: sellerdesk.EventMessageCreated, MsgID: "msg_2", State: sellerdesk.DeliveryFailed, Attempt: 14, Error: "Nobody listens there.", At: ago(25 * time.Hour)},
			{ID: 7, Event: 75, Kind: sellerdesk.EventOutboxSettled, MsgID: "msg_3", State: sellerdesk.DeliveryDelivered, Attempt: 1, Status: ptr(204), At: ago(26 * time.Hour)},
		},
	}
}

func fixAudit() auditView {
	sent, _ := json.Marshal(sellerdesk.SentText{Text: evil + "\nСпасибо!", Template: "Доставка", RemoteID: "r-1"})
	return auditView{
		Accounts: fixAccounts(), People: map[sellerdesk.UserID]string{1: "Ольга", 2: evil}, Next: "/settings/audit?cursor=x", Form: form{Name: "filter", Values: map[string][]string{"kind": {"text.sent"}}},
		Entries: []sellerdesk.AuditEntry{
			{ID: 3, At: ago(time.Minute), Kind: sellerdesk.AuditTextSent, User: ptr(sellerdesk.UserID(2)), Account: ptr(sellerdesk.AccountID(1)), Conversation: ptr(sellerdesk.ConversationID(7)), Text: "Sent a text.", Data: sent},
			{ID: 2, At: ago(time.Hour), Kind: sellerdesk.AuditKeyCreated, User: ptr(sellerdesk.UserID(1)), Key: ptr(sellerdesk.KeyID(1)), Address: "192.0.2.7", Text: `Made the key "ERP".`},
			{ID: 1, At: ago(2 * time.Hour), Kind: sellerdesk.AuditSignInRefused, Address: "192.0.2.9", Text: "A sign-in was refused."},
		},
	}
}

func fixStatus() statusView {
	say := func(s string) sellerdesk.Sentence { return sellerdesk.Sentence{RU: "по-русски: " + s, EN: s} }
	s := newStatus([]sellerdesk.Finding{
		{ID: "database", State: sellerdesk.FindingOK, Cause: sellerdesk.CauseFine, Text: say("fine")},
		{ID: "backup", State: sellerdesk.FindingWarn, Cause: sellerdesk.CauseBackupNone, Text: say("no backup"), Hint: say("make one")},
		{ID: "account/1", State: sellerdesk.FindingOK, Cause: sellerdesk.CauseFine, Text: say("all is well"), Account: ptr(sellerdesk.AccountID(1))},
		{ID: "account/2/token", State: sellerdesk.FindingFail, Cause: sellerdesk.CauseTokenExpired, Text: say("expired"), Hint: say("replace it"), Account: ptr(sellerdesk.AccountID(2))},
		{ID: "account/8", State: sellerdesk.FindingFail, Cause: sellerdesk.CauseTokenExpired, Text: say("of another"), Account: ptr(sellerdesk.AccountID(8))},
	}, fixAccounts())
	s.Titles = fixTeam().Titles
	return s
}

func fixSessions() []sellerdesk.Session {
	return []sellerdesk.Session{
		{ID: 1, Address: "192.0.2.7", Agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", Current: true, UsedAt: ago(0), CreatedAt: ago(time.Hour)},
		{ID: 2, Agent: evil, UsedAt: ago(time.Hour), CreatedAt: ago(48 * time.Hour)},
	}
}

// fixPages are all pages with everything that is hard to draw.
func fixPages(l sellerdesk.Language) map[string]templ.Component {
	all := sellerdesk.FullAccess(1)
	at := func(page string) *View { return fixView(l, page, all) }
	picture, _ := newFactorView("otpauth://totp/Sellerdesk:olga?secret=JBSWY3DPEHPK3PXP&issuer=Sellerdesk")
	person := personView{teamView: fixTeam(), User: fixTeam().People[1], Sessions: fixSessions()}
	hook := fixHook()
	delivery := hook.Deliveries[1]
	delivery.Request, delivery.Response, delivery.Key, delivery.TookMS = "POST /hook\n\n{\"type\":\"message.created\"}", sellerdesk.Optional(evil), "conversation:7", ptr(int64(1200))
	return map[string]templ.Component{
		"own": ownPage(at(ownPath), ownView{
			Form: form{Name: "key", Error: "There is no such thing.", Field: "rights", Values: map[string][]string{"name": {evil}, "rights": {"see"}}},
			Done: "Saved", Sessions: fixSessions(), Keys: fixKeys(), Accounts: fixAccounts(), Offer: offered(all, fixAccounts()), CodesLeft: 3,
		}),
		"factor":   factorPage(at(ownPath), form{Name: "confirm", Error: "Wrong.", Field: "code"}, picture),
		"codes":    codesPage(at(ownPath), []string{"abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"}),
		"key":      keyPage(at(ownPath), fixKeys()[0], "sd_once"),
		"keys":     keysPage(at(keysPath), fixKeys(), keyNames{People: fixAudit().People, Accounts: fixAccounts()}),
		"people":   peoplePage(at(peoplePath), fixTeam()),
		"person":   personPage(at(peoplePath), person),
		"invite":   invitePage(at(peoplePath), personView{teamView: fixTeam(), Form: form{Name: "person", Error: "No.", Field: "grants", Values: map[string][]string{"name": {"Анна"}, "grant-account-2": {"operator"}}}}),
		"roles":    rolesPage(at(rolesPath), rosterView{Roles: fixTeam().Roles, Chosen: fixTeam().Roles[4], Offer: sellerdesk.AllRights()}),
		"hooks":    hooksPage(at(hooksPath), hooksView{Hooks: []sellerdesk.Webhook{hook.Hook}}),
		"hook":     hookPage(at(hooksPath), hook),
		"delivery": deliveryPage(at(hooksPath), hook, delivery),
		"audit":    auditPage(at(auditPath), fixAudit()),
		"status":   statusPage(at(statusPath), fixStatus()),
		"nothing":  hooksPage(at(hooksPath), hooksView{}),
	}
}

func render(tb testing.TB, c templ.Component) string {
	tb.Helper()
	var b strings.Builder
	if err := c.Render(tb.Context(), &b); err != nil {
		tb.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "><", ">\n<") + "\n"
}

func TestPagesAreDrawnAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, l := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
		for name, page := range fixPages(l) {
			t.Run(name+"."+string(l), func(t *testing.T) {
				t.Parallel()
				path, got := filepath.Join("testdata", name+"."+string(l)+".html"), render(t, page)
				if *update {
					if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("run the test with -update where this is meant:\n%s", diff)
				}
			})
		}
	}
}

func TestNothingForeignBecomesMarkup(t *testing.T) {
	t.Parallel()
	for name, page := range fixPages(sellerdesk.English) {
		// What stands in a field is to be edited, as it is.
		html := regexp.MustCompile(` value="[^"]*"`).ReplaceAllString(render(t, page), "")
		for _, bad := range []string{"<script>", "\u202E", " style=", " onclick="} {
			if strings.Contains(html, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}

func TestTheMenuShowsOnlyWhatMayBeOpened(t *testing.T) {
	t.Parallel()
	operator := sellerdesk.Access{User: 2, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{1: sellerdesk.RightsOf(sellerdesk.RightSee, sellerdesk.RightWork)}}
	auditor := sellerdesk.Access{User: 2, Accounts: map[sellerdesk.AccountID]sellerdesk.Rights{1: sellerdesk.RightsOf(sellerdesk.RightAudit, sellerdesk.RightPeople)}}
	for name, c := range map[string]struct {
		access sellerdesk.Access
		want   []string
	}{
		"the owner opens all":                           {sellerdesk.FullAccess(1), []string{ownPath, "/settings/keyboard", "/settings/templates", "/settings/tags", "/settings/views", "/settings/teams", peoplePath, rolesPath, keysPath, hooksPath, "/jobs", auditPath, statusPath}},
		"an operator opens his own and the status":      {operator, []string{ownPath, "/settings/keyboard", "/settings/templates", "/settings/tags", "/settings/views", "/settings/teams", statusPath}},
		"a right of the house counts in the house only": {auditor, []string{ownPath, "/settings/keyboard", auditPath}},
		"whoever may nothing still has an account":      {sellerdesk.Access{User: 3}, []string{ownPath, "/settings/keyboard"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range links(fixView(sellerdesk.English, ownPath, c.access)) {
				got = append(got, l.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
