// Package channel is the contract between the desk and the channels: what a
// connector of one opened account can do, how a channel is offered, and how
// the answers of a remote side are classed.
//
// It is the one seam of the program with many implementations. Behaviour that
// is called at a different moment is an optional one-method interface;
// variation inside one call is data. [Describe] turns both into a plain struct
// and is the only code that asserts types. Connectors are never wrapped: a
// wrapper would hide the optional interfaces.
//
// The package knows no brand, no table and no screen.
package channel
