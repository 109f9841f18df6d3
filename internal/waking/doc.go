// Package waking takes conversations back to the desk whose moment has come, and
// hands back what those have to answer who no longer work here.
//
// It knows when; package desk knows what. What wakes because the buyer wrote or the
// order changed wakes with that, in the store.
package waking
