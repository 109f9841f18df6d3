// Package search is the language of the search box: words, which must all be there,
// and filters, typed in Russian or English. [Parse] reads what a person types and
// [Query.Typed] writes it, so that what is clicked can be typed and the other way
// round. Lists, saved views, jobs and searches are asked for in it.
//
// It is pure: it knows the vocabulary and finds nothing itself.
package search
