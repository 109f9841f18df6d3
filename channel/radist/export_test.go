package radist

import "github.com/sellerdesk/sellerdesk/channel"

// Shorten makes the pages of a walk so short.
func Shorten(c channel.Connector, contacts int) { c.(gateway).walk.size = contacts }
