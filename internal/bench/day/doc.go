// Package day measures a working day: twenty people at a desk of a million
// conversations with five million messages, while more come in. It asks for every
// view and filter of the list, opens conversations, searches, and looks how soon a
// new word is with everybody, on either engine.
//
// It is a part of package bench that is large enough to stand alone; it knows of
// the product what bench tells it.
package day
