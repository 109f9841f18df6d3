package sellerdesk

// Key lets a program act for a person, within the person's rights. The key
// itself is shown once, when it is made; its hash is kept.
type Key struct {
	ID     KeyID  `json:"id"`
	User   UserID `json:"user"` // for whom it acts
	Name   string `json:"name"`
	Prefix string `json:"prefix"` // its first characters, to recognize it by
	Rights Rights `json:"rights"` // of those of the person
	// Accounts narrow it to some accounts; empty: all that the person sees.
	Accounts []AccountID `json:"accounts"`
	// Limit is how many requests it may make a minute; 0: as many as it likes.
	Limit     int   `json:"limit"`
	ExpiresAt *Time `json:"expires_at"` // nil: never
	UsedAt    *Time `json:"used_at"`    // to the minute; nil: not yet
	RevokedAt *Time `json:"revoked_at"` // nil: it works
	CreatedAt Time  `json:"created_at"`
}

// Session is one browser that is signed in.
type Session struct {
	ID        SessionID `json:"id"`
	User      UserID    `json:"user"`
	Address   Optional  `json:"address"` // where it was last used from
	Agent     Optional  `json:"agent"`   // what the browser says it is, cut to 200 characters
	Current   bool      `json:"current"` // the one that asks
	CreatedAt Time      `json:"created_at"`
	UsedAt    Time      `json:"used_at"` // to the minute
	ExpiresAt Time      `json:"expires_at"`
}
