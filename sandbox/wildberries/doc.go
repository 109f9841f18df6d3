// Package wildberries emulates the buyer chat of Wildberries, with ping and seller info, as the contract of 2026-07-23 describes it.
// It was written from that contract alone and shares no code and no types with any client.
//
//	buyer-chat-api.wildberries.ru   /wildberries/chat       GET /ping, /api/v1/seller/chats, events, download/{id}; POST message
//	common-api.wildberries.ru       /wildberries/common     GET /ping, /api/v1/seller-info
//	feedbacks-api.wildberries.ru    /wildberries/feedbacks  GET /ping; the rest comes later
//	returns-api.wildberries.ru      /wildberries/returns    GET /ping; the rest comes later
//	chat-basket-01.wbbasket.ru      /wildberries/basket     direct links of attachments
//
//	request ─► token (401) ─► right to write (403) ─► bucket (429) ─► method ─► sandbox.Account, sandbox.World
//
// Mount adds it to a world. Token mints wrong, expired, read-only, narrow, basic and test tokens for tests. Options holds the switches
// for what the contract leaves open.
//
// Choices where the contract is silent: an unknown path or method answers 404 in the gateway's shape; a refused token takes nothing from a bucket;
// characters of a text are Unicode code points; a picture that cannot be decoded stands in errors of a 200; the feed's last page
// repeats the cursor it was asked with.
package wildberries
