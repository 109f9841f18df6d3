package sellerdesk

// FoundMark and FoundEnd stand around found words in [Hit].Snippet. Neither can
// be in a text: they belong to nobody.
const (
	FoundMark = "\uE000"
	FoundEnd  = "\uE001"
)

// Facets count what a search found.
type Facets struct {
	// Total is how many messages were found, at most [FacetsCounted]; Exact: no
	// more than these are there, so that all figures are those of everything.
	Total int  `json:"total"`
	Exact bool `json:"exact"`

	Channels []Facet `json:"channel"`
	Cabinets []Facet `json:"cabinet"`
	Kinds    []Facet `json:"kind"`
	Stars    []Facet `json:"stars"`
	States   []Facet `json:"state"`
	Authors  []Facet `json:"author"`
	Tags     []Facet `json:"tag"` // by id; a hit counts for each tag of its conversation
}

// FacetsCounted is how many hits are counted at most: what is counted is read, and
// a search for words that everybody says is to answer within a blink.
const FacetsCounted = 300

// Found is one page of what a search found.
type Found struct {
	Items []Hit `json:"items"`
	// Facets count the whole; nil but with the first page.
	Facets *Facets  `json:"facets"`
	Next   Optional `json:"next"`
	// TookMS is how long it took, in milliseconds.
	TookMS int64 `json:"took_ms"`
	// Partial: it was ended before everything was looked at, or the words of all
	// messages are being made anew, so that there may be more.
	Partial bool `json:"partial"`
	// Ranked is how many hits are compared with each other where the order is by
	// relevance: the newest, and as many behind them each time. 0: newest first.
	Ranked int `json:"ranked"`
	// Query is what was understood, as it is typed.
	Query string `json:"query"`
}
