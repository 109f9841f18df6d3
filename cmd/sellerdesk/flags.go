package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
)

// offer adds the flags of settings to a command.
func offer(c *cobra.Command, names ...string) {
	for _, n := range names {
		offerAs(c, n, config.Find(n).Default)
	}
}

// offerAs adds the flag of a setting whose default is another for this command.
func offerAs(c *cobra.Command, name, fallback string) {
	s := config.Find(name)
	c.Flags().String(s.Flag(), fallback, fmt.Sprintf("%s (%s)", s.Usage, s.Variable()))
}

// offerSwitch adds the flag of a setting that is on or off; without a value it
// is on.
func offerSwitch(c *cobra.Command, name string) {
	offer(c, name)
	c.Flags().Lookup(config.Find(name).Flag()).NoOptDefVal = "true"
}

// load reads the settings of a command: its flags, the variables, and the
// defaults of its flags.
func load(c *cobra.Command) (config.Config, error) {
	from := config.Source{Defaults: map[string]string{}}
	for _, s := range config.Settings() {
		if f := c.Flags().Lookup(s.Flag()); f != nil {
			from.Defaults[s.Name] = f.DefValue
		}
	}
	from.Given = func(flag string) (string, bool) {
		f := c.Flags().Lookup(flag)
		if f == nil || !f.Changed {
			return "", false
		}
		return f.Value.String(), true
	}
	return config.Load(from)
}

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

// terminal tells whether a person sits behind a stream of the process.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // a device as well, with nobody behind it
	return err != nil || !os.SameFile(info, null)
}
