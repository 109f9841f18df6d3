package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// colleague signs somebody in who has one role in the cabinet of a house.
func colleague(tb testing.TB, h *servertest.House, role sellerdesk.RoleName) *visitor {
	tb.Helper()
	invited, err := h.Desk.Users.Invite(tb.Context(), desk.InviteInput{Name: "Ivan", Language: sellerdesk.English, Grants: []sellerdesk.Grant{{Role: role, Account: &h.Account.ID}}})
	if err != nil {
		tb.Fatal(err)
	}
	v := visit(tb, h)
	v.get("/link/"+invited.Token, "Accept-Language", "en").has(tb, http.StatusOK, "Welcome to Sellerdesk", `value="Ivan"`)
	v.do(http.MethodPost, "/link/"+invited.Token, url.Values{"login": {"ivan"}, "name": {"Ivan"}, "password": {"correct horse"}, "language": {"en"}}).has(tb, http.StatusOK, "Inbox")
	return v
}

func TestWhoMayOnlyReadIsToldWhyAndOfferedNothing(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	owner(t, h)
	c := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	v := colleague(t, h, sellerdesk.RoleReadOnly)
	a := v.get(fmt.Sprintf("/conversations/%d", c.ID))
	a.has(t, http.StatusOK, "Where is my cup?", "You may read here, not answer.")
	a.lacks(t, "/accounts/new", `data-act="close"`, `href="/start"`)
	v.post(fmt.Sprintf("/ui/conversations/%d/messages", c.ID), url.Values{"text": {"Tomorrow."}, "key": {"k1"}}).has(t, http.StatusForbidden)
	v.post(action(c, "close"), nil).has(t, http.StatusForbidden)
	a = v.get("/accounts/" + fmt.Sprint(h.Account.ID))
	a.has(t, http.StatusOK, "Shop", "Manage accounts")
	a.lacks(t, "/credentials", "/pause", "/remove", "/in/")
	a = v.get("/people")
	a.has(t, http.StatusOK, "Anna")
	for path, right := range map[string]string{
		"/settings/people": "People and roles", "/settings/people/new": "People and roles", "/settings/roles": "People and roles", "/settings/keys": "Keys of others",
		"/settings/webhooks": "Webhooks", "/settings/webhooks/new": "Webhooks", "/settings/audit": "Read the audit", "/accounts/new": "Manage accounts",
	} {
		v.get(path).has(t, http.StatusForbidden, fmt.Sprintf("You lack the right “%s”. The owner can give it.", right))
	}
}

func TestAnOperatorAnswersAndSeesNothingThatOpensACabinet(t *testing.T) {
	t.Parallel()
	h := house(t, nil)
	owner(t, h)
	c := h.Chat(t, "Anna", minutes(10), "Where is my cup?")
	v := colleague(t, h, sellerdesk.RoleOperator)
	v.post(fmt.Sprintf("/ui/conversations/%d/messages", c.ID), url.Values{"text": {"Tomorrow."}, "key": {"k1"}}).has(t, http.StatusOK, "Tomorrow.", "Queued")
	v.get(fmt.Sprintf("/conversations/%d", c.ID)).has(t, http.StatusOK, "Take back")
	a := v.get("/accounts/" + fmt.Sprint(h.Account.ID))
	a.has(t, http.StatusOK, "Shop")
	a.lacks(t, "/credentials", "/pause", "/remove", "/in/", `id="push-address"`)
	v.do(http.MethodPost, fmt.Sprintf("/accounts/%d/pause", h.Account.ID), url.Values{}).has(t, http.StatusForbidden)
}
