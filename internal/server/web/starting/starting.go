package starting

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
)

// Source is a way to write to people, of an account that may start chats.
type Source struct {
	sellerdesk.Source
	Account sellerdesk.Account
	Why     sellerdesk.Why // it cannot be used now
}

// Value names a source in the form.
func (s Source) Value() string {
	return strconv.FormatInt(int64(s.Account.ID), 10) + "/" + string(s.ID)
}

// Takes is how a source names people, for the browser: "phone username".
func (s Source) Takes() string {
	parts := make([]string, len(s.By))
	for i, by := range s.By {
		parts[i] = string(by)
	}
	return strings.Join(parts, " ")
}

// Usable tells whether a person can be written to through a source now.
func (s Source) Usable() bool { return s.Why == sellerdesk.Why{} && len(s.By) > 0 }

// Offer is what can be started.
type Offer struct {
	Sources []Source             // to people
	Options []sellerdesk.Option  // about what, each once
	About   []sellerdesk.Account // accounts that start chats about something
}

// Offered gathers what accounts can start.
func Offered(accounts []sellerdesk.Account) Offer {
	var out Offer
	for _, a := range accounts {
		can, ok := sellerdesk.Starting(a)
		if !ok {
			continue
		}
		for _, s := range a.Identity.Sources {
			out.Sources = append(out.Sources, Source{Source: s, Account: a, Why: sellerdesk.Why{Code: can.ReasonCode, Text: can.Reason}})
		}
		about := len(can.Options) == 0
		for _, o := range can.Options {
			if kind := sellerdesk.ChatSubject(o.Value); kind == sellerdesk.ChatWithPhone || kind == sellerdesk.ChatWithUsername {
				continue
			}
			about = true
			if !slices.ContainsFunc(out.Options, func(known sellerdesk.Option) bool { return known.Value == o.Value }) {
				out.Options = append(out.Options, o)
			}
		}
		if about {
			out.About = append(out.About, a)
		}
	}
	return out
}

// First is the source that a form starts with: the first that can be used, of
// the account where one is named.
func (o Offer) First(account sellerdesk.AccountID) string {
	for _, s := range o.Sources {
		if s.Usable() && (account == 0 || s.Account.ID == account) {
			return s.Value()
		}
	}
	return ""
}

// Of tells whether an account has sources.
func (o Offer) Of(account sellerdesk.AccountID) bool {
	return slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Account.ID == account })
}

// Input reads the form: an order or a return of an account, or a person by what
// the chosen source takes.
func Input(q url.Values) desk.StartInput {
	if q.Get("to") != "person" {
		in := desk.StartInput{Account: number[sellerdesk.AccountID](q.Get("account"))}
		if q.Get("about") == string(sellerdesk.ChatAboutReturn) {
			in.Return = q.Get("number")
		} else {
			in.Order = q.Get("number")
		}
		return in
	}
	account, source, _ := strings.Cut(q.Get("way"), "/")
	in := desk.StartInput{
		Account: number[sellerdesk.AccountID](account), Source: sellerdesk.RemoteID(source), Contact: number[sellerdesk.ContactID](q.Get("contact")),
	}
	if q.Get("by") == string(sellerdesk.ChatWithUsername) {
		in.Username = q.Get("username")
	} else {
		in.Phone = q.Get("phone")
	}
	return in
}

// number reads an id of ours; what is none is 0, which nothing has.
func number[T ~int64](s string) T {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return T(n)
}
