package console

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
)

// Offer adds the flags of settings to a command.
func Offer(c *cobra.Command, names ...string) {
	for _, n := range names {
		OfferAs(c, n, config.Find(n).Default)
	}
}

// OfferAs adds the flag of a setting whose default is another for this command.
func OfferAs(c *cobra.Command, name, fallback string) {
	s := config.Find(name)
	c.Flags().String(s.Flag(), fallback, fmt.Sprintf("%s (%s)", s.Usage, s.Variable()))
}

// OfferSwitch adds the flag of a setting that is on or off; without a value it
// is on.
func OfferSwitch(c *cobra.Command, name string) {
	Offer(c, name)
	c.Flags().Lookup(config.Find(name).Flag()).NoOptDefVal = "true"
}

// Load reads the settings of a command: its flags, the variables, and the
// defaults of its flags.
func Load(c *cobra.Command) (config.Config, error) {
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

// Terminal tells whether a person sits behind a stream of the process.
func Terminal(stream any) bool {
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

// ShowHelp is what a command does that only groups others. That it does
// something lets cobra refuse a name that is not among them.
func ShowHelp(c *cobra.Command, _ []string) error { return c.Help() }

// Sentence is what a person reads of an error: the sentence made for them when
// there is one, else the whole chain.
func Sentence(err error) string {
	var e *sellerdesk.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// Cause is the last word of a chain, as "no space left on device".
func Cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
