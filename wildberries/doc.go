// Package wildberries is a client of the Wildberries seller API for talking with buyers. It needs the standard library only and can be
// used without the rest of Sellerdesk. It was written from the OpenAPI document "Общение с покупателями" as of 2026-07-23.
//
//	c, err := wildberries.New(token)
//	list, err := c.Chats.List(ctx)
//	sent, err := c.Chats.Send(ctx, list.Chats[0].ReplySign, "Здравствуйте!")
//	for review, err := range c.Reviews.AllReviews(ctx, wildberries.ListReviews{}) { … }
//
// It speaks all 25 operations of the document, by what buyers write: Chats, Questions, Reviews (feedbacks over there) with Pins, and Claims;
// and Seller, Ping and Reviews.Rating of the general one.
//
// # What it does for you
//
// The token is inspected before the first call: InspectToken tells kind, categories, rights and end, and a call that the token does not
// allow is refused with a sentence, without a request.
//
// Limits are kept, not hit. They are counted per seller account, so clients of one account share one Budget (NewBudget, WithLimiter);
// calls for a person at the screen go before polling, polling before old history. After a restart a budget is careful until the
// first answer tells what remains: the first call of a bucket may wait a second.
//
// What the document forbids is refused before it leaves: texts, comments and decisions that would not be taken, counts out of range, ids
// that cannot be. The remote side would often answer as if nothing were wrong.
//
// Reads are repeated after network errors, 5xx and 429, with growing pauses. Writes are sent once, over a connection of their own. An
// error says what is proved: ErrNotSent (safe to repeat), a refusal, or ErrOutcomeUnknown (look first, then repeat).
//
// # The feed
//
// There is one feed of events for all chats and no history of one chat. Its cursor is a moment in milliseconds:
//
//	Events(ctx, 0) ─► page ─► save events and page.Next together ─► Events(ctx, page.Next) ─► … until page.Done()
//
// AllEvents does this with a small overlap and drops repeated events. What was sent with Send comes back in the feed, which is the only
// proof of delivery: the answer holds no message id.
//
// # Questions, reviews and claims
//
// There is no feed of these, only lists with pages. AllQuestions and AllReviews read them whole, past every bound on skipping, by
// narrowing dates; read the unanswered before the answered and nothing slips through between. Things to know:
//
//   - An answer to a review is taken for any id and checked afterwards. Read the review back until AnswerState settles; Unanswered knows
//     that a rejected answer is none. A question's answer is public at once.
//   - The lists' Answered means processed: reviews without an answer are among them. Use Review.Unanswered.
//   - Editable and CanOrderReturn and Claim.Actions are the remote side's word on what is possible. Nothing here does arithmetic instead.
//   - A supplemented review is two: ParentFeedbackID and ChildFeedbackID tie them.
//   - Dates of claims have no zone and mean UTC+3: NaiveTime. Claims older than 14 days are gone.
//   - Questions, reviews and pins share one small limit, by seller.
//
// # Errors
//
// Every error is an *Error and matches one or more sentinels:
//
//	if errors.Is(err, wildberries.ErrThrottled) { … }   // Error.RetryAfter
//	var e *wildberries.Error
//	if errors.As(err, &e) { log(e.Status, e.RequestID) }
//
//	ErrNotSent         it did not leave: repeating is safe       ErrTemporary    later may help and cannot harm
//	ErrOutcomeUnknown  a write left, no telling answer came      ErrThrottled    429, or the budget's patience is over
//	ErrUnauthorized    401: ErrBadToken, ErrTokenExpired,        ErrForbidden    402, 403, ErrReadOnly, ErrNoSubscription,
//	                   ErrMissingCategory, ErrTestToken                          ErrServiceToken
//	                                                             ErrNotFound     404, 422 for one question or review, bad ids
//	ErrRefused         understood and turned down: ErrReplySign, ErrTextTooLong, ErrTextTooShort, ErrOutOfRange, ErrNotOffered,
//	                   ErrComment, ErrFileType, ErrTooDense and others say why
//	ErrMalformed       an answer came that is not what the document promises
//
// Tokens never appear in errors, logs or prints. Values of enumerations that the document does not know pass through as strings, numbers
// are int64, and one item that cannot be decoded (Malformed) does not hide the others.
//
// The client keeps no state but its connections and starts no goroutines of its own.
package wildberries
