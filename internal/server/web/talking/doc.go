// Package talking is the screens of what people say to one another beside a
// conversation: notes among its messages, tasks in its card, who is there and who
// has begun an answer, and the bell with what one was told of.
//
// What stands inside the page of the inbox is exported and takes a [Side], which
// [Read] reads in the transaction of that page; the rest are pages and forms of
// their own. What the buyer said never passes through here, and nothing here
// leads to the buyer.
package talking
