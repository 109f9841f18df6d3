// Package narrowing reads from the address of the list what narrows it beside
// its filter, and writes it back: channel, kind, stars, product, days, photos,
// and whether an answer was given.
package narrowing
