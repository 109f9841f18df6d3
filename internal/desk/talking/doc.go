// Package talking is the verbs on what people say to one another beside a
// conversation: notes with the people they name, tasks, who follows it, what each
// person is told of, and the answers they have begun.
//
// Whoever sees a conversation reads its notes and tasks and may follow it; writing
// needs the right to work there. A note can be changed and removed by who wrote
// it. Nothing here leads to a buyer: a note is no message, so that no rule and no
// mistake sends it.
//
// The package is part of desk, which hands out its verbs.
package talking
