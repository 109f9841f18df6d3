package sellerdesk

// Language of a person's screens.
type Language string

// The languages of the screens.
const (
	Russian Language = "ru"
	English Language = "en"
)

// User is a person who works here.
type User struct {
	ID    UserID   `json:"id"`
	Name  string   `json:"name"`  // as colleagues see it
	Login Optional `json:"login"` // what the person signs in with; absent until the first sign-in
	Owner bool     `json:"owner"`
	// Grants are the roles of the person; the owner needs none.
	Grants []Grant `json:"grants"`
	// SecondFactor: a code of an authenticator is asked for at sign-in.
	SecondFactor bool `json:"second_factor"`
	// DisabledAt: the person cannot sign in any more; what was done stays.
	DisabledAt *Time    `json:"disabled_at"`
	Language   Language `json:"language"`
	Theme      string   `json:"theme"` // "light", "dark", or "" for what the system says
	// Shortcuts are how the keys of the person differ from the usual ones.
	Shortcuts Shortcuts `json:"shortcuts"`
	// ReadFloor: what buyers wrote before counts as read, so that old history
	// does not arrive as thousands of unread conversations.
	ReadFloor Time `json:"read_floor"`
	CreatedAt Time `json:"created_at"`
}

// Counters are the exact figures of the list. All is the sum of the kinds.
type Counters struct {
	NeedsAnswer KindCounts `json:"needs_answer"`
	Unread      KindCounts `json:"unread"`
	// Snoozed are those of NeedsAnswer that are put off: the desk does not show them.
	Snoozed KindCounts `json:"snoozed"`
	// Asleep are all that are put off, whether they need an answer or not.
	Asleep KindCounts `json:"asleep"`
	// Mine, Unassigned and Teams are parts of NeedsAnswer without Snoozed: what the
	// person answers, what nobody and no team does, and what each team does.
	Mine       KindCounts  `json:"mine"`
	Unassigned KindCounts  `json:"unassigned"`
	Teams      []TeamCount `json:"teams"`
}

// OnDesk is what needs an answer and is not put off.
func (c Counters) OnDesk() KindCounts {
	n, s := c.NeedsAnswer, c.Snoozed
	return KindCounts{All: n.All - s.All, Chat: n.Chat - s.Chat, Question: n.Question - s.Question, Review: n.Review - s.Review, Claim: n.Claim - s.Claim}
}

// TeamCount is a number for one team; teams that have nothing may be left out.
type TeamCount struct {
	Team  TeamID     `json:"team"`
	Count KindCounts `json:"count"`
}

// KindCounts is a number for each kind of conversation.
type KindCounts struct {
	All      int `json:"all"`
	Chat     int `json:"chat"`
	Question int `json:"question"`
	Review   int `json:"review"`
	Claim    int `json:"claim"`
}

// Add counts n more of kind k.
func (c *KindCounts) Add(k Kind, n int) {
	c.All += n
	switch k {
	case KindChat:
		c.Chat += n
	case KindQuestion:
		c.Question += n
	case KindReview:
		c.Review += n
	case KindClaim:
		c.Claim += n
	}
}
