// Package frame is what the packages of screens have in common: what a screen
// knows about the one who looks at it, what it asks of the program around it, and
// the smallest things that are drawn everywhere.
//
// A package of screens gets a [Host], mounts its routes with it and draws with a
// [View]; it knows nothing of the frame that its pages are put in.
package frame
