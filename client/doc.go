// Package client speaks to a running Sellerdesk over its REST API. The command
// line is built on it; other programs may use it alone.
//
// Services are fields of [Client] and speak in the types of the root package.
// Refusals of the server are *[Error]; everything else is the network.
//
// Reads are tried again, three times in all, when the server does not answer or
// asks to wait a little; the stream of events comes back for as long as it is
// followed, and resumes where it broke off. Writes are never repeated by
// themselves. Each carries a key of its intent, random or given ([WithIntent], or
// a field named Key), so that the caller may repeat one whose answer was lost,
// with the same key: it happens once.
//
//	c, err := client.New("http://127.0.0.1:8484", key)
//	for conversation, err := range c.Conversations.All(ctx, client.ConversationQuery{}) { … }
//
// Lists have List for one page and All for the walk through all of them; exports
// stream. Every operation of the contract has a method here, which a test holds
// against the document.
//
// It imports the standard library and the root package only.
package client
