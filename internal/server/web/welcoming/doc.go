// Package welcoming leads an owner of an empty house to the first answer: how the
// screens look, who writes (an account of one's own, or made-up buyers), the one
// who waits longest.
//
// Nothing of it is kept: each step is judged by what is there. The made-up buyers
// are a world that the command starts; here is only its switch.
package welcoming
