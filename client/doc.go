// Package client speaks to a running Sellerdesk over its REST API. The command
// line is built on it; other programs may use it alone.
//
// Services are fields of [Client] and speak in the types of the root package.
// Refusals of the server are *[Error]; everything else is the network. Nothing
// is repeated by itself except the stream of events, which resumes where it
// broke off. Writes carry a key of their intent, given or random, so that the
// caller may repeat a write whose answer was lost, with the same key.
//
//	c, err := client.New("http://127.0.0.1:8484", key)
//	for conversation, err := range c.Conversations.All(ctx, client.ConversationQuery{}) { … }
//
// It imports the standard library and the root package only.
package client
