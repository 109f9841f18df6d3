package settings

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/audit"
)

// auditPages are the pages of who did what.
type auditPages struct{ *pages }

func (p auditPages) mount() { p.Person("GET "+auditPath, p.show) }

// auditView is a page of who did what.
type auditView struct {
	Entries  []sellerdesk.AuditEntry
	Next     string // address of the next page, "" at the end
	Form     form
	People   map[sellerdesk.UserID]string
	Accounts []sellerdesk.Account
}

// auditKinds are the kinds in the order in which a person looks for them.
func auditKinds() []sellerdesk.AuditKind {
	return []sellerdesk.AuditKind{
		sellerdesk.AuditTextSent, sellerdesk.AuditBulkStarted, sellerdesk.AuditExported,
		sellerdesk.AuditSignedIn, sellerdesk.AuditSignInRefused, sellerdesk.AuditSignedOut, sellerdesk.AuditRecoveryUsed, sellerdesk.AuditSessionRevoked,
		sellerdesk.AuditPersonInvited, sellerdesk.AuditPersonChanged, sellerdesk.AuditPersonRemoved, sellerdesk.AuditPasswordChanged,
		sellerdesk.AuditFactorAdded, sellerdesk.AuditFactorRemoved, sellerdesk.AuditRoleChanged, sellerdesk.AuditRoleRemoved,
		sellerdesk.AuditKeyCreated, sellerdesk.AuditKeyRevoked, sellerdesk.AuditAccountAdded, sellerdesk.AuditAccountChanged, sellerdesk.AuditAccountRemoved,
		sellerdesk.AuditWebhookChanged, sellerdesk.AuditWebhookRemoved, sellerdesk.AuditSecretsRotated, sellerdesk.AuditSettingChanged,
	}
}

// show lists what was done, newest first.
func (p auditPages) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if !sellerdesk.AccessOf(r.Context()).MaySomewhere(sellerdesk.RightAudit) {
		return sellerdesk.Allow(r.Context(), sellerdesk.RightAudit, 0)
	}
	v := p.view(r, user, auditPath)
	q, values := auditQuery(r.URL.Query(), v.Zone)
	page := auditView{Form: form{Name: "filter", Values: values}}
	var next string
	err := p.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if page.Entries, next, err = tx.Audit.List(r.Context(), q); err != nil {
			return err
		}
		asked := q.User
		if !sellerdesk.AccessOf(r.Context()).May(sellerdesk.RightPeople) {
			asked = 0 // nobody is named to whoever guesses numbers
		}
		page.People, err = tx.Users.Names(r.Context(), page.authors(asked))
		return err
	})
	if err != nil {
		return err
	}
	if page.Accounts, err = p.named(r.Context()); err != nil {
		return err
	}
	if next != "" {
		values.Set("cursor", next)
		page.Next = auditPath + "?" + values.Encode()
	}
	return p.Show(w, r, user, http.StatusOK, v.Pages.Audit, auditPage(v, page))
}

// authors are the people behind the entries, and the one who was asked for.
func (a auditView) authors(asked sellerdesk.UserID) (list []sellerdesk.UserID) {
	if asked != 0 {
		list = append(list, asked)
	}
	for _, e := range a.Entries {
		if e.User != nil && !slices.Contains(list, *e.User) {
			list = append(list, *e.User)
		}
	}
	return list
}

// auditQuery reads the filter from the address; what is not understood is as if
// it were absent.
func auditQuery(in url.Values, zone *time.Location) (q audit.Query, kept url.Values) {
	kept = url.Values{}
	q.Cursor = in.Get("cursor")
	if k := sellerdesk.AuditKind(in.Get("kind")); slices.Contains(auditKinds(), k) {
		q.Kinds = []sellerdesk.AuditKind{k}
		kept.Set("kind", string(k))
	}
	if n, err := strconv.ParseInt(in.Get("user"), 10, 64); err == nil && n > 0 {
		q.User = sellerdesk.UserID(n)
		kept.Set("user", id(n))
	}
	if n, err := strconv.ParseInt(in.Get("account"), 10, 64); err == nil && n > 0 {
		q.Account = sellerdesk.AccountID(n)
		kept.Set("account", id(n))
	}
	if day, err := time.ParseInLocation(time.DateOnly, in.Get("from"), zone); err == nil {
		at := sellerdesk.At(day)
		q.From = &at
		kept.Set("from", in.Get("from"))
	}
	if day, err := time.ParseInLocation(time.DateOnly, in.Get("to"), zone); err == nil {
		at := sellerdesk.At(day.AddDate(0, 0, 1).Add(-time.Millisecond))
		q.To = &at
		kept.Set("to", in.Get("to"))
	}
	return q, kept
}

// filtered tells whether anything is filtered.
func (a auditView) filtered() bool { return len(a.Form.Values) > 0 }

// who names the one behind an entry.
func (a auditView) who(v *View, e sellerdesk.AuditEntry) string {
	switch {
	case e.User == nil && e.Kind == sellerdesk.AuditSignInRefused:
		return v.Audit.Nobody
	case e.User == nil:
		return v.Product // the program itself
	}
	name := orElse(prose.Line(a.People[*e.User]), v.Team.Owner)
	if e.Key != nil {
		name += " · " + v.Audit.Program
	}
	return name
}

func (a auditView) account(e sellerdesk.AuditEntry) string {
	if e.Account == nil {
		return ""
	}
	return accountWords(a.Accounts, []sellerdesk.AccountID{*e.Account})
}

func (a auditView) kindOptions(v *View) []option {
	out := []option{{Label: v.Audit.AnyKind}}
	for _, k := range auditKinds() {
		out = append(out, option{Value: string(k), Label: v.Audit.Kinds[k]})
	}
	return out
}

func (a auditView) personOptions(v *View) []option {
	out := make([]option, 0, len(a.People))
	for n, name := range a.People {
		out = append(out, option{Value: id(n), Label: orElse(prose.Clip(prose.Line(name), 60), v.Team.Owner)})
	}
	slices.SortFunc(out, func(x, y option) int { return strings.Compare(x.Label+" "+x.Value, y.Label+" "+y.Value) })
	return append([]option{{Label: v.Audit.Anyone}}, out...)
}

func (a auditView) accountOptions(v *View) []option {
	return append([]option{{Label: v.Audit.Anywhere}}, accountOptions(a.Accounts)...)
}

// kindName names a kind; one that is not known is named by its word.
func kindName(v *View, k sellerdesk.AuditKind) string { return orElse(v.Audit.Kinds[k], string(k)) }

// quoted finds what the sentence of an entry names.
var quoted = regexp.MustCompile(`["“]([^"“”]+)["”]`)

// about says what an entry is about. Sentences of entries are English: other
// languages have the name of the kind, and take from the sentence what it names.
func about(v *View, e sellerdesk.AuditEntry) string {
	if v.Language == sellerdesk.English {
		return prose.Line(e.Text)
	}
	var words []string
	for _, found := range quoted.FindAllStringSubmatch(e.Text, 5) {
		words = append(words, "«"+prose.Line(found[1])+"»")
	}
	var data struct {
		Name string `json:"name"`
	}
	if len(words) == 0 && json.Unmarshal(e.Data, &data) == nil && data.Name != "" {
		return "«" + prose.Line(data.Name) + "»"
	}
	return strings.Join(words, ", ")
}

// sent is what an entry tells of a text that left.
func sent(e sellerdesk.AuditEntry) (s sellerdesk.SentText, ok bool) {
	ok = e.Kind == sellerdesk.AuditTextSent && json.Unmarshal(e.Data, &s) == nil
	return s, ok
}

// auditIcon is the picture of a kind, by what it is about.
func auditIcon(k sellerdesk.AuditKind) string {
	noun, _, _ := strings.Cut(string(k), ".")
	switch {
	case k == sellerdesk.AuditSignInRefused:
		return "ban"
	case noun == "text":
		return "send-horizontal"
	case noun == "person", noun == "session":
		return "user"
	case noun == "role":
		return "users"
	case noun == "key", noun == "secrets":
		return "key-round"
	case noun == "account":
		return "store"
	case noun == "webhook":
		return "link"
	case noun == "data":
		return "download"
	case noun == "bulk":
		return "list"
	default:
		return "settings"
	}
}
