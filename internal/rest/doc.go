// Package rest is the HTTP plumbing that the API clients share: it sends one call, says truthfully what became of it,
// and keeps an account inside its request budget.
//
// It knows nothing of any remote API: clients hand it addresses, limits and a reader of rate headers, and get back raw
// responses or a *Failure. It must stay on the standard library, so that every client can become its own module.
//
// # One call
//
// A Client adds authorization, waits for the budget, sends, and lets the caller handle the answer. Reads are repeated
// after network errors, 5xx and 429, each time with a body of its own where they have one. Writes are sent once. When no answer came, Failure.Outcome says whether the
// request is proved never to have left (NotSent) or may have arrived (Unknown); whatever is not proved is Unknown.
//
//	call ─► Limiter.Wait ─► transport ─► answer ──────────► handle ─► result
//	            │               │           └ 5xx, 429, broken body, read only: again after a pause
//	            │               └ no connection was got: NotSent   otherwise: Unknown
//	            └ context ended, out of patience: NotSent
//
// # Budget
//
// A Budget is a set of token buckets of one seller account, shared by all clients of that account. Each bucket has three
// lanes with strict priority (person, poll, backfill). The estimate is never above the real bucket of the remote side,
// however requests are delayed on the way: see Budget.
package rest
