package sellerdesk

// Tag is a word that people put on conversations and buyers to find them again.
type Tag struct {
	ID   TagID  `json:"id"`
	Name string `json:"name"` // 1 to 40 characters, unlike that of any other tag but for case and ё
	// Color is one of twelve by number, 0 to 11: the screens have their own for light
	// and dark.
	Color int `json:"color"`
}

// UsedTag is a tag with how often it is used.
type UsedTag struct {
	Tag
	// Conversations counts those that carry it, where whoever asks sees them.
	Conversations int `json:"conversations"`
}

// TagColors is how many colours tags can have.
const TagColors = 12

// TagChange is what tags are put on something and taken off, each by its name, or
// by its number. A name that no tag has makes one when it is put on.
type TagChange struct {
	Add    []string `json:"add"`
	Remove []string `json:"remove"`
}

// FieldChange sets a field of a conversation or buyer, which is named by its name or
// by its number.
type FieldChange struct {
	Field string `json:"field"`
	Value string `json:"value"` // as the kind of the field has it; "" removes it
}

// FieldKind is what values a field takes.
type FieldKind string

// The kinds of fields.
const (
	FieldText   FieldKind = "text"   // up to 500 characters
	FieldNumber FieldKind = "number" // a decimal number, "." between whole and part
	FieldDate   FieldKind = "date"   // a day, as 2026-11-21
	FieldChoice FieldKind = "choice" // one of Options
	FieldYes    FieldKind = "yes"    // "yes" or nothing
)

// FieldKinds lists them.
func FieldKinds() []FieldKind {
	return []FieldKind{FieldText, FieldNumber, FieldDate, FieldChoice, FieldYes}
}

// FieldTarget is what a field is about.
type FieldTarget string

// The targets.
const (
	FieldOfConversation FieldTarget = "conversation"
	FieldOfContact      FieldTarget = "contact"
)

// Field is something the house keeps of conversations or buyers beside what the
// channels tell.
type Field struct {
	ID       FieldID     `json:"id"`
	Name     string      `json:"name"` // 1 to 60 characters, unlike that of any other field of its target
	Of       FieldTarget `json:"of"`
	Kind     FieldKind   `json:"kind"`
	Options  []string    `json:"options"`  // of a choice, up to 100; empty for the others
	Position int         `json:"position"` // in the order of the house, from 0
}

// FieldValue is what a field holds of one conversation or buyer.
type FieldValue struct {
	Field FieldID `json:"field"`
	Name  string  `json:"name"`
	// Value is written as its [FieldKind] tells.
	Value string `json:"value"`
}

// SavedView is a question to the list that somebody keeps, with its own counter.
type SavedView struct {
	ID   SavedViewID `json:"id"`
	Name string      `json:"name"` // 1 to 60 characters
	// Query is what it asks for, as it is typed in the search box in English.
	Query string `json:"query"`
	Sort  string `json:"sort"` // "updated" or "waiting"
	// User is whose it is, Team whose team's; nil both: everybody's.
	User     *UserID `json:"user"`
	Team     *TeamID `json:"team"`
	Position int     `json:"position"`
	// Count is how many conversations it shows to who asks, at most [ViewCounted]; nil
	// where it was not asked for.
	Count *int `json:"count"`
}

// ViewCounted is up to how many conversations of a view are counted.
const ViewCounted = 1000
