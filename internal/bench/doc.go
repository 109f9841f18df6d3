// Package bench measures what the product promises: speed of the list while
// messages come in, speed of taking them in, start, memory, size, the time from
// a commit to the screens, and that a killed process loses and doubles nothing.
//
// It stands beside the command: the command hands it a [Rig], that is, how to
// start the product in this process and as a process of its own, and how to
// start a sandbox. What is measured is the product as people run it, over HTTP.
// Every figure of docs/benchmarks.md comes from here.
package bench
