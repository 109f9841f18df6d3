// Package radist is the channel of Radist.Online, a gateway to WhatsApp, Telegram
// and other messengers: it turns what the API client says into the vocabulary and
// back.
//
// An account is one company of the gateway, its connections are the sources of
// the account, and each chat is a conversation. The gateway pushes whole
// messages and the marks of those that we sent. What was not pushed is found by
// a walk over the list of chats, which shows of each chat the newest message
// only: a chat that changed is read again through its history.
//
//	push ─► Receive ─► Batch{conversation, message} ──────────────┐
//	          └─ the first push of a chat since the start ──────┐ │
//	list ─► walk ─► Batch{conversations, newest messages} ──────┴─┴► Reread ─► History
//	list ─► old  ─► Batch{everything that was ever said}                          │
//	Reply, SendTemplate ─► one POST ─► Receipt{id} ─► look at the marks ──────────┘
//	Open ─► one POST ─► Receipt{conversation}
//
// Ids of messages are unique over all chats and come back from sending, so that
// an echo is known by its id; only where the answer was lost the store matches it
// by its words. The gateway does not tell a line sent by us from one typed on the
// phone or in its cabinet.
//
// A template and a message with buttons come back as their parts: the text is
// filled in from the list of templates just as it was when it left.
//
// Marks come late, in any order, or not at all. Read is more than delivered,
// which is more than sent, and an error after either means nothing. A mark that
// comes before its line is kept until the line is here.
//
// The package must not know tables, screens or other channels, and never logs
// or returns a key or the words of a message.
package radist
