package sellerdesk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Right is one thing that a person or a key may do.
type Right string

// The rights of a cabinet: each can be given for the whole house, for a channel
// or for one account.
const (
	// RightSee shows conversations, messages, files, people, events and counters.
	// Without it a cabinet does not exist for who asks.
	RightSee Right = "see"
	// RightWork answers, acts, starts conversations and writes notes.
	RightWork Right = "work"
	// RightBulk does one thing to all conversations that match.
	RightBulk Right = "bulk"
	// RightExport takes more than a page of data away as a file.
	RightExport Right = "export"
	// RightDelete removes a cabinet with all it holds.
	RightDelete Right = "delete"
	// RightAccounts pauses cabinets, changes their name and their credentials;
	// given for the whole house it also adds cabinets.
	RightAccounts Right = "accounts"
	// RightAudit reads who did what.
	RightAudit Right = "audit"
)

// The rights of the house: they belong to no cabinet, so that they count only
// where they are given for the whole house.
const (
	RightPeople   Right = "people"   // invites people, gives roles, ends their sessions
	RightKeys     Right = "keys"     // makes and revokes keys of others; everybody makes keys for themselves
	RightWebhooks Right = "webhooks" // sends events elsewhere
	RightSettings Right = "settings" // changes the house: templates for all, sealing key, what is kept
)

// EveryRight lists all rights, in the order in which a person reads them.
func EveryRight() []Right {
	return []Right{
		RightSee, RightWork, RightBulk, RightExport, RightDelete, RightAccounts, RightAudit,
		RightPeople, RightKeys, RightWebhooks, RightSettings,
	}
}

// OfHouse tells whether the right belongs to no cabinet.
func (r Right) OfHouse() bool {
	switch r {
	case RightPeople, RightKeys, RightWebhooks, RightSettings:
		return true
	}
	return false
}

// Rights is a set of rights. The zero value is the empty set.
type Rights uint32

// RightsOf makes a set. A right that this version does not know is left out.
func RightsOf(rights ...Right) (set Rights) {
	for i, r := range EveryRight() {
		if slices.Contains(rights, r) {
			set |= 1 << i
		}
	}
	return set
}

// AllRights is the set of all rights.
func AllRights() Rights { return RightsOf(EveryRight()...) }

// Has tells whether the right is in the set.
func (s Rights) Has(r Right) bool {
	i := slices.Index(EveryRight(), r)
	return i >= 0 && s&(1<<i) != 0
}

// List gives the rights of the set in the order of [EveryRight].
func (s Rights) List() []Right {
	list := []Right{}
	for i, r := range EveryRight() {
		if s&(1<<i) != 0 {
			list = append(list, r)
		}
	}
	return list
}

// MarshalJSON writes the set as a list of names.
func (s Rights) MarshalJSON() ([]byte, error) { return json.Marshal(s.List()) }

// UnmarshalJSON reads a list of names; one that is not known is an error.
func (s *Rights) UnmarshalJSON(b []byte) error {
	var names []Right
	if err := json.Unmarshal(b, &names); err != nil {
		return fmt.Errorf("read a list of rights: %w", err)
	}
	for _, n := range names {
		if !slices.Contains(EveryRight(), n) {
			return Errorf(CodeInvalid, "There is no right %q; there are %s.", n, rightNames()).InField("rights")
		}
	}
	*s = RightsOf(names...)
	return nil
}

func rightNames() string {
	names := make([]string, 0, len(EveryRight()))
	for _, r := range EveryRight() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// RoleName names a role; letters, digits and hyphens.
type RoleName string

// The roles that every house has. They cannot be changed.
const (
	RoleOwner    RoleName = "owner"     // everything; there is always one
	RoleLead     RoleName = "lead"      // everything but people, keys of others, the house itself and deleting
	RoleOperator RoleName = "operator"  // sees and works
	RoleReadOnly RoleName = "read-only" // sees
)

// Role is a named set of rights.
type Role struct {
	Name    RoleName `json:"name"`
	Title   Optional `json:"title"` // as people call it; absent for those that every house has
	Rights  Rights   `json:"rights"`
	BuiltIn bool     `json:"built_in"` // every house has it; it cannot be changed
}

// BuiltInRoles lists the roles that every house has.
func BuiltInRoles() []Role {
	return []Role{
		{Name: RoleOwner, Rights: AllRights(), BuiltIn: true},
		{Name: RoleLead, Rights: RightsOf(RightSee, RightWork, RightBulk, RightExport, RightAccounts, RightAudit, RightWebhooks), BuiltIn: true},
		{Name: RoleOperator, Rights: RightsOf(RightSee, RightWork), BuiltIn: true},
		{Name: RoleReadOnly, Rights: RightsOf(RightSee), BuiltIn: true},
	}
}

// Grant gives a person a role: for one account, for all accounts of a channel
// (those to come too), or, with neither, for the whole house.
type Grant struct {
	Role    RoleName    `json:"role"`
	Account *AccountID  `json:"account"`
	Channel ChannelKind `json:"channel,omitempty"`
}

// Access is what whoever asks may see and do: the rights of a person, narrowed
// by those of the key where a program asks. The zero value may nothing. It is
// made once for each request and never changed.
type Access struct {
	User UserID
	// Key is the key that a program asks with; 0: a signed-in person, or the key
	// of the house.
	Key KeyID
	// Session is the session of the browser that asks; 0: none.
	Session SessionID
	// Address is where the request came from, for the audit; "" for workers.
	Address string
	// House are the rights for the whole house: in every account there is and
	// will be, and for what belongs to none.
	House Rights
	// Accounts are further rights in single accounts.
	Accounts map[AccountID]Rights
}

// FullAccess may everything, as the owner does.
func FullAccess(user UserID) Access { return Access{User: user, House: AllRights()} }

// May tells whether the right is held for the whole house.
func (a Access) May(r Right) bool { return a.House.Has(r) }

// MayIn tells whether the right is held in an account.
func (a Access) MayIn(r Right, id AccountID) bool {
	return a.House.Has(r) || !r.OfHouse() && a.Accounts[id].Has(r)
}

// MaySomewhere tells whether the right is held in any account at all.
func (a Access) MaySomewhere(r Right) bool {
	everywhere, ids := a.Scope(r)
	return everywhere || len(ids) > 0
}

// Scope gives the accounts in which the right is held: everywhere, or the ids
// in growing order (none: nowhere).
func (a Access) Scope(r Right) (everywhere bool, ids []AccountID) {
	if a.House.Has(r) {
		return true, nil
	}
	ids = []AccountID{}
	for _, id := range slices.Sorted(maps.Keys(a.Accounts)) {
		if a.MayIn(r, id) {
			ids = append(ids, id)
		}
	}
	return false, ids
}

// Narrowed gives what is left of the access under a key: its rights, and, where
// accounts are named, those accounts only. What belongs to the house stays only
// where none are named.
func (a Access) Narrowed(key KeyID, rights Rights, accounts []AccountID) Access {
	out := Access{User: a.User, Key: key, Address: a.Address, Accounts: map[AccountID]Rights{}}
	if len(accounts) == 0 {
		out.House = a.House & rights
		for id, r := range a.Accounts {
			out.Accounts[id] = r & rights
		}
		return out
	}
	for _, id := range accounts {
		out.Accounts[id] = (a.House | a.Accounts[id]) & rights
	}
	return out
}

// Where gives the access in those accounts only in which a right is held: what
// is read with it is what the right is about.
func (a Access) Where(r Right) Access {
	if a.House.Has(r) {
		return a
	}
	out := Access{User: a.User, Key: a.Key, Address: a.Address, Accounts: map[AccountID]Rights{}}
	for id := range a.Accounts {
		if a.MayIn(r, id) {
			out.Accounts[id] = a.House | a.Accounts[id]
		}
	}
	return out
}

// Sees tells whether an event may be told: those of an account where it may be
// seen, those of no account to everybody who sees anything. Kinds with rights
// of their own need them; a person whom no account knows is told of only to those
// who see the whole house, a job to whoever started it too, while they may see
// all accounts that it is about.
func (a Access) Sees(e Event) bool {
	if r := e.Kind.needs(); r != RightSee {
		return a.May(r)
	}
	if e.Kind == EventNotificationCreated && !a.addressed(e) {
		return false
	}
	switch {
	case a.May(RightSee):
		return true
	case e.Account != nil:
		return a.MayIn(RightSee, *e.Account)
	case e.Kind == EventContactUpdated:
		return false
	case e.Kind == EventJobChanged:
		var job JobEvent
		return json.Unmarshal(e.Data, &job) == nil && job.User != 0 && job.User == a.User && len(job.Accounts) > 0 &&
			!slices.ContainsFunc(job.Accounts, func(id AccountID) bool { return !a.MayIn(RightSee, id) })
	}
	return a.MaySomewhere(RightSee)
}

// addressed tells whether a notification is for whoever asks, which the program itself is
// told of too.
func (a Access) addressed(e Event) bool {
	var n NotificationEvent
	return a.User == 0 || json.Unmarshal(e.Data, &n) == nil && n.User == a.User
}

type accessKey struct{}

// WithAccess gives a context that speaks for whoever may do what access says.
// The store shows it nothing else, and verbs refuse the rest.
func WithAccess(ctx context.Context, access Access) context.Context {
	return context.WithValue(ctx, accessKey{}, access)
}

// AccessOf gives the access of a context. A context without one is that of the
// program itself, as its workers have, and may everything; the server gives one
// to every request, at least the zero value.
func AccessOf(ctx context.Context) Access {
	if a, ok := ctx.Value(accessKey{}).(Access); ok {
		return a
	}
	return FullAccess(0)
}

// Allow refuses with one sentence what the access of the context does not hold
// in an account; with account 0, what it does not hold for the whole house. An
// account that may not be seen is not there, whatever else is held in it.
func Allow(ctx context.Context, r Right, account AccountID) error {
	a := AccessOf(ctx)
	if account != 0 && !a.MayIn(RightSee, account) {
		return Errorf(CodeNotFound, "There is no such account.")
	}
	if account == 0 && a.May(r) || account != 0 && a.MayIn(r, account) {
		return nil
	}
	if a.Key != 0 {
		return Errorf(CodeForbidden, "This key lacks the right %q.", r)
	}
	return Errorf(CodeForbidden, "You lack the right %q. The owner can give it.", r)
}
