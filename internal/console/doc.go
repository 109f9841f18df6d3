// Package console is the commands that ask a running server, over package client
// as any other program does: what they take, what they print, and the codes they
// end with. Commands that are the server, or look at its folder, are those of
// cmd/sellerdesk, which puts both together.
//
// All print by one rule ([PrintOne], [PrintList]): with --json one JSON value a
// line, else a table or a sentence. All errors are one sentence, and a code that
// scripts can use ([ExitCode]).
package console
