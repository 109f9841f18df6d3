package main

import (
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/wildberries"
	"github.com/sellerdesk/sellerdesk/sandbox"
	playwildberries "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
)

// drivers lists the channels of the product. A new channel is a line here.
func drivers() []channel.Driver {
	return []channel.Driver{
		wildberries.Driver(),
	}
}

// mountRemoteSides puts the remote sides into a world, one for each channel.
func mountRemoteSides(w *sandbox.World) {
	playwildberries.Mount(w, playwildberries.Options{})
}
