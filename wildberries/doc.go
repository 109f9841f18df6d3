// Package wildberries is a client of the Wildberries seller API for buyer communication. It needs nothing but the standard library
// and can be used without the rest of Sellerdesk.
//
//	c, err := wildberries.New(token)
//	page, err := c.Chats.Events(ctx, 0)
//	sent, err := c.Chats.Send(ctx, chat.ReplySign, "Здравствуйте!")
package wildberries
