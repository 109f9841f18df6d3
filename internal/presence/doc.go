// Package presence knows who has a conversation in front of them now, and who
// types there. Nothing of it is kept: what nobody confirms is gone within
// seconds, and so is all of it when the program ends.
//
//	browser ─► Here, every few seconds ─► Board ─► Watch: which conversations changed
//	           Leave                        └────► Look: who is there now
//
// Watchers are told which conversations changed, never how often: one that is slow
// misses nothing, since it looks at how they are by then. The package knows no
// rights; what it tells is narrowed by whoever asks.
package presence
