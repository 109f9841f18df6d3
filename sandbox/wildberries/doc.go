// Package wildberries emulates how sellers talk with buyers of Wildberries: chats, questions, reviews, pins and return claims, all 25 operations
// of the contract of 2026-07-23, with ping, seller info and rating.
// It was written from that contract alone and shares no code and no types with any client.
//
//	buyer-chat-api.wildberries.ru   /wildberries/chat           chats, events, message, download
//	feedbacks-api.wildberries.ru    /wildberries/feedbacks      questions, reviews, pins, on one bucket; rating
//	returns-api.wildberries.ru      /wildberries/returns        claims
//	common-api.wildberries.ru       /wildberries/common         seller-info
//	chat-basket-01.wbbasket.ru      /wildberries/basket         direct links of attachments
//	feedback04.wbbasket.ru          /wildberries/review-photos  photos of reviews
//	videofeedback01.wbbasket.ru     /wildberries/review-videos  their videos
//	photos.wbstatic.net             /wildberries/claim-photos   photos of claims
//	video.wbstatic.net              /wildberries/claim-videos   their videos
//
//	request ─► token (401) ─► payment (402) ─► right to write (403) ─► bucket (429) ─► method ─► sandbox.Account, Board, World
//
//	review ─POST answer─► reviewRequired ─moderation─► wbRu
//	   ▲                                      └──────► rejected (a telephone, a site, a mailbox): the review waits again
//	   └──────────────────────────────────────────────────┘
//
// Mount adds it to a world. Token mints wrong, expired, read-only, narrow, basic and test tokens for tests. Options holds the switches
// for what the contract leaves open. SetPinPlan takes away what a cabinet has paid for, so that the remote side unpins.
//
// Choices where the contract is silent: an unknown path or method answers 404 in the gateway's shape; a refused token takes nothing from a bucket;
// characters of a text are Unicode code points; a picture that cannot be decoded stands in errors of a 200; the feed's last page
// repeats the cursor it was asked with.
//
// Of questions and reviews: countUnanswered and countArchive of a list do not heed its filters; take=0 is an empty page; a question's time has a
// fraction of a second, so dateTo leaves out the rest of its second; a rejected question counts as answered; an answer to a rejected one is its one edit;
// a changed review keeps its answer, its time and its place in the lists; PATCH of an answer refuses a wrong text as POST does.
// Of pins: the lists show manual unpins never; the eleventh article of a shop has no pictures, the group of the twelfth is not displayed.
// Of claims: the newest first; one that waits longer than 14 days is gone undecided; a comment is refused where it does not belong.
//
// Weaker than the real thing: photos behind links in .webp are JPEG or PNG, previews too; videos are valid but empty; links without a scheme
// have to be asked with the scheme of the sandbox.
package wildberries
