// Package radist is a client of the messaging API of Radist.Online, through
// which a seller talks with buyers in WhatsApp, Telegram and other messengers:
// connections, contacts, chats, messages, files, templates and webhooks. It is
// usable alone: nothing here knows of a desk, a database or a screen, and beyond
// the standard library it needs only the HTTP plumbing of this repository.
//
//	c, err := radist.New(key)
//	for contact, err := range c.Chats.All(ctx, company) {
//		for _, chat := range contact.Chats {
//			for message, err := range c.Messages.All(ctx, company, radist.Walk{Chat: chat.ID}) {
//				...
//			}
//		}
//	}
//
// # What is known and what is not
//
// The vendor's documents that are public describe rules and hardly any shape.
// What follows from seen answers and from programs in use stands beside its
// calls; whatever had to be inferred, paths and shapes alike, stands in the file
// inferred.go alone, so that a correction is one edit. The inferred paths can be
// changed without a new version: see [WithPaths].
//
// # Limits
//
// A key may make five requests in a second, and one of those that read or
// change chats and contacts. A [Budget] keeps both; clients of one key must
// share one. Do not poll: [ParseEvent] and [Receiver] read what the service
// pushes, and the lists are for what was missed.
//
// # Errors
//
// Every error of a call is an [*Error] with the words of the remote side. Which
// of the sentinels it is depends on the status, never on the words: the body of
// errors is not documented. Reads are repeated by themselves after network
// errors, 5xx and 429; writes are sent once, and one that was not answered is
// [ErrOutcomeUnknown].
//
// # Decoding
//
// Unknown fields are ignored, unknown values of enumerations pass as texts,
// absent and null lists are empty. An item of a list that cannot be decoded, or
// has no id, is kept raw in Malformed, so that one odd item never costs a page.
// A message of an unknown type is kept with an [Unknown] content, an event of an
// unknown type with its raw body.
package radist
