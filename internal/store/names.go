package store

import (
	"github.com/sellerdesk/sellerdesk/internal/store/people"
	"github.com/sellerdesk/sellerdesk/internal/store/search"
)

// The words of the packages below, for those who call through a [Tx].
type (
	// Preferences change how a person sees things; nil leaves a field as is.
	Preferences = people.Preferences
	// Stored is an answer that was given to a write.
	Stored = people.Stored
	// SearchQuery asks for messages that have all words.
	SearchQuery = search.Query
)
