package store

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/accounts"
	"github.com/sellerdesk/sellerdesk/internal/store/audit"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
	"github.com/sellerdesk/sellerdesk/internal/store/files"
	"github.com/sellerdesk/sellerdesk/internal/store/held"
	"github.com/sellerdesk/sellerdesk/internal/store/journal"
	"github.com/sellerdesk/sellerdesk/internal/store/labels"
	"github.com/sellerdesk/sellerdesk/internal/store/library"
	"github.com/sellerdesk/sellerdesk/internal/store/listing"
	"github.com/sellerdesk/sellerdesk/internal/store/messages"
	"github.com/sellerdesk/sellerdesk/internal/store/notes"
	"github.com/sellerdesk/sellerdesk/internal/store/people"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
	"github.com/sellerdesk/sellerdesk/internal/store/sending"
	"github.com/sellerdesk/sellerdesk/internal/store/teams"
)

// The words of the packages below, for those who call through a [Tx].
type (
	// NewAccount is a cabinet to be kept.
	NewAccount = accounts.New
	// Door is where the pushes of an account arrive.
	Door = accounts.Door
	// NewFile is an uploaded file that is not attached to a message yet.
	NewFile = files.New
	// FileOrigin tells where a file belongs. Ids are zero for an uploaded file that
	// is not attached yet.
	FileOrigin = files.Origin
	// WantedFile is a file to be fetched.
	WantedFile = files.Wanted
	// FileFacts are what is known of the fetched bytes.
	FileFacts = files.Facts
	// FilePlaying is what is known of a recording or a film before it is played.
	FilePlaying = files.Playing
	// LabelChange is what is put on a conversation or person and taken off.
	LabelChange = labels.Change
	// ConversationQuery asks for a page of the list. Empty lists and nil mean "any".
	ConversationQuery = listing.Query
	// Held is what we say of a conversation, TeamNames what people and teams are called.
	Held      = held.Held
	TeamNames = teams.Names
	// MessageQuery asks for messages of many conversations.
	MessageQuery = messages.Query
	// FieldMatch is a field that holds one of some values, as they are compared.
	FieldMatch = listing.FieldMatch
	// Sort is an order of the list.
	Sort = listing.Sort
	// Preferences change how a person sees things; nil leaves a field as is.
	Preferences = people.Preferences
	// NewSession is a browser that signs in.
	NewSession = people.NewSession
	// LiveSession is a session that works.
	LiveSession = people.Live
	// Use is when and from where a session was used last.
	Use = people.Use
	// Stored is an answer that was given to a write.
	Stored = people.Stored
	// ContactQuery asks for a page of people: those who wait for us first, then by
	// the newest word.
	ContactQuery = contacts.Query
	// ExportPlace is where the export of a contact goes on.
	ExportPlace = contacts.Place
	// AuditQuery asks for a page of what was done, newest first.
	AuditQuery = audit.Query
	// Deed is what somebody did, for the audit.
	Deed = audit.Deed
	// EventQuery asks for events. Empty lists and 0 mean "any".
	EventQuery = journal.Query
	// NewItem is an action to be sent.
	NewItem = sending.New
	// Settlement is the outcome of an attempt.
	Settlement = sending.Settlement
	// Opening is a conversation to be started.
	Opening = sending.Opening
	item    = sending.Item
	// Place is a conversation with its cabinet, Notice what a person is to be told of.
	Place             = notes.Place
	Notice            = notes.Notice
	NotificationQuery = notes.Query
	NotePage          = notes.Page
	// SearchQuery asks for a page of messages by words.
	SearchQuery = search.Query
	// SearchRow is what was found, with what narrows and counts.
	SearchRow = search.Row
	// SearchPage is what was found at once.
	SearchPage = search.Page
)

// The orders of the list.
const (
	SortUpdated = listing.SortUpdated // newest last message first
	SortWaiting = listing.SortWaiting // nearest deadline first; those without one after them, newest first
)

// TemplateKey is a folder and a name as they are compared: no two templates of one
// owner have the same.
func TemplateKey(folder, name string) string { return library.Folded(folder, name) }

// SameTemplate tells whether two templates say the same in the same place.
func SameTemplate(a, b sellerdesk.Template) bool { return library.Same(a, b) }

// MostGrants bounds the grants of one person.
const MostGrants = people.MostGrants
