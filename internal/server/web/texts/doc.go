// Package texts is every word of the screens: one typed table for each
// language, filled topic by topic.
//
// A screen that asks for a text which no table has does not compile; a text
// that one language lacks is found by the package's test. What has a number, a
// moment or a size in it is a function, so that each language puts plurals and
// order in its own way. Words of channels (buckets, streams, decisions) are maps
// by the word that the channel uses; one that is not known here is shown as the
// channel says it.
package texts
