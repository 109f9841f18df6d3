// Package server is the HTTP face of the program without its pages and its
// operations: one mux, the chain of middleware around it, sessions and the API
// key, problem answers, and the serving of events.
//
// The pages (server/web) and the REST operations (server/api) import this
// package, mount their routes with [Server.Handle] and find the person who
// asks with [Actor]. The package knows no page, no operation and no channel;
// it reads sessions through desk and events through live and store.
//
// A request passes, from the outside in:
//
//	request id, recover, log ─► size and headers ─► compression ─► host (demo)
//	─► cross-origin check ─► session or key ─► owner there? ─► mux ─► handler
//
// Every error leaves through [Server.Problem], which has the only table from
// codes to statuses.
package server
