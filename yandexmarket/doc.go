// Package yandexmarket is a client of what a seller on Yandex Market hears from
// buyers: chats, product reviews (the API calls them goods feedback), product
// questions, and the notifications that the Market pushes. It is usable alone:
// nothing here knows of a desk, a database or a screen, and beyond the standard
// library it needs only the HTTP plumbing of this repository.
//
//	c, err := yandexmarket.New("ACMA:...:...")
//	campaigns, err := c.Campaigns.List(ctx, yandexmarket.ListCampaigns{})
//	business := campaigns.Items[0].Business.ID
//	for chat, err := range c.Chats.All(ctx, business, yandexmarket.ListChats{Statuses: []yandexmarket.ChatStatus{yandexmarket.StatusWaitingForPartner}}) {
//		...
//	}
//
// # Quotas
//
// Every method has a quota of its own for each cabinet and hour, and a cabinet
// may have four requests on their way at once. A [Budget] keeps both: it spends
// a quota evenly, so that it holds in any hour whatever moment the remote side
// counts from, follows what the answers tell, and always keeps one of the four
// places free for a person. Clients of one cabinet must share one. A read that
// is answered with 420 waits for as long as X-RateLimit-Resource-Until says,
// a minute in all at most; [WithPatience] sets another bound.
//
// # Errors
//
// Every error of a call is an [*Error] with the code and the message of the
// remote side. Which of the sentinels it is depends on the status, never on the
// words, which the Market changes at will. Reads are repeated by themselves
// after network errors and 5xx, with their filters; writes are sent once, and
// one that was not answered is [ErrOutcomeUnknown].
//
// # Files
//
// [ChatsService.Download] fetches what messages and reviews show. Links are
// foreign data: only hosts of Yandex are asked, and only those that keep the
// files of chats get the credentials.
//
// # Decoding
//
// Unknown fields are ignored, unknown values of enumerations pass as texts,
// absent and null lists are empty. An item of a list that cannot be decoded, or
// has no id, is kept raw in Malformed, so that one odd item never costs a page.
//
// Written from the official OpenAPI documents of 2026-07-17 (Partner API) and
// 2026-04-20 (notifications), and the public documentation of 2026-09.
package yandexmarket
