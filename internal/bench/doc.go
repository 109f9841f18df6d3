// Package bench measures what the product promises: speed of the list while
// messages come in, speed of taking them in, start, memory, size, the time from
// a commit to the screens, that a killed process loses and doubles nothing, how
// a backlog is drained at the limits of the remote side, what a kill and changes
// leave of a history, and what seventy-six cabinets cost.
//
// It stands beside the command: the command hands it a [Rig], that is, how to
// start the product in this process and as a process of its own, and how to
// start a sandbox. What is measured is the product as people run it, over HTTP.
// Every figure of docs/benchmarks.md comes from here.
package bench
