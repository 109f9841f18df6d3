package sellerdesk

// Template is a text of ours that is said again and again. It is not one that a
// messenger approved: see [RemoteTemplate].
//
// In Text "{name|Buyer}" stands for the name of the buyer, with what is said where
// that is not known, "{product|…}", "{order|…}", "{article|…}", "{shop|…}" and
// "{me|…}" likewise, and "{Hello|Good day}" for one of several.
type Template struct {
	ID     TemplateID `json:"id"`
	Folder string     `json:"folder"` // names with "/" between them; "": none
	Name   string     `json:"name"`   // 1 to 120 characters, unlike that of any other of its folder and owner
	Text   string     `json:"text"`   // 1 to 10,000 characters
	Files  []File     `json:"files"`  // that go with it, at most 10
	// User is whose it is; nil: everybody's, which only who may change the house
	// changes.
	User *UserID `json:"user"`
	// Accounts and Kinds are where it is offered; empty: everywhere.
	Accounts []AccountID `json:"accounts"`
	Kinds    []Kind      `json:"kinds"`

	Uses      int   `json:"uses"`    // messages that were said with it
	UsedAt    *Time `json:"used_at"` // nil: never
	UpdatedAt Time  `json:"updated_at"`
	Rev       int64 `json:"rev"`
}
