package desk

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/desk/exporting"
	"github.com/sellerdesk/sellerdesk/internal/desk/handling"
	"github.com/sellerdesk/sellerdesk/internal/desk/labelling"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/desk/people"
	"github.com/sellerdesk/sellerdesk/internal/desk/sealing"
	"github.com/sellerdesk/sellerdesk/internal/desk/talking"
	"github.com/sellerdesk/sellerdesk/internal/desk/telling"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/reach"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Deps is what the verbs stand on. Store, Roster and Media are needed, the
// rest has a zero value that works.
type Deps struct {
	Store   *store.Store
	Roster  *channel.Roster // filled by Accounts.OpenAll and kept in step
	Drivers []channel.Driver
	Media   *media.Dir
	Clock   sellerdesk.Clock
	Log     *slog.Logger // nil: nothing is logged
	// HTTPClient is handed to the connectors; nil means their own.
	HTTPClient *http.Client
	// Watch gives the HTTP client of each connector in place of HTTPClient, which it
	// gets, so that its calls are heard of. Nil: nobody watches.
	Watch func(sellerdesk.ChannelKind, *http.Client) *http.Client
	// Keys keeps the keys that seal; without it they cannot be changed.
	Keys sealing.KeyFile
	// Look asks the reading of an account to read again what happened since a
	// moment. It returns at once. Nil: nobody reads, and checking is refused.
	Look func(account sellerdesk.AccountID, since time.Time)
	// Reach judges the addresses of webhooks; the zero value lets them go to the
	// internet only.
	Reach reach.Guard
	// PasswordCost is how hard a password is to guess; the zero value is what a
	// house needs.
	PasswordCost PasswordCost
}

// Desk groups the verbs by what they act on.
type Desk struct {
	Conversations *Conversations
	Messages      *Messages
	Accounts      *Accounts
	Files         *Files
	Contacts      *Contacts
	Webhooks      *Webhooks
	Users         *Users
	Roles         *Roles
	Keys          *Keys
	Sessions      *Sessions
	Secrets       *sealing.Secrets
	Exports       *exporting.Exports
	Search        *finding.Search
	Jobs          *Jobs
	Library       *library.Library
	Tags          *labelling.Tags
	Fields        *labelling.Fields
	Views         *labelling.Views
	Notes         *talking.Notes
	Tasks         *talking.Tasks
	Notifications *talking.Notifications
	Drafts        *talking.Drafts
	Handling      *handling.Handling
	Teams         *handling.Teams
}

// New makes the verbs.
func New(d Deps) *Desk {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	w, l := newWindows(d), newListings(d)
	m, a := &Messages{deps: d, windows: w}, &Accounts{deps: d, listings: l}
	channels := make([]sellerdesk.ChannelKind, len(d.Drivers))
	for i, driver := range d.Drivers {
		channels[i] = driver.Kind
	}
	users, roles, keys, sessions := people.New(people.Deps{Store: d.Store, Clock: d.Clock, Log: d.Log, Channels: channels, Cost: d.PasswordCost})
	labels := labelling.Deps{Store: d.Store}
	talk := talking.New(talking.Deps{Store: d.Store, Clock: d.Clock, Access: users.Access})
	handle, teams := handling.New(handling.Deps{Store: d.Store, Clock: d.Clock, Access: users.Access, AccessIn: accessIn})
	return &Desk{
		Conversations: &Conversations{deps: d, messages: m, windows: w, listings: l, talk: talk, handling: handle},
		Messages:      m,
		Secrets:       sealing.New(d.Store, d.Keys, d.Clock),
		Accounts:      a,
		Files:         &Files{deps: d},
		Contacts:      &Contacts{deps: d},
		Webhooks:      telling.NewWebhooks(telling.Deps{Store: d.Store, Clock: d.Clock, Reach: d.Reach}),
		Exports:       exporting.New(d.Store),
		Search:        finding.New(finding.Deps{Store: d.Store, Clock: d.Clock, Log: d.Log}),
		Jobs:          &Jobs{deps: d, users: users, handling: handle},
		Users:         users,
		Roles:         roles,
		Keys:          keys,
		Sessions:      sessions,
		Library:       library.New(library.Deps{Store: d.Store, Clock: d.Clock}),
		Tags:          labelling.NewTags(labels), Fields: labelling.NewFields(labels), Views: labelling.NewViews(labels),
		Handling: handle,
		Teams:    teams,
		Notes:    talk.Notes, Tasks: talk.Tasks, Notifications: talk.Notifications, Drafts: talk.Drafts,
	}
}
