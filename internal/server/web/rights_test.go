package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// needed tells which right a route of the screens needs; "" is for those about
// whoever asks. One that is not listed is not known.
func needed(route string) (right sellerdesk.Right, known bool) {
	method, path, _ := strings.Cut(route, " ")
	for _, r := range []struct {
		prefix string
		right  sellerdesk.Right
	}{
		{"GET /accounts/new", sellerdesk.RightAccounts}, {"GET /accounts", sellerdesk.RightSee}, {"POST /accounts", sellerdesk.RightAccounts},
		{"GET /conversations/", sellerdesk.RightSee}, {"GET /people", sellerdesk.RightSee}, {"POST /people/", sellerdesk.RightWork},
		{"GET /jobs", sellerdesk.RightBulk}, {"GET /ui/jobs", sellerdesk.RightBulk}, {"POST /ui/jobs/", sellerdesk.RightBulk}, {"POST /ui/bulk", sellerdesk.RightBulk},
		{"GET /start", sellerdesk.RightWork}, {"POST /start", sellerdesk.RightWork},
		{"GET /ui/conversations/{id}/candidates", sellerdesk.RightWork}, {"GET /ui/", sellerdesk.RightSee},
		{"POST /ui/conversations/", sellerdesk.RightWork}, {"POST /ui/messages/", sellerdesk.RightWork},
		{"GET /settings/people", sellerdesk.RightPeople}, {"POST /settings/people", sellerdesk.RightPeople},
		{"GET /settings/roles", sellerdesk.RightPeople}, {"POST /settings/roles", sellerdesk.RightPeople},
		{"GET /settings/webhooks", sellerdesk.RightWebhooks}, {"POST /settings/webhooks", sellerdesk.RightWebhooks},
		{"GET /settings/keys", sellerdesk.RightKeys}, {"POST /settings/keys", sellerdesk.RightKeys},
		{"GET /settings/audit", sellerdesk.RightAudit}, {"GET /settings/status", sellerdesk.RightSee},
		{"GET /favicon.ico", ""},
		{"GET /search", sellerdesk.RightSee}, {"GET /views/", sellerdesk.RightSee},
		{"GET /notifications", ""}, {"POST /notifications/read", ""}, {"POST /ui/away", ""}, {"POST /ui/theme", ""},
		{"POST /ui/contacts/", sellerdesk.RightWork}, {"POST /ui/templates/preview", sellerdesk.RightSee},
		{"GET /first", ""}, {"POST /first/look", ""}, {"POST /first/", sellerdesk.RightSettings},
		{"GET /settings/keyboard", ""}, {"POST /settings/keyboard", ""},
		{"GET /settings/templates/export", sellerdesk.RightExport}, {"GET /settings/templates", sellerdesk.RightSee}, {"POST /settings/templates", sellerdesk.RightWork},
		{"GET /settings/tags", sellerdesk.RightSee}, {"POST /settings/tags/{id}", sellerdesk.RightSettings}, {"POST /settings/tags", sellerdesk.RightWork}, {"POST /settings/fields", sellerdesk.RightSettings},
		{"GET /settings/views", sellerdesk.RightSee}, {"POST /settings/views", sellerdesk.RightWork},
		{"GET /settings/teams", sellerdesk.RightSee}, {"POST /settings/teams", sellerdesk.RightSettings},
	} {
		if strings.HasPrefix(method+" "+path, r.prefix) {
			return r.right, true
		}
	}
	own := path == "/settings" || strings.HasPrefix(path, "/settings/factor") || strings.HasPrefix(path, "/settings/own-keys") ||
		path == "/settings/password" || strings.HasPrefix(path, "/settings/sessions/")
	if own {
		return "", true
	}
	return sellerdesk.RightSee, method+" "+path == "GET /"
}

func TestEveryRouteOfTheScreensIsGuarded(t *testing.T) {
	t.Parallel()
	d := divide(t)
	person := func(role sellerdesk.RoleName) string {
		in := desk.InviteInput{Name: "Somebody"}
		if role != "" {
			in.Grants = []sellerdesk.Grant{{Role: role, Account: &d.home.ID}}
		}
		invited, err := d.Desk.Users.Invite(d.owner, in)
		d.must(err)
		k, err := d.Desk.Keys.Create(d.owner, desk.CreateKey{User: invited.User.ID, Name: "k", Rights: sellerdesk.AllRights()})
		d.must(err)
		return k.Text
	}
	roles := map[sellerdesk.RoleName]sellerdesk.Rights{"": 0}
	for _, r := range sellerdesk.BuiltInRoles() {
		roles[r.Name] = r.Rights
	}
	keys := map[sellerdesk.RoleName]string{
		sellerdesk.RoleOwner: servertest.Key, sellerdesk.RoleOperator: person(sellerdesk.RoleOperator),
		sellerdesk.RoleReadOnly: person(sellerdesk.RoleReadOnly), "": person(""),
	}
	seq := func() (last int64) {
		d.must(d.Store.Read(d.owner, func(tx *store.Tx) (err error) { last, err = tx.Events.Last(d.owner); return err }))
		return last
	}
	for _, route := range d.routes(http.MethodGet, http.MethodPost) {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/in/") || path == "/healthz" || path == "/readyz" || strings.HasPrefix(path, "/docs") {
			continue
		}
		right, known := needed(route)
		if !known {
			t.Errorf("which right %s needs is not said", route)
			continue
		}
		for role, key := range keys {
			d.key = key
			before := seq()
			status, body := d.ask(method, paths(path, d.mine)[0], requestOf(path))
			forbidden := status == http.StatusForbidden || status == http.StatusNotFound
			switch allowed := right == "" || roles[role].Has(right) && (!right.OfHouse() || role == sellerdesk.RoleOwner); {
			case status >= 500 && status != http.StatusServiceUnavailable:
				t.Errorf("%s by %q answers %d: %.300s", route, role, status, body)
			case allowed && status == http.StatusForbidden && right != "" && right != sellerdesk.RightAccounts:
				t.Errorf("%s is refused to %q: %.500s", route, role, body)
			case allowed:
			case method == http.MethodPost && (status < 400 || seq() != before):
				t.Errorf("%s by %q answers %d and may have changed something", route, role, status)
			case method == http.MethodGet && !forbidden && strings.Contains(body, "homely") && !roles[role].Has(sellerdesk.RightSee):
				t.Errorf("%s shows %q what it may not: %.500s", route, role, body)
			case method == http.MethodGet && right.OfHouse() && !forbidden:
				t.Errorf("%s by %q answers %d", route, role, status)
			}
		}
	}
}
