package texts

import (
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
)

// House is every word of the pages under settings in one language, and of what
// a person may not do. A test checks that no entry of any language is empty.
type House struct {
	Pages      Pages
	Own        Own
	Keyed      Keyed
	Team       Team
	Roster     Roster
	Hooks      Hooks
	Audit      Audit
	Health     Health
	Door       Door
	Denied     Denied
	Previewing Previewing
	Searching  Searching
	Commanding Commanding
	Welcoming  Welcoming
	Bulking    Bulking
	Talking    Talking
	Library    Library
	Labelling  Labelling
	Handling   Handling
}

// HouseOf is the table of a language; English for one that is not known.
func HouseOf(l sellerdesk.Language) *House {
	if l == sellerdesk.Russian {
		return RussianHouse()
	}
	return EnglishHouse()
}

// Lacking says in the language of the screen which right somebody lacks, where an
// error says so as [sellerdesk.Allow] does; "" for other errors.
func (h *House) Lacking(code sellerdesk.Code, words string) string {
	for _, r := range sellerdesk.EveryRight() {
		if code == sellerdesk.CodeForbidden && strings.HasPrefix(words, fmt.Sprintf("You lack the right %q.", r)) {
			return h.Denied.Lacks(h.Roster.Rightly[r])
		}
	}
	return ""
}

// Pages names the pages under settings.
type Pages struct {
	All, Own, Team, Roles, Keys, Hooks, Audit, Health string
}

// Own is what the page of one's own account says.
type Own struct {
	Profile                                                         string
	Password, PasswordNow, PasswordNew, PasswordSaved, PasswordNone string

	Factor, FactorOn, FactorOff, FactorHint, FactorNone, FactorStart      string
	FactorScan, FactorSecret, FactorCode, FactorCodeHint, FactorConfirm   string
	FactorStop, FactorStopHint, FactorStopped, FactorPicture, FactorByApp string
	Codes, CodesHint, CodesSave, CodesDone, FactorNext                    string
	CodesLeft                                                             func(n int) string

	Sessions, SessionsHint, ThisBrowser, End, EndOthers, Ended string
	Used, Since, SomeBrowser, SomeWhere                        string
	UserAgent                                                  func(browser, system string) string

	Keys, KeysHint string
}

// Keyed is what is said of keys for programs.
type Keyed struct {
	AllHint, None, NoneHint, New, Name, NameHint, Rights, RightsHint string
	Accounts, AllAccounts, AccountsHint, Expiry, Forever             string
	Limit, LimitHint, NoLimit, Make, Made, MadeHint, Copy            string
	Revoke, RevokeSure, Revoked, Expired, Used, Unused, Whose        string
	Works, State, Kept                                               string
	Days, PerMinute                                                  func(n int) string
	Until                                                            func(day string) string
}

// Team is what is said of the people who work here.
type Team struct {
	Hint, Invite, InviteTitle, InviteHint, InviteDo, NameHint                 string
	Invited, LinkHint, Once, NotYet, Disabled, Factor                         string
	Nothing, Owner, Everywhere, You                                           string
	Grants, GrantsHint, ForHouse, NoRole, OnChannel, InAccount                string
	AllOfChannel, OwnerHint, Saved                                            string
	NewLink, NewLinkHint, Disable, DisableHint, DisableSure                   string
	Enable, EnableHint, End, EndHint, Ended, Access, Sessions, Drop, DropHint string
	DisabledSince                                                             func(when string) string
	RoleIn                                                                    func(role, where string) string
}

// Roster is what is said of roles.
type Roster struct {
	Hint, New, NewHint, Name, NameHint, Title, Rights, Save, Remove string
	RemoveSure, BuiltIn, Has, Lacks, Right, Own, Change, Saved      string
	OfHouse                                                         string
	Names                                                           map[sellerdesk.RoleName]string
	Rightly, RightHints                                             map[sellerdesk.Right]string
}

// Hooks is what is said of webhooks.
type Hooks struct {
	Hint, None, NoneHint, New, Name, URL, URLHint, Kinds, KindsHint   string
	AllKinds, Accounts, AccountsHint, AllAccounts, Add, Save, Saved   string
	Secret, SecretHint, Pause, Resume, Rotate, RotateHint, RotateSure string
	Test, TestHint, Tested, Remove, RemoveSure, Waiting, Last, Never  string
	Failing, OldSecret, Settings, Whose, Standard                     string

	Log, NoLog, NoLogHint, Event, State, Tries, Answer, When, Took string
	Next, Request, Response, NoAnswer, Again, AgainHint, ID, Order string
	Choose, AgainChosen, Range, RangeHint, From, To, RangeDo, All  string
	Nothing, Delivery, Done, More, Cut                             string

	States         map[sellerdesk.WebhookState]string
	DeliveryStates map[sellerdesk.DeliveryState]string
	Events         map[sellerdesk.EventKind]string
	Nouns          map[string]string // of the kinds of events
	Redelivered    func(n int) string
	Took2          func(ms int64) string
}

// Audit is what is said of who did what.
type Audit struct {
	Hint, None, NoneHint, Kind, AnyKind, Who, Anyone, Account, Anywhere string
	From, To, Show, Clear, Nobody, Open, Template, Rule, Program        string
	What, When, Where, More, Text, RemoteID                             string
	Kinds                                                               map[sellerdesk.AuditKind]string
	Files                                                               func(n int) string
}

// Health is what the status page says beside the findings.
type Health struct {
	Hint, House, Fine, AllFine, Accounts string
	States                               map[sellerdesk.FindingState]string
	Counts                               func(fail, warn int) string
}

// Door is what is said where people come in.
type Door struct {
	Code, CodeHint, CodeLabel, CodeWrong, Again       string
	Welcome, WelcomeHint, WelcomeDo, Reset, ResetHint string
	ResetDo, TooLate, Recovery                        string
}

// Denied is what is said of what a person may not do.
type Denied struct {
	ReadOnly, Nothing, NothingHint, Accounts string
	Lacks                                    func(right string) string
}
