// Package finding finds messages and conversations for a person: it asks the
// index or the list, whichever knows, counts by properties, and shows the place
// of the found words. It also keeps the words of messages up to date.
//
// It is the part of package desk that only reads; desk hands it out as Search.
package finding
