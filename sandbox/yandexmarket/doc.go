// Package yandexmarket plays the Partner API of Yandex Market, as far as it serves the talk with buyers, and the notifications that Market sends.
//
// It is written from the published documents alone and shares nothing with the client. What they leave open is a switch of Options:
//
//	world, err := sandbox.New(7, sandbox.Options{})
//	market := yandexmarket.Mount(world, yandexmarket.Options{})
//	go world.Run(ctx)                                  // sends the pushes
//	a := world.Accounts("yandexmarket")[0]
//	key := yandexmarket.Token(a, yandexmarket.TokenOptions{})
//	id := yandexmarket.Business(a)
//
// It answers on api.partner.market.yandex.ru and under /yandexmarket, attachments on files.messenger.yandex.net and under /yandexmarket/files.
//
// A chat:
//
//	(created) ─► NEW ─buyer─► WAITING_FOR_PARTNER ◄─buyer── WAITING_FOR_CUSTOMER
//	                               └────────────────shop──────────────▲
//	dispute ─► type ARBITRAGE, WAITING_FOR_ARBITER ◄─► WAITING_FOR_MARKET ─resolve─► FINISHED
//	finish  ─► FINISHED (no more messages of the shop; a word of the buyer opens it again unless it was a dispute)
//
// Further control calls, POST /_sandbox/yandexmarket/{call}:
//
//	chat     {account?, conversation?, do}: do is "dispute", "market", "resolve", "finish", "sticker" (of the buyer), "seller_sticker",
//	         "support" (a word of Market's staff, with text), or without conversation "test" or "return" (a new chat) -> {conversation, message}
//	order    {account?, return?: bool, buyer?}: an order, or a return of one, without a chat -> an item of state.orders
//	cabinet  {account?, disabled?: bool, subscription?: "NONE" | "LIGHT" | "MEDIUM"} -> {}
//	answer   {account?, conversation, text, by?: "USER" | "VENDOR" | "BRAND"}: somebody else answers a question -> {conversation, message}
//
// Pushes go to the address with /notification behind it (Options.BarePush: without). Faults that name "POST /notification" strike them:
// drop_before loses one, drop_after ignores its answer so that it is repeated, duplicate sends it twice, reorder lets later ones pass.
// Deadlines are in machine time, pauses between repeats in world time.
package yandexmarket
