// Package labelling is the screens of what a house sorts its conversations and
// people by: tags with their picker, fields in the card, saved views beside the
// list, and the pages under settings where they are kept.
package labelling
