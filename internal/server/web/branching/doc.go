// Package branching puts comments under what they answer, whatever a remote side
// says of parents.
package branching
