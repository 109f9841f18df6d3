package main

import (
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

// world are the flags of commands that play the sandbox.
type world struct {
	seed     uint64
	messages int
	scale    float64
}

func (w *world) offer(c *cobra.Command) {
	c.Flags().Uint64Var(&w.seed, "seed", 1, "seed of the world; the same seed makes the same buyers")
	c.Flags().IntVar(&w.messages, "messages", 0, "size of the world in messages (default: small enough to be read at once)")
	c.Flags().Float64Var(&w.scale, "scale", 1, "speed of the clock")
}

func (w *world) check() error {
	if w.scale <= 0 || w.scale > 1e6 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--scale: the clock runs at more than 0 and at most 1000000 times the real speed, not %g.", w.scale)
	}
	return nil
}

// logger writes to w at the level of the settings.
func logger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo // config has checked it
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}
