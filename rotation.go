package sellerdesk

// Rotation is a finished change of the key that seals the secrets of the house.
type Rotation struct {
	// Sealed is how many secrets were sealed anew.
	Sealed int  `json:"sealed"`
	At     Time `json:"at"`
}
