package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// TestScripts runs the program as a shell does, each script against a house of
// its own: two reviews that are overdue (1 and 2), one that is not (3), and a
// chat with a buyer whose name a terminal would obey (4).
func TestScripts(t *testing.T) {
	t.Parallel()
	if raceDetector {
		t.Skip("takes a minute under the race detector, which meets the same code in other tests")
	}
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			h := servertest.New(t, nil)
			h.Review(t, "Anna", servertest.Start().Add(-26*time.Hour), 1, "It broke")
			h.Review(t, "Boris", servertest.Start().Add(-25*time.Hour), 5, "Good")
			h.Review(t, "Clara", servertest.Start().Add(-time.Hour), 5, "Fine")
			name, at := "Olga\x1b[2J", sellerdesk.At(servertest.Start().Add(-time.Minute))
			h.Hear(t, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: "olga", BuyerName: &name, CreatedAt: &at, UpdatedAt: &at},
				sellerdesk.MessagePatch{Kind: sellerdesk.KindChat, Conversation: "olga", RemoteID: "1", Author: sellerdesk.AuthorBuyer, Text: "Hello\x1b[31m", At: at})
			testscript.Run(t, testscript.Params{
				Files:               []string{file},
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				Cmds:                map[string]func(*testscript.TestScript, bool, []string){"ends": ends},
				Setup: func(e *testscript.Env) error {
					e.Setenv(config.Find(config.Server).Variable(), h.URL)
					e.Setenv(config.Find(config.APIKey).Variable(), servertest.Key)
					e.Setenv("TZ", "UTC")
					return nil
				},
			})
		})
	}
}

// ends runs a program that must end with a code: ends CODE PROGRAM ARGUMENT...
func ends(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: ends CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v: %v", args[1:], err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v ends with %d, want %d", args[1:], got, want)
	}
}
