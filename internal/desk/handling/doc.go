// Package handling has the verbs on whom a conversation belongs to, until when it is
// put off and how much it matters, and on the teams and the comings and goings of
// those it belongs to.
//
//	          snooze                     the moment, the buyer, the order
//	open ───────────────► put off ─────────────────────────────────────► open, with the reason
//	                         │ reopen, close, archive
//	                         └──────────────────────► without one
//
// It is part of package desk, which offers it as Desk.Handling and Desk.Teams.
package handling
