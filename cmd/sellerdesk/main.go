package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/console/handling"
	"github.com/sellerdesk/sellerdesk/internal/console/library"
)

// heapGrowth is how far the heap may grow before it is collected, in percent of
// what lives. The live heap is a few megabytes, so that the usual 100 would
// collect many times a second while messages come in, and every answer would
// wait for it; memory at rest stays far below what is promised.
const heapGrowth = 400

// leastThreads is on how many threads goroutines run at least. Between two that
// are busy with pictures and pages of history, a request on two cores would wait
// for tens of milliseconds until the scheduler of Go lets it run; that of the
// system lets a thread that slept run at once.
const leastThreads = 8

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastThreads {
		runtime.GOMAXPROCS(leastThreads)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once: the first handler is taken away.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without its process: what tests call. It returns the exit
// code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	began := false
	console.NoteStart(root, &began)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return console.ExitOK
	}
	if !began {
		err = console.UsageError{Err: err}
	}
	fmt.Fprintln(stderr, "sellerdesk:", console.Sentence(err))
	return console.ExitCode(err)
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:           "sellerdesk",
		Short:         "One inbox for the buyers of a marketplace seller",
		Long:          "Sellerdesk is a self-hosted inbox for the buyers of marketplace sellers.\nTry it: sellerdesk demo",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          console.ShowHelp,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(newDemo(), newServe(), newSandbox(), newDoctor(), newSecrets(), newBench(), newMan())
	root.AddCommand(console.Commands(drivers())...)
	root.AddCommand(library.New(), handling.New(time.Now), handling.Teams())
	return root
}
