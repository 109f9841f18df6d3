// Package custom is a channel of one's own: a script in any language that tells
// the desk what buyers write and takes our answers.
//
//	script ── signed events ──► push address of the account ──► Receive
//	   ▲                                                          │
//	   └──────── signed replies ◄── reply address ◄── Send ◄── desk
//
// Both ways are signed after Standard Webhooks with one secret, which the person
// who adds the account chooses. A script that rather answers what is new than tells
// it names a list, which is read instead or besides; else what it does not push did
// not happen. docs/channels/custom.md tells the format, and examples/channel
// has whole scripts.
//
// The script is told with every reply what the intent is called, so that it can
// take the same reply once. Only where it says that it does, a reply of unknown
// outcome is sent again; else it is never repeated blindly, as in every channel.
package custom
