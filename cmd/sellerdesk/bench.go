package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/bench"
	"github.com/sellerdesk/sellerdesk/internal/bench/day"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

func newBench() *cobra.Command {
	var asJSON bool
	var write string
	var rig bench.Rig
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure this program on this machine",
		Long: "Bench measures what the product promises: the list at a million messages while more come in, taking in,\n" +
			"start, memory, size, the way to the screens, 200 kills, and what many cabinets with a long history cost. It takes\n" +
			"about forty minutes and 10 GB of disk; --short takes five minutes. The program ends with an error when a promise does not hold.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b := &bar{w: c.ErrOrStderr()}
			rig.Progress = b.show
			report, err := measure(c.Context(), rig)
			b.end()
			if err != nil {
				err = fmt.Errorf("measure: %w", err)
				if len(report.Rows) == 0 {
					return err
				}
			}
			if asJSON {
				err = errors.Join(err, console.PrintJSON(c.OutOrStdout(), report))
			} else {
				err = errors.Join(err, report.WriteTable(c.OutOrStdout()))
			}
			if write != "" && err == nil {
				err = writeReport(write, report)
			}
			return errors.Join(err, broken(report))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().BoolVar(&rig.Short, "short", false, "fewer rows and rounds: a look, not a measure")
	c.Flags().StringSliceVar(&rig.Only, "only", nil, "parts to measure: "+strings.Join(bench.Parts(), ", "))
	c.Flags().IntVar(&rig.Percent, "percent", 100, "size of the world of the part cabinets")
	c.Flags().StringVar(&rig.Database, "database", "", "PostgreSQL database for the part day (default: SQLite)")
	c.Flags().StringVar(&rig.Dir, "data", "", "folder to keep the rows in, so that another run finds them (default: a temporary folder)")
	c.Flags().StringVar(&write, "write", "", "file with a marked table to replace, as docs/benchmarks.md")
	return c
}

// measure runs the benchmarks, in a temporary folder when none is named.
func measure(ctx context.Context, rig bench.Rig) (bench.Report, error) {
	for _, part := range rig.Only {
		if !slices.Contains(bench.Parts(), part) {
			return bench.Report{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "--only: %q is none of %s.", part, strings.Join(bench.Parts(), ", "))
		}
	}
	if rig.Database != "" && !slices.Equal(rig.Only, []string{"day"}) {
		return bench.Report{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "--database is for --only day.")
	}
	if rig.Dir == "" {
		temporary, err := os.MkdirTemp("", "sellerdesk-bench-")
		if err != nil {
			return bench.Report{}, diskTrouble(os.TempDir(), err)
		}
		defer os.RemoveAll(temporary)
		rig.Dir = temporary
	}
	self, err := os.Executable()
	if err != nil {
		return bench.Report{}, fmt.Errorf("find this program: %w", err)
	}
	ready := rigged(rig, func(args ...string) *exec.Cmd { return exec.Command(self, args...) })
	report, err := bench.Run(ctx, ready)
	if ready.Wants("day") {
		rows, failed := day.Run(ctx, ready)
		report.Rows, err = append(report.Rows, rows...), errors.Join(err, failed)
	}
	return report, err
}

// rigged tells the measures how to start things.
func rigged(rig bench.Rig, command func(...string) *exec.Cmd) *bench.Rig {
	rig.Command, rig.Channel = command, drivers()[0].Kind
	for _, d := range drivers() {
		if d.Ack != nil && rig.Pushing == "" {
			rig.Pushing = d.Kind
		}
	}
	rig.Start = func(ctx context.Context, data string) (*bench.Program, error) {
		return startMeasured(ctx, data, rig.Database)
	}
	rig.Play, rig.OpenStore, rig.Driver = playMeasured, openMeasured, drivers()[0]
	return &rig
}

// startMeasured runs the product in this process.
func startMeasured(ctx context.Context, data, database string) (*bench.Program, error) {
	const key sellerdesk.Secret = "measured-in-this-process"
	p, err := open(ctx, options{Data: data, Database: sellerdesk.Secret(database), APIKey: key, PrivateWebhooks: true})
	if err != nil {
		return nil, err
	}
	stop := background(ctx, p.Run)
	return &bench.Program{URL: p.URL, Key: key, Store: p.Store, Stop: func() error { return errors.Join(stop(), p.Close()) }}, nil
}

// playMeasured serves a world with the remote side of one channel, whose buyers
// write only when told.
func playMeasured(channel sellerdesk.ChannelKind, seed uint64, o sandbox.Options) (*bench.Playground, error) {
	w, err := sandbox.New(seed, o)
	if err != nil {
		return nil, fmt.Errorf("make a world: %w", err)
	}
	for _, side := range remoteSides() {
		if side.channel == channel {
			side.mount(w)
		}
	}
	l, err := listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	traffic := bench.NewTraffic(w.Clock().Now)
	b := &box{World: w, URL: "http://" + l.Addr().String(), listener: l, http: &http.Server{
		Handler: traffic.Handler(w.Handler()), ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}}
	stop := background(context.Background(), b.Run)
	return &bench.Playground{World: w, URL: b.URL, API: w.State().Accounts[0].API, Traffic: traffic, Stop: stop}, nil
}

// openMeasured opens the database of a folder alone.
func openMeasured(ctx context.Context, data string) (*store.Store, error) {
	keys, err := sealingKeys(data)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{Path: filepath.Join(data, databaseFile), Key: keys[0]})
}

// background runs work until the returned function is called, which gives its
// error.
func background(ctx context.Context, run func(context.Context) error) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// broken names the promises that do not hold.
func broken(r bench.Report) error {
	var names []string
	for _, row := range r.Rows {
		if !row.Holds() {
			names = append(names, row.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return sellerdesk.Errorf(sellerdesk.CodeInternal, "Not as promised: %s.", strings.Join(names, "; "))
}

// Marks around the table in the page of benchmarks.
const (
	tableBegins = "<!-- table: written by sellerdesk bench --write -->"
	tableEnds   = "<!-- end of table -->"
)

// writeReport replaces the table in a page.
func writeReport(path string, report bench.Report) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegins)
	_, after, ok2 := strings.Cut(rest, tableEnds)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no marked table", path)
	}
	var table strings.Builder
	if err := report.WriteTable(&table); err != nil {
		return err
	}
	page := before + tableBegins + "\n\n" + table.String() + "\n" + tableEnds + after
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
