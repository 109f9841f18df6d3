package settings

import (
	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
)

// The addresses of the pages in the menu.
const (
	ownPath    = "/settings"
	boardPath  = "/settings/keyboard"  // of another package
	textsPath  = "/settings/templates" // of another package
	tagsPath   = "/settings/tags"      // of another package
	viewsPath  = "/settings/views"     // of another package
	teamsPath  = "/settings/teams"     // of another package
	peoplePath = "/settings/people"
	rolesPath  = "/settings/roles"
	keysPath   = "/settings/keys"
	hooksPath  = "/settings/webhooks"
	auditPath  = "/settings/audit"
	statusPath = "/settings/status"
	jobsPath   = "/jobs" // of another package
)

// link leads to a page.
type link struct{ Path, Name, Icon string }

// links are the pages that the person may open.
func links(v *View) []link {
	all := []struct {
		link
		open bool
	}{
		{link{ownPath, v.Pages.Own, "user"}, true},
		{link{boardPath, v.Commanding.Title, "keyboard"}, true},
		{link{textsPath, v.Library.Title, "file-text"}, v.Access.MaySomewhere(sellerdesk.RightSee)},
		{link{tagsPath, v.Labelling.TagsTitle, "tag"}, v.Access.MaySomewhere(sellerdesk.RightSee)},
		{link{viewsPath, v.Labelling.ViewsTitle, "list"}, v.Access.MaySomewhere(sellerdesk.RightSee)},
		{link{teamsPath, v.Handling.Teams, "users"}, v.Access.MaySomewhere(sellerdesk.RightSee)},
		{link{peoplePath, v.Pages.Team, "users"}, v.Access.May(sellerdesk.RightPeople)},
		{link{rolesPath, v.Pages.Roles, "list"}, v.Access.May(sellerdesk.RightPeople)},
		{link{keysPath, v.Pages.Keys, "key-round"}, v.Access.May(sellerdesk.RightKeys)},
		{link{hooksPath, v.Pages.Hooks, "send-horizontal"}, v.Access.May(sellerdesk.RightWebhooks)},
		{link{jobsPath, v.Bulking.Jobs, "list-checks"}, v.Access.MaySomewhere(sellerdesk.RightBulk)},
		{link{auditPath, v.Pages.Audit, "eye"}, v.Access.MaySomewhere(sellerdesk.RightAudit)},
		{link{statusPath, v.Pages.Health, "circle-check-big"}, v.Access.MaySomewhere(sellerdesk.RightSee)},
	}
	var out []link
	for _, l := range all {
		if l.open {
			out = append(out, l.link)
		}
	}
	return out
}

func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// describes ties a group of boxes to what is wrong with it.
func (f form) describes(name string) templ.Attributes {
	if !f.wrong(name) {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "error-" + f.Name + "-" + name}
}
