// Package yandexmarket is the channel of Yandex Market: it turns what the API
// client says into the vocabulary and back.
//
// The remote side pushes the names of what is new, and lists show the rest.
// Neither tells what was said: chats are read through their history, which has
// ten times the quota of a single message, reviews with their tree of comments,
// questions with their answers. So a push and a sweep over a list end alike, in
// a reading of one conversation:
//
//	push ─► Receive ──┐
//	list ─► sweep ────┴─► Batch.Reread ─► History ─► Batch{conversation, messages}
//	             └─► Batch{conversations}                    ▲
//	walk over all there ever was ─► Batch{everything}        │ look again: echo, moderation
//	Reply, Answer, Edit, View, Open ─► one POST ─► Receipt ──┘
//
// A sweep reads a list whole, page by page and then again, slower the longer
// the list is, so that the quota of the cheapest tariff lasts for every hour of
// the day. That is how a push that was lost is made good.
//
// Lines have names of ours where ids of different things could meet: "review",
// "question", "answer:7", "comment:9". A line of a chat is named by its number.
//
// A message that was sent comes back without an id: the history shows it, and
// the store matches it by its words. The remote side does not tell a line sent
// by us from one typed in its cabinet.
//
// The package must not know tables, screens or other channels, and never logs
// or returns a token or the words of a message.
package yandexmarket
