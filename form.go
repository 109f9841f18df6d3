package sellerdesk

// Form is what a message of ours carries beyond text and files, in messengers
// that have such things. At most one of its parts is set.
type Form struct {
	Template    *TemplateUse `json:"template"`
	Interactive *Interactive `json:"interactive"`
}

// TemplateUse is an approved template with what is filled in.
type TemplateUse struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	// Variables are the values, in the order of [RemoteTemplate].Variables.
	Variables []string `json:"variables"`
}

// TemplateStatus is where a template stands with the messenger.
type TemplateStatus string

// The statuses of templates; others are kept in the words of the messenger.
const (
	TemplateApproved TemplateStatus = "approved"
	TemplatePaused   TemplateStatus = "paused"
	TemplateDisabled TemplateStatus = "disabled"
	TemplatePending  TemplateStatus = "pending"
	TemplateRejected TemplateStatus = "rejected"
)

// RemoteTemplate is a text that a messenger approved in advance.
type RemoteTemplate struct {
	// Source is the way into the messenger that it belongs to, as [Source].ID.
	Source   RemoteID       `json:"source"`
	Name     string         `json:"name"`
	Language string         `json:"language"`
	Category Optional       `json:"category"` // in the words of the messenger
	Status   TemplateStatus `json:"status"`
	// Header is a line above the text, or what kind of file stands there.
	Header  *TemplateHeader  `json:"header"`
	Body    string           `json:"body"` // with its variables as {{1}}
	Footer  Optional         `json:"footer"`
	Buttons []TemplateButton `json:"buttons"`
	// Variables are what is to be filled in, in order: header, body, buttons.
	Variables []TemplateVariable `json:"variables"`
	// Reason says why it cannot be sent; empty when it can.
	Reason     Optional   `json:"reason"`
	ReasonCode ReasonCode `json:"reason_code"`
}

// TemplateHeader is what stands above the text of a template.
type TemplateHeader struct {
	Format string   `json:"format"` // text, image, video, document or location
	Text   Optional `json:"text"`   // of a text, with its variable
}

// TemplateButton is a button under a template.
type TemplateButton struct {
	Kind  string   `json:"kind"` // reply, url, phone or copy_code
	Text  string   `json:"text"`
	URL   Optional `json:"url"`
	Phone Optional `json:"phone"`
}

// TemplateVariable is one thing to fill in.
type TemplateVariable struct {
	Name    string   `json:"name"`   // as it stands between the braces, "1"
	Part    string   `json:"part"`   // header, body or button
	Button  int      `json:"button"` // which one, from 0; of the part button only
	Format  string   `json:"format"` // text, or image, video, document: the address of a file
	Example Optional `json:"example"`
	// MaxLength bounds the value in characters.
	MaxLength int `json:"max_length"`
}

// InteractiveKind is what a buyer can do with an interactive message.
type InteractiveKind string

// The kinds of interactive messages.
const (
	InteractiveButtons InteractiveKind = "buttons"
	InteractiveMenu    InteractiveKind = "menu"
)

// Interactive is a message with buttons or a menu to choose from. The buyer's
// choice comes back as a message of theirs.
type Interactive struct {
	Kind    InteractiveKind `json:"kind"`
	Header  string          `json:"header,omitempty"`
	Body    string          `json:"body"`
	Footer  string          `json:"footer,omitempty"`
	Buttons []string        `json:"buttons,omitempty"` // what stands on them; of the kind buttons
	Menu    *Menu           `json:"menu,omitempty"`    // of the kind menu
}

// Menu is a list to choose one row from.
type Menu struct {
	Button   string        `json:"button"` // what stands on the button that opens it
	Sections []MenuSection `json:"sections"`
}

// MenuSection is a part of a menu.
type MenuSection struct {
	Title string    `json:"title,omitempty"` // needed where there are several
	Rows  []MenuRow `json:"rows"`
}

// MenuRow is one row of a menu.
type MenuRow struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// InteractiveLimits bounds interactive messages, in characters and numbers.
type InteractiveLimits struct {
	Body        int `json:"body"`
	Header      int `json:"header"`
	Footer      int `json:"footer"`
	Buttons     int `json:"buttons"`      // how many
	ButtonTitle int `json:"button_title"` // also of the button that opens a menu
	Sections    int `json:"sections"`     // how many
	Rows        int `json:"rows"`         // how many over all sections
	RowTitle    int `json:"row_title"`    // also of a section
	Description int `json:"description"`
}
