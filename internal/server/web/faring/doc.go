// Package faring works out how accounts fare: how far their reading is, what
// their limits leave, when their credentials end, and who has to be told.
package faring
