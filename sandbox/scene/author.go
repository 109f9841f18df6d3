package scene

// Author says whose words a message holds.
type Author string

// The authors.
const (
	Buyer    Author = "buyer"
	Seller   Author = "seller"
	Platform Author = "platform"
)
