package sellerdesk

// PushID is our id of a stored push; it grows in the order of arrival.
type PushID int64

// Push is something a remote side sent us by itself, as it came. It is kept
// until it was read; what it says is a hint only, since anybody who knows the
// address can send one.
type Push struct {
	ID       PushID
	Account  AccountID
	Received Time
	// Path is what followed the address that the remote side was given, as
	// "/notification"; empty when nothing did.
	Path string
	// Type is the media type by the word of the sender.
	Type string
	Body []byte // at most [MaxPush] bytes
	// Signature is what the headers say of the sender; empty where the channel
	// proves nothing by it. It is not kept with the push.
	Signature PushSignature
}

// PushSignature is a signature as it came, after Standard Webhooks. Nothing of
// it is proved.
type PushSignature struct {
	// ID is what the sender calls the push; one that was kept is not kept again.
	ID        string
	Timestamp string // seconds since the Unix epoch
	Value     string // signatures as "v1,…" with blanks between them
}

// MaxPush is the largest push that is taken, in bytes.
const MaxPush = 128 << 10

// PushHealth tells how the pushes of an account fare.
type PushHealth struct {
	// Address is where the remote side is to send pushes, below the address of
	// this program: "/in/7/…". It is a secret of the account's people; empty in the
	// answer to a write with a key, which is kept.
	Address string `json:"address"`
	// Last is when the newest push came; nil when none ever did.
	Last *Time `json:"last_at"`
	// Waiting is how many pushes are kept and not yet read.
	Waiting int `json:"waiting"`
	// Blocked is since when the oldest of them waits because it cannot be read, or
	// since when the remote side refuses to push, or what comes is not signed; nil
	// when none of these.
	Blocked *Time `json:"blocked_since"`
	// Reason is why that is so, for a person.
	Reason     Optional   `json:"reason"`
	ReasonCode ReasonCode `json:"reason_code"`
}
