package settings

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk"
)

// statusPages are the pages of how everything fares.
type statusPages struct{ *pages }

func (p statusPages) mount() { p.Person("GET "+statusPath, p.show) }

// show tells how the house and the cabinets fare that the person may see.
func (p statusPages) show(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if !sellerdesk.AccessOf(r.Context()).MaySomewhere(sellerdesk.RightSee) {
		return sellerdesk.Allow(r.Context(), sellerdesk.RightSee, 0)
	}
	look := p.Server.Deps().Status
	if look == nil {
		return sellerdesk.Errorf(sellerdesk.CodeUnavailable, "Nobody looks after the health of this house.")
	}
	findings, err := look(r.Context())
	if err != nil {
		return err
	}
	accounts, err := p.accounts(r.Context())
	if err != nil {
		return err
	}
	v, s := p.view(r, user, statusPath), newStatus(findings, accounts)
	s.Titles = p.titles()
	if isPart(r) {
		return p.Part(w, r, http.StatusOK, statusParts(v, s))
	}
	return p.Show(w, r, user, http.StatusOK, v.Pages.Health, statusPage(v, s))
}

// statusView is how the house and each cabinet fare.
type statusView struct {
	House    []sellerdesk.Finding
	Accounts []accountStatus
	Titles   map[sellerdesk.ChannelKind]string
}

// accountStatus is how a cabinet fares.
type accountStatus struct {
	sellerdesk.Account
	Findings []sellerdesk.Finding
}

// troubles are the findings that say more than that all is well.
func (a accountStatus) troubles() []sellerdesk.Finding {
	return slices.DeleteFunc(slices.Clone(a.Findings), func(f sellerdesk.Finding) bool { return f.Cause == sellerdesk.CauseFine })
}

// newStatus sorts findings to the cabinets they are about, the worst first. A
// finding about a cabinet that is not seen is left out.
func newStatus(findings []sellerdesk.Finding, accounts []sellerdesk.Account) statusView {
	s := statusView{}
	for _, a := range accounts {
		s.Accounts = append(s.Accounts, accountStatus{Account: a})
	}
	for _, f := range findings {
		if f.Account == nil {
			s.House = append(s.House, f)
			continue
		}
		for i := range s.Accounts {
			if s.Accounts[i].ID == *f.Account {
				s.Accounts[i].Findings = append(s.Accounts[i].Findings, f)
			}
		}
	}
	worstFirst(s.House)
	for _, a := range s.Accounts {
		worstFirst(a.Findings)
	}
	slices.SortStableFunc(s.Accounts, func(a, b accountStatus) int {
		return cmp.Compare(gravity(sellerdesk.WorstOf(a.Findings)), gravity(sellerdesk.WorstOf(b.Findings)))
	})
	return s
}

// gravity orders states, the worst first.
func gravity(s sellerdesk.FindingState) int {
	switch s {
	case sellerdesk.FindingFail:
		return 0
	case sellerdesk.FindingWarn:
		return 1
	default:
		return 2
	}
}

func worstFirst(list []sellerdesk.Finding) {
	slices.SortStableFunc(list, func(a, b sellerdesk.Finding) int { return cmp.Compare(gravity(a.State), gravity(b.State)) })
}

// summary says in a few words how many of some findings are not well.
func summary(v *View, list []sellerdesk.Finding) string {
	fail, warn := 0, 0
	for _, f := range list {
		switch f.State {
		case sellerdesk.FindingFail:
			fail++
		case sellerdesk.FindingWarn:
			warn++
		}
	}
	if fail+warn == 0 {
		return v.Health.Fine
	}
	return v.Health.Counts(fail, warn)
}

func findingIcon(s sellerdesk.FindingState) string {
	switch s {
	case sellerdesk.FindingFail:
		return "circle-x"
	case sellerdesk.FindingWarn:
		return "triangle-alert"
	default:
		return "check"
	}
}

func findingTone(s sellerdesk.FindingState) string {
	switch s {
	case sellerdesk.FindingFail:
		return "state-broken"
	case sellerdesk.FindingWarn:
		return "state-soon"
	default:
		return "state-ok"
	}
}

func (s statusView) title(a sellerdesk.Account) string {
	return orElse(s.Titles[a.Channel], string(a.Channel))
}
