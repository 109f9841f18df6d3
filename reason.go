package sellerdesk

// ReasonCode classes a reason so that a screen can say it in its own language.
// Empty means that only the text tells, as with a remote side's own words.
type ReasonCode string

// MarshalJSON writes null for an absent code.
func (c ReasonCode) MarshalJSON() ([]byte, error) { return Optional(c).MarshalJSON() }

// UnmarshalJSON reads null as absent.
func (c *ReasonCode) UnmarshalJSON(b []byte) error { return (*Optional)(c).UnmarshalJSON(b) }

// The reasons that we know by ourselves.
const (
	ReasonCredentials     ReasonCode = "credentials"        // the remote side refuses the credentials
	ReasonExpired         ReasonCode = "token_expired"      // the credentials have ended
	ReasonScope           ReasonCode = "token_scope"        // the credentials lack a right
	ReasonReadOnly        ReasonCode = "token_read_only"    // the credentials may only read
	ReasonPaused          ReasonCode = "account_paused"     // a person paused the account
	ReasonThrottled       ReasonCode = "remote_limit"       // the remote side asks to wait
	ReasonUnreachable     ReasonCode = "remote_unavailable" // the remote side does not answer; tried again
	ReasonOutcomeUnknown  ReasonCode = "outcome_unknown"    // it left and no answer came
	ReasonMalformed       ReasonCode = "remote_malformed"   // the answer was not understood
	ReasonRefused         ReasonCode = "remote_refused"     // understood and refused; the text is theirs
	ReasonFileRefused     ReasonCode = "file_refused"       // a file was not taken while the text was
	ReasonGone            ReasonCode = "gone"               // the thing no longer exists there
	ReasonModeration      ReasonCode = "moderation"         // held or refused by moderation
	ReasonFileTooLarge    ReasonCode = "file_too_large"
	ReasonFileUnreadable  ReasonCode = "file_unreadable" // a picture that cannot be drawn
	ReasonCancelledByUser ReasonCode = "withdrawn"
	ReasonElsewhere       ReasonCode = "answered_elsewhere" // somebody answered elsewhere first
	ReasonArbitration     ReasonCode = "arbitration"        // an arbiter decides; nobody else may write
	ReasonFinished        ReasonCode = "chat_finished"      // the remote side closed the conversation
	ReasonOpening         ReasonCode = "opening"            // the conversation is being started
	ReasonEditing         ReasonCode = "editing"            // another text is on its way
	ReasonWindowShut      ReasonCode = "window_shut"        // the messenger takes nothing but templates now
	ReasonBalance         ReasonCode = "balance"            // what was paid in advance is used up
	ReasonTemplate        ReasonCode = "template"           // the template is not there, not approved, or not filled in
	ReasonSignature       ReasonCode = "push_unsigned"      // what was pushed is not signed by who knows the secret
	ReasonNoMessenger     ReasonCode = "no_messenger"       // the person cannot be reached in this messenger
	ReasonRight           ReasonCode = "no_right"           // whoever asks may see it only
)

// Why is a reason in words for a person, with its class.
type Why struct {
	Code ReasonCode
	Text Optional
}
