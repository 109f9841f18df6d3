// Package bulk lets jobs go on: what is done to all conversations that matched a
// filter, a few at a time, behind what people do one by one.
//
// It knows when; package desk knows what, and the database how far: after a
// restart jobs go on where they were.
package bulk
