// Package scene holds what the demo world is made of: dice that always fall the same, people, shops with their products, and the talks they have, and drawings of photos and papers.
//
// It knows nothing of conversations, clocks and remote sides; package sandbox puts the things together. Everything is a function of a seed,
// nothing is kept: equal seeds give equal bytes in every version of Go.
package scene
