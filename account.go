package sellerdesk

// AccountState tells whether a cabinet works.
type AccountState string

// The states of an account. Reason of the account says why it is not ok.
const (
	AccountOK      AccountState = "ok"
	AccountPaused  AccountState = "paused"  // by a person
	AccountExpired AccountState = "expired" // the credentials are refused; nothing is read or sent until they are replaced
	AccountBroken  AccountState = "broken"  // something else needs a person
)

// Account is one seller cabinet on one channel.
type Account struct {
	ID         AccountID    `json:"id"`
	Channel    ChannelKind  `json:"channel"`
	Name       string       `json:"name"`
	State      AccountState `json:"state"`
	Reason     Optional     `json:"reason"`
	ReasonCode ReasonCode   `json:"reason_code"`
	Identity   Identity     `json:"identity"`
	// BaseURL replaces the real address of the remote side; "" means the real one.
	BaseURL   Optional         `json:"base_url"`
	Abilities []KindAbilities  `json:"abilities"` // what the channel can do, as the connector described it
	Streams   []StreamProgress `json:"streams"`   // how far reading is
	Budget    []BucketState    `json:"budget"`    // what the remote side still allows; empty in rows of the store
	Push      *PushHealth      `json:"push"`      // nil: the channel does not push
	CreatedAt Time             `json:"created_at"`
	Rev       int64            `json:"rev"`
}

// Identity is what a remote side says about the owner of credentials.
type Identity struct {
	// Seller identifies the cabinet at the remote side; two credentials of one
	// cabinet have the same. Empty when the channel cannot tell.
	Seller   RemoteID `json:"seller"`
	Name     string   `json:"name"`
	Legal    Optional `json:"legal"`      // tax number or registered name
	Token    string   `json:"token"`      // kind of the credentials in the words of the channel, as "personal"; never the token
	Scopes   []string `json:"scopes"`     // what the credentials may do, in the words of the channel
	ReadOnly bool     `json:"read_only"`  // the credentials may only read
	Expires  *Time    `json:"expires_at"` // when the credentials end; nil when they do not
	// Sources are the ways through which people can be written to; nil where the
	// channel is one.
	Sources []Source `json:"sources,omitempty"`
}

// BucketState is the state of one remote rate limit. One that is named after an
// action tells how often that can still be done, whenever: its slots.
type BucketState struct {
	Bucket     string `json:"bucket"`
	Limit      int    `json:"limit"`        // requests at once when nothing was used
	Remaining  int    `json:"remaining"`    // requests that may leave now
	NextFreeAt *Time  `json:"next_free_at"` // when the next may leave; nil means now
	Waiting    int    `json:"waiting"`      // requests of ours that wait
	EveryMS    int64  `json:"every_ms"`     // how long one request takes to come back, in milliseconds; 0: not known
}

// StreamProgress tells how far reading of one stream is.
type StreamProgress struct {
	Stream string `json:"stream"`
	// CaughtUp: the last pull found nothing more to read.
	CaughtUp bool  `json:"caught_up"`
	ReadAt   *Time `json:"read_at"` // last successful pull
	// Reached is the moment of the newest thing read; with From and the present it gives the share done.
	From    *Time    `json:"from"`
	Reached *Time    `json:"reached"`
	Items   int64    `json:"items"` // things read so far
	Error   Optional `json:"error"` // why the last pull failed, for a person
	// Done is the share of the history read, 0 to 1; DoneAt the estimated end,
	// nil while unknown or once caught up.
	Done   float64 `json:"done"`
	DoneAt *Time   `json:"done_at"`
}
