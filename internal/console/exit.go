package console

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
)

// The exit codes that scripts can rely on. They are the same for every command;
// help exit-codes tells them to people.
const (
	ExitOK          = 0
	ExitFailed      = 1 // some of many failed, or something of no other code
	ExitUsage       = 2 // the command line or the request is wrong
	ExitNotFound    = 3
	ExitForbidden   = 4
	ExitConflict    = 5 // of a conflict, or of what is not possible now
	ExitUnavailable = 6 // the server does not answer or asks to wait
)

const exitCodesHelp = `Every command ends with one of these:

  0  all of it was done
  1  some of many failed, each with a line that says why; or an error that none of the others names
  2  the command line, or what was asked for, is wrong: the same again will fail again
  3  there is no such thing, or it may not be seen
  4  the key or its rights do not suffice
  5  it conflicts with what is there, or is not possible now
  6  the server does not answer, or asks to wait: the same again may work later

On success nothing but the answer is on the standard output; errors are one sentence on the standard error.`

// newExitCodes is a topic of help, not a command that does something.
func newExitCodes() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesHelp}
}

const outputHelp = `With --json every command prints one JSON value a line: a line for each item of a list, a line for a single thing. So lists may be long, and what reads them (jq, a loop of the shell) may begin at once. The values are those of the API, see docs/openapi.yaml.

Without --json a table or a sentence is printed for a person, which may look different tomorrow. Moments are of this machine's time zone there, and of UTC in JSON.

Limits: lists give the first 50 unless --limit says otherwise; --limit 0 gives all.`

// newOutput is a topic of help.
func newOutput() *cobra.Command {
	return &cobra.Command{Use: "output", Short: "What commands print, for people and for programs", Long: outputHelp}
}

// ExitCode is what the program ends with after an error of a command.
func ExitCode(err error) int {
	var wrong UsageError
	if errors.As(err, &wrong) {
		return ExitUsage
	}
	switch sellerdesk.CodeOf(err) {
	case "":
		return ExitOK
	case sellerdesk.CodeInvalid:
		return ExitUsage
	case sellerdesk.CodeNotFound:
		return ExitNotFound
	case sellerdesk.CodeForbidden:
		return ExitForbidden
	case sellerdesk.CodeConflict, sellerdesk.CodeUnsupported:
		return ExitConflict
	case sellerdesk.CodeUnavailable, sellerdesk.CodeLimited:
		return ExitUnavailable
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return ExitUnavailable
	}
	return ExitFailed
}

// UsageError is one that cobra found in the command line.
type UsageError struct{ Err error }

// Error says what cobra said.
func (e UsageError) Error() string { return e.Err.Error() }

// Unwrap gives what cobra said.
func (e UsageError) Unwrap() error { return e.Err }

// NoteStart lets every command below c note that it began, which is when its
// command line was understood: what fails before is wrong usage, and cobra has
// no type for it.
func NoteStart(c *cobra.Command, began *bool) {
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*began = true
			return run(c, args)
		}
	}
	for _, child := range c.Commands() {
		NoteStart(child, began)
	}
}
