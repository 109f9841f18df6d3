package web

import "github.com/sellerdesk/sellerdesk"

// rights are what a person may see and do, as the screens ask for it.
type rights struct{ may sellerdesk.Access }

// works tells whether the person may answer and act in an account.
func (v rights) works(id sellerdesk.AccountID) bool { return v.may.MayIn(sellerdesk.RightWork, id) }

// worksAnywhere tells whether the person may answer in any account at all.
func (v rights) worksAnywhere() bool { return v.may.MaySomewhere(sellerdesk.RightWork) }

// adds tells whether the person may add accounts.
func (v rights) adds() bool { return v.may.May(sellerdesk.RightAccounts) }

// manages tells whether the person may change an account and see what opens it.
func (v rights) manages(id sellerdesk.AccountID) bool {
	return v.may.MayIn(sellerdesk.RightAccounts, id)
}

// removes tells whether the person may remove an account.
func (v rights) removes(id sellerdesk.AccountID) bool {
	return v.may.MayIn(sellerdesk.RightDelete, id)
}

// startsIn tells whether the person may write first in an account.
func (v rights) startsIn(a sellerdesk.Account) bool { return starts(a) && v.works(a.ID) }

// narrow leaves nothing to be done with the messages where the person only sees.
func (v rights) narrow(t *threadView) {
	for i := range t.Messages {
		if !v.works(t.Conversation.Account) {
			t.Messages[i].Can = nil
		}
	}
}
