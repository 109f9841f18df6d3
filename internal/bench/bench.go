package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/sandbox"
)

// Rig is how the product and a world to play with are started.
type Rig struct {
	// Dir is a folder for the data; the caller removes it.
	Dir string
	// Channel is that of the cabinets that are read, and of accounts that are
	// rows only.
	Channel sellerdesk.ChannelKind
	// Pushing is a channel that pushes.
	Pushing sellerdesk.ChannelKind
	// Database names a PostgreSQL database for the part "day"; empty: SQLite.
	Database string
	// Start runs the product in this process on a data folder, or on Database, without
	// reading from remote sides of its own.
	Start func(ctx context.Context, data string) (*Program, error)
	// Command prepares the product as a process of its own.
	Command func(args ...string) *exec.Cmd
	// Play serves a world with the remote side of a channel.
	Play func(channel sellerdesk.ChannelKind, seed uint64, o sandbox.Options) (*Playground, error)
	// OpenStore opens the database of a data folder on which no product runs.
	OpenStore func(ctx context.Context, data string) (*store.Store, error)
	// Driver opens the cabinets of a world that is read without the product.
	Driver channel.Driver
	// Percent is the size of the world of the part "cabinets"; 0 means 100.
	Percent int
	// Progress hears how far a step is. May be nil.
	Progress func(step string, done, total int)
	// Only lists the parts to measure, by the names of [Parts]; empty means all.
	Only []string
	// Short measures with a hundredth of the rows and a quarter of the rounds.
	Short bool
}

// Program is a running product.
type Program struct {
	URL   string // base address, without a slash at the end
	Key   sellerdesk.Secret
	Store *store.Store
	Stop  func() error
}

// Playground is a served world.
type Playground struct {
	World *sandbox.World
	URL   string // base address, without a slash at the end
	API   string // the remote side that is played with
	// Traffic counts what comes to it.
	Traffic *Traffic
	Stop    func() error
}

// Tell tells how far a step is.
func (r *Rig) Tell(step string, done, total int) { r.progress(step, done, total) }

func (r *Rig) progress(step string, done, total int) {
	if r.Progress != nil {
		r.Progress(step, done, total)
	}
}

// Row is one measured figure and the bound it must keep.
type Row struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Bound is the promise; 0 means that none is made. AtLeast tells on which
	// side of it the value must lie.
	Bound   float64 `json:"bound"`
	AtLeast bool    `json:"at_least"`
	Note    string  `json:"note"`
}

// Holds tells whether the bound is kept.
func (r Row) Holds() bool {
	switch {
	case r.Bound == 0 && r.Unit == "faults":
		return r.Value == 0
	case r.Bound == 0:
		return true
	case r.AtLeast:
		return r.Value >= r.Bound
	default:
		return r.Value < r.Bound
	}
}

// Report is everything of one run.
type Report struct {
	Machine Machine `json:"machine"`
	Short   bool    `json:"short"`
	Rows    []Row   `json:"rows"`
}

// Parts lists what can be measured, in order.
func Parts() []string {
	return []string{"ingest", "list", "events", "start", "kills", "drain", "resume", "changes", "people", "pushes", "webhooks", "followers", "search", "cabinets", "day"}
}

// Wants tells whether a part is to be measured.
func (r *Rig) Wants(part string) bool { return r.wants(part) }

// wants tells whether one of the parts is to be measured.
func (r *Rig) wants(parts ...string) bool {
	return len(r.Only) == 0 || slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(r.Only, p) })
}

// Run measures everything that is wanted. It goes on after a part that cannot be measured and
// gives what there is together with the error.
func Run(ctx context.Context, rig *Rig) (Report, error) {
	report := Report{Machine: thisMachine(), Short: rig.Short}
	var errs []error
	add := func(rows []Row, err error) {
		report.Rows = append(report.Rows, rows...)
		if err != nil {
			errs = append(errs, err)
		}
	}
	if rig.wants("ingest") {
		add(ingest(ctx, rig))
	}
	data := filepath.Join(rig.Dir, "large")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return report, fmt.Errorf("make the data folder: %w", err)
	}
	if rig.wants("list", "events", "start") {
		add(large(ctx, rig, data))
	}
	if rig.wants("start") {
		add(process(ctx, rig, data))
	}
	if rig.wants("kills") {
		add(kills(ctx, rig))
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context, *Rig) ([]Row, error)
	}{{"drain", drain}, {"resume", resume}, {"changes", changes}, {"people", people}, {"pushes", pushes}, {"webhooks", webhooks}, {"followers", followers}, {"search", search}, {"cabinets", cabinets}} {
		if rig.wants(part.name) {
			add(part.measure(ctx, rig))
		}
	}
	return report, errors.Join(errs...)
}
