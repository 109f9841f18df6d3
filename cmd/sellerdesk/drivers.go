package main

import (
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/channel/custom"
	"github.com/sellerdesk/sellerdesk/channel/radist"
	"github.com/sellerdesk/sellerdesk/channel/wildberries"
	"github.com/sellerdesk/sellerdesk/channel/yandexmarket"
	"github.com/sellerdesk/sellerdesk/sandbox"
	playradist "github.com/sellerdesk/sellerdesk/sandbox/radist"
	playwildberries "github.com/sellerdesk/sellerdesk/sandbox/wildberries"
	playyandexmarket "github.com/sellerdesk/sellerdesk/sandbox/yandexmarket"
)

// drivers lists the channels of the product. A new channel is a line here.
func drivers() []channel.Driver {
	return []channel.Driver{
		wildberries.Driver(),
		yandexmarket.Driver(),
		radist.Driver(),
		custom.Driver(),
	}
}

// remoteSide puts the remote side of one channel into a world.
type remoteSide struct {
	channel sellerdesk.ChannelKind
	mount   func(*sandbox.World)
}

// remoteSides lists the remote sides of a world, one for each channel.
func remoteSides() []remoteSide {
	return []remoteSide{
		{wildberries.Kind, func(w *sandbox.World) { playwildberries.Mount(w, playwildberries.Options{}) }},
		{yandexmarket.Kind, func(w *sandbox.World) { playyandexmarket.Mount(w, playyandexmarket.Options{}) }},
		{radist.Kind, func(w *sandbox.World) { playradist.Mount(w, playradist.Options{}) }},
	}
}
