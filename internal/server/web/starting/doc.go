// Package starting reads and fills in the form by which a person writes to a
// buyer first: about an order or a return, or to a person through a source.
package starting
