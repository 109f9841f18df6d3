package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/client"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/console"
	"github.com/sellerdesk/sellerdesk/internal/health"
)

const (
	// serverClockOff is by how much the clocks of server and doctor may differ.
	serverClockOff = 5 * time.Second
	doctorWaits    = 15 * time.Second
	maxTold        = 64 << 10
)

// examination gathers findings.
type examination struct {
	now      time.Time
	findings []sellerdesk.Finding
}

func (e *examination) add(findings ...sellerdesk.Finding) {
	e.findings = append(e.findings, findings...)
}

func newDoctor() *cobra.Command {
	var language string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what is wrong with an installation",
		Long: "Doctor asks a running server how it fares, and looks itself at the clock, the disk and the address; with --data and no --server it looks at a data folder on which no server runs.\n" +
			"Each line names one thing and, where something is wrong, what to do. It ends with exit code 1 when something does not work; warnings do not count.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			set, err := console.Load(c)
			if err != nil {
				return err
			}
			if language != string(sellerdesk.Russian) && language != string(sellerdesk.English) {
				return sellerdesk.Errorf(sellerdesk.CodeInvalid, "--lang: ru or en, not %q.", language)
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
			return e.tell(c, sellerdesk.Language(language))
		},
	}
	console.Offer(c, config.Server, config.Data, config.Database)
	key := config.Find(config.APIKey)
	c.Flags().String(key.Flag(), key.Default, fmt.Sprintf("%s (%s)", console.ClientUsage(key), key.Variable()))
	c.Flags().Bool("json", false, "answer in JSON")
	c.Flags().StringVar(&language, "lang", string(sellerdesk.English), "language of the lines, ru or en")
	return c
}

// server examines a running server: what it says of itself, and what only shows
// from outside.
func (e *examination) server(ctx context.Context, set config.Config) {
	if !e.probe(ctx, set.Server) {
		e.disk(set.Data)
		return
	}
	if set.APIKey == "" {
		e.add(health.Find("status", sellerdesk.FindingWarn, sellerdesk.CauseKeyNeeded, sellerdesk.Sentence{RU: "нужен ключ сервера", EN: "a key of the server is needed"}))
		e.disk(set.Data)
		return
	}
	c, err := client.New(set.Server, set.APIKey.Reveal())
	if err == nil {
		var status client.Status
		if status, err = c.House.Status(ctx); err == nil {
			e.add(status.Items...)
		}
	}
	if err != nil {
		e.add(health.Find("status", sellerdesk.FindingFail, sellerdesk.CauseKeyNeeded, console.Sentence(console.Unreachable(err))))
	}
	e.disk(set.Data)
}

// probe asks the two addresses that need no key.
func (e *examination) probe(ctx context.Context, base string) bool {
	status, body, date, err := ask(ctx, base+"/healthz")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	if err == nil && body.Status == "" {
		err = errors.New("the answer is none of ours")
	}
	if err != nil {
		e.add(health.Find("server", sellerdesk.FindingFail, sellerdesk.CauseServerDown, base, console.Cause(err)))
		return false
	}
	e.add(health.Fine("server", "Сервер "+base+" отвечает, версия "+body.Version, "The server "+base+" answers, version "+body.Version))
	e.clock(date)
	e.ready(ctx, base)
	return true
}

// clock compares the clock of this machine with that of the server. Which of
// them is wrong the server tells by comparing with the channels.
func (e *examination) clock(server time.Time) {
	off := e.now.Sub(server)
	if server.IsZero() || off.Abs() <= serverClockOff {
		return
	}
	e.add(health.ClockDiffers(off))
}

// ready lists what the server itself says does not work, unless its status tells
// of it too.
func (e *examination) ready(ctx context.Context, base string) {
	status, body, _, err := ask(ctx, base+"/readyz")
	switch {
	case err != nil:
		e.add(health.Find("server/ready", sellerdesk.FindingFail, sellerdesk.CauseServerDown, base+"/readyz", console.Cause(err)))
	case status == http.StatusServiceUnavailable && len(body.Wrong) == 0:
		e.add(health.Find("database", sellerdesk.FindingFail, sellerdesk.CauseDatabaseDown))
	}
	for _, w := range body.Wrong {
		e.add(health.Unready(w.ID, w.Cause))
	}
}

// told is what the two addresses say.
type told struct {
	Status  string `json:"status"`
	Version string `json:"version"`
	Wrong   []struct {
		ID    string           `json:"id"`
		Cause sellerdesk.Cause `json:"cause"`
	} `json:"wrong"`
}

func ask(ctx context.Context, address string) (status int, body told, date time.Time, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, told{}, time.Time{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, told{}, time.Time{}, err
	}
	defer res.Body.Close()
	date, _ = http.ParseTime(res.Header.Get("Date"))                     // zero when it is not told
	_ = json.NewDecoder(io.LimitReader(res.Body, maxTold)).Decode(&body) // what is none of ours is empty
	return res.StatusCode, body, date, nil
}

// disk looks at the data folder where it is on this machine, unless the server
// said how it is.
func (e *examination) disk(dir string) {
	told := slices.ContainsFunc(e.findings, func(f sellerdesk.Finding) bool { return f.ID == "disk" })
	if _, err := os.Stat(dir); err == nil && !told {
		e.add((&health.Disk{Dir: dir}).Look(e.now))
	}
}

// tell prints the findings, and ends with an error when something is wrong.
// What is told twice, as by the server and by looking, is printed once.
func (e *examination) tell(c *cobra.Command, language sellerdesk.Language) error {
	all := onceEach(e.findings)
	wrong := 0
	for _, f := range all {
		if f.State == sellerdesk.FindingFail {
			wrong++
		}
	}
	err := console.PrintOne(c, struct {
		OK       bool                 `json:"ok"`
		Findings []sellerdesk.Finding `json:"findings"`
	}{wrong == 0, all}, func(w io.Writer) error {
		for _, f := range all {
			line := f.Text.In(language)
			if hint := f.Hint.In(language); hint != "" {
				line += ". " + hint
			}
			if _, err := fmt.Fprintf(w, "%-4s  %-18s  %s\n", f.State, f.ID, console.Cell(line, 0)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if wrong > 0 {
		return sellerdesk.Errorf(sellerdesk.CodeInternal, "%d thing(s) do not work; see above.", wrong)
	}
	return nil
}

// onceEach keeps the last finding of each thing and cause, in the order of the
// first.
func onceEach(findings []sellerdesk.Finding) []sellerdesk.Finding {
	var all []sellerdesk.Finding
	for _, f := range findings {
		i := slices.IndexFunc(all, func(g sellerdesk.Finding) bool { return cmp.Compare(g.ID, f.ID) == 0 && g.Cause == f.Cause })
		if i < 0 {
			all = append(all, f)
			continue
		}
		all[i] = f
	}
	return all
}
