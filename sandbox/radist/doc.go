// Package radist plays the messaging API of Radist.Online, version 2: companies, connections to messengers, contacts that own chats,
// messages, uploads, templates, availability, and the webhooks that it calls.
//
// It is written from the documents alone and shares nothing with the client. What they leave open stands in inferred.go, as far as it can be
// chosen as a switch of Options:
//
//	world, err := sandbox.New(7, sandbox.Options{})
//	radist.Mount(world, radist.Options{})
//	go world.Run(ctx)                            // sends the pushes
//	a := world.Accounts("radist")[0]
//	key := radist.Token(a, radist.TokenOptions{})
//	company := radist.Company(a)
//
// It answers on api.radist.online and api-ru.radist.online under /v2, and under /radist (/radist-ru) with or without /v2 behind it;
// files on files.radist.online and under /radist/files. Faults name the path as it was asked for, slash at the end and /v2 included.
//
// Every company has five connections: WhatsApp, WhatsApp Business (WABA), Telegram, a Telegram bot and MAX. A new chat gets its contact thus:
//
//	the chat exists                              ─► it and its contact, whatever else was given
//	R3 contact_id given                          ─► that contact
//	R1 a contact of the company has the phone    ─► that contact
//	R2 Telegram, another chat of the same user   ─► its contact
//	R4 else                                      ─► a new contact
//
// A user of Telegram has the same id of the messenger through a bot and a number. Some buyers of the history write through two messengers.
//
// The list of chats has contacts with unanswered messages first, then the others; the newest message decides within both.
// Messages of buyers bear whole seconds, those of the seller microseconds. Two seconds after it was sent a message is delivered, after ten it is
// read, except for the shares of Options.Quirks. A file that the messenger does not take shows as an error of the message.
//
// A word of a buyer through POST /_sandbox/buyer with "from" comes by WhatsApp if a phone is given, else by Telegram if a user name is;
// a person who has a chat there already goes on in it. Further control calls, POST /_sandbox/radist/{call}:
//
//	buyer    {account?, connection?, conversation?, from?, text, files?, reply_to?}: the same with the connection (its number or its type) named
//	         and a message to answer -> {conversation, message}
//	press    {account?, conversation, message, id}: the buyer chooses a button or a row of the menu by its id, or a quick reply of a template by its
//	         text -> {conversation, message}
//	mark     {account?, conversation, message, do}: a message of the seller gets the mark "delivered", "read" or "error" now -> {}
//	cabinet  {account?, balance?, connection?, first_free?, refuse?}: the balance of dialogs, the option "write first without a template" of a
//	         connection of WABA, and 401 or 403 in answer to everything (0 ends that) -> {}
//	template {account?, name, language, status}: a template becomes "APPROVED", "PENDING", "REJECTED", "PAUSED" or "DISABLED" -> {}
//	uploads  {account?}: -> [{url, name, size, sha256, used}], oldest first
//
// Pushes go to every subscription, and to the address of POST /_sandbox/push, which is one subscription to everything. What is not answered with 2xx
// within Options.PushDeadline comes again after Options.Repeats, and later pushes pass meanwhile. Faults that name "POST /notification" strike them:
// drop_before loses one, drop_after ignores its answer so that it is repeated, duplicate sends it twice, reorder lets later ones pass.
//
// Of uploads over 8 MB the first 512 bytes are kept, the others come back as zeros. The list of received messages tells the size of a file up to
// 20 MB, and those 512 bytes of a larger one: messages and the call uploads tell true sizes.
package radist
