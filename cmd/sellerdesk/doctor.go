package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/health"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// What the doctor worries about.
const (
	littleDisk   = 1 << 30 // bytes
	tokenEnds    = 14 * 24 * time.Hour
	clockOff     = 5 * time.Second
	readingLate  = 5 * time.Minute
	doctorWaits  = 10 * time.Second
	maxTold      = 64 << 10
	findingFine  = "ok"
	findingWarn  = "warn"
	findingWrong = "fail"
)

// finding is one line of the doctor.
type finding struct {
	State string `json:"state"` // ok, warn, fail
	What  string `json:"what"`
	Text  string `json:"text"`
}

// examination gathers findings.
type examination struct {
	now      time.Time
	findings []finding
}

func (e *examination) add(state, what, format string, args ...any) {
	e.findings = append(e.findings, finding{state, what, fmt.Sprintf(format, args...)})
}

func newDoctor() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong with an installation",
		Long: "Doctor asks a running server; with --data and no --server it looks at a data folder on which no server runs.\n" +
			"It ends with an error when something does not work.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := load(c)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(c.Context(), doctorWaits)
			defer cancel()
			e := &examination{now: time.Now()}
			resting := c.Flags().Changed(config.Data) && !c.Flags().Changed(config.Server)
			if resting {
				e.folder(ctx, set)
			} else {
				e.server(ctx, set)
			}
			return e.tell(c.OutOrStdout(), asJSON)
		},
	}
	offer(c, config.Server, config.Data, config.Database)
	key := config.Find(config.APIKey)
	c.Flags().String(key.Flag(), key.Default, fmt.Sprintf("%s (%s)", clientUsage(key), key.Variable()))
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

// server examines a running server from outside.
func (e *examination) server(ctx context.Context, set config.Config) {
	if !e.probe(ctx, set.Server) {
		return
	}
	if _, err := os.Stat(set.Data); err == nil {
		e.disk(set.Data)
	} else {
		e.add(findingWarn, "disk", "not looked at: name the data folder of the server with --data")
	}
	if set.APIKey == "" {
		e.add(findingWarn, "accounts", "not looked at: give the key of the server with --%s", config.APIKey)
		return
	}
	c, err := client.New(set.Server, set.APIKey.Reveal())
	if err != nil {
		e.add(findingWrong, "accounts", "%s", sentence(err))
		return
	}
	accounts, err := c.Accounts.List(ctx)
	if err != nil {
		e.add(findingWrong, "accounts", "%s", sentence(unreachable(err)))
		return
	}
	e.accounts(accounts)
}

// probe asks the two addresses that need no key.
func (e *examination) probe(ctx context.Context, base string) bool {
	health, date, err := ask(ctx, base+"/healthz")
	if err != nil {
		e.add(findingWrong, "server", "%s does not answer: %v", base, cause(err))
		return false
	}
	e.add(findingFine, "server", "%s answers, version %s", base, health.Version)
	if off := e.now.Sub(date).Abs(); !date.IsZero() && off > clockOff {
		e.add(findingWarn, "clock", "the clocks of the server and of this machine differ by %s", off.Round(time.Second))
	} else {
		e.add(findingFine, "clock", "the server and this machine agree on the time")
	}
	if _, _, err := ask(ctx, base+"/readyz"); err != nil {
		e.add(findingWrong, "database", "the server says that its database does not answer")
		return true
	}
	e.add(findingFine, "database", "answers")
	return true
}

// told is what the two addresses say.
type told struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

func ask(ctx context.Context, address string) (told, time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return told{}, time.Time{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return told{}, time.Time{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return told{}, time.Time{}, fmt.Errorf("status %d", res.StatusCode)
	}
	date, _ := http.ParseTime(res.Header.Get("Date")) // zero when it is not told
	var t told
	if err := json.NewDecoder(io.LimitReader(res.Body, maxTold)).Decode(&t); err != nil {
		return told{}, time.Time{}, errors.New("the answer is none of ours")
	}
	return t, date, nil
}

// folder examines a data folder at rest. Opening the database takes its schema
// to this version, as a start would.
func (e *examination) folder(ctx context.Context, set config.Config) {
	if _, err := os.Stat(set.Data); err != nil {
		e.add(findingWrong, "data", "%s: %v", set.Data, cause(err))
		return
	}
	e.disk(set.Data)
	key, err := os.Stat(filepath.Join(set.Data, keyFile))
	switch {
	case err != nil:
		e.add(findingWrong, "key", "%s is missing; without it the credentials cannot be opened", filepath.Join(set.Data, keyFile))
		return
	case key.Mode().Perm()&0o077 != 0:
		e.add(findingWarn, "key", "others on this machine can read %s: chmod 600", filepath.Join(set.Data, keyFile))
	default:
		e.add(findingFine, "key", "there, and only its owner can read it")
	}
	keys, err := sealingKeys(set.Data)
	if err != nil {
		e.add(findingWrong, "key", "%s", sentence(err))
		return
	}
	s, err := store.Open(ctx, store.Options{Path: filepath.Join(set.Data, databaseFile), URL: set.Database.Reveal(), Key: keys[0], OldKeys: keys[1:]})
	if err != nil {
		e.add(findingWrong, "database", "%s", sentence(err))
		return
	}
	defer func() { _ = s.Close() }()
	var accounts []sellerdesk.Account
	err = s.Read(ctx, func(tx *store.Tx) (err error) {
		if accounts, err = tx.Accounts.List(ctx); err != nil {
			return err
		}
		for _, a := range accounts {
			if _, err := tx.Accounts.Credentials(ctx, a.ID); err != nil {
				e.add(findingWrong, "credentials", "those of %s cannot be opened with the key of this folder", a.Name)
			}
		}
		return nil
	})
	if err != nil {
		e.add(findingWrong, "database", "%s", sentence(err))
		return
	}
	e.add(findingFine, "database", "opens (%s)", s.Engine())
	e.accounts(accounts)
}

func (e *examination) disk(dir string) {
	free, err := health.FreeDisk(dir)
	switch {
	case err != nil:
		e.add(findingWarn, "disk", "the free space of %s cannot be told: %v", dir, err)
	case free < littleDisk:
		e.add(findingWarn, "disk", "only %d MB free at %s", free>>20, dir)
	default:
		e.add(findingFine, "disk", "%.1f GB free", float64(free)/(1<<30))
	}
}

// accounts gives a line for each cabinet.
func (e *examination) accounts(accounts []sellerdesk.Account) {
	if len(accounts) == 0 {
		e.add(findingWarn, "accounts", "there is none yet")
	}
	for _, a := range accounts {
		state := findingFine
		worse := func(s string) {
			if state != findingWrong {
				state = s
			}
		}
		said := []string{string(a.State)}
		if a.Reason != "" {
			said = append(said, string(a.Reason))
		}
		switch a.State {
		case sellerdesk.AccountOK:
		case sellerdesk.AccountPaused:
			worse(findingWarn)
		default:
			worse(findingWrong)
		}
		for _, word := range []func(sellerdesk.Account) (string, string){e.token, e.budget, e.reading} {
			s, text := word(a)
			if s != findingFine {
				worse(s)
			}
			if text != "" {
				said = append(said, text)
			}
		}
		e.add(state, fmt.Sprintf("account %d", a.ID), "%s: %s", a.Name, strings.Join(said, "; "))
	}
}

func (e *examination) token(a sellerdesk.Account) (state, text string) {
	text = "token " + a.Identity.Token
	if a.Identity.ReadOnly {
		state, text = findingWarn, text+", read-only: nothing can be answered"
	} else {
		state = findingFine
	}
	if a.Identity.Expires == nil {
		return state, text
	}
	left := a.Identity.Expires.Sub(e.now)
	text += ", until " + a.Identity.Expires.Format(time.DateOnly)
	if left < tokenEnds {
		return findingWarn, text + fmt.Sprintf(" (%d days)", int(left.Hours()/24))
	}
	return state, text
}

func (e *examination) budget(a sellerdesk.Account) (state, text string) {
	var words []string
	for _, b := range a.Budget {
		words = append(words, fmt.Sprintf("%s %d/%d", b.Bucket, b.Remaining, b.Limit))
		if b.Waiting > 0 {
			words[len(words)-1] += fmt.Sprintf(", %d waiting", b.Waiting)
		}
	}
	if words == nil {
		return findingFine, ""
	}
	return findingFine, "budget " + strings.Join(words, ", ")
}

func (e *examination) reading(a sellerdesk.Account) (state, text string) {
	state = findingFine
	var words []string
	for _, s := range a.Streams {
		switch {
		case s.Error != "":
			state = findingWarn
			words = append(words, fmt.Sprintf("%s: %s", s.Stream, s.Error))
		case !s.CaughtUp:
			words = append(words, fmt.Sprintf("%s: %.0f %% of the history read", s.Stream, s.Done*100))
		case s.ReadAt != nil && e.now.Sub(s.ReadAt.Time) > readingLate && a.State == sellerdesk.AccountOK:
			state = findingWarn
			words = append(words, fmt.Sprintf("%s: last read %s ago", s.Stream, e.now.Sub(s.ReadAt.Time).Round(time.Minute)))
		case s.ReadAt != nil:
			words = append(words, fmt.Sprintf("%s: read %s ago", s.Stream, max(e.now.Sub(s.ReadAt.Time), 0).Round(time.Second)))
		}
	}
	return state, strings.Join(words, "; ")
}

// tell prints the findings, and ends with an error when something is wrong.
func (e *examination) tell(w io.Writer, asJSON bool) error {
	wrong := 0
	for _, f := range e.findings {
		if f.State == findingWrong {
			wrong++
		}
	}
	if asJSON {
		err := printJSON(w, struct {
			OK       bool      `json:"ok"`
			Findings []finding `json:"findings"`
		}{wrong == 0, e.findings})
		if err != nil {
			return err
		}
	} else {
		for _, f := range e.findings {
			fmt.Fprintf(w, "%-5s %-12s %s\n", f.State, f.What, f.Text)
		}
	}
	if wrong > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInternal, "%d thing(s) do not work; see above.", wrong)
	}
	return nil
}
