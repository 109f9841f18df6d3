package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/bench"
)

func TestAPageOfBenchmarksGetsItsTable(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "benchmarks.md")
	if err := os.WriteFile(page, []byte("before\n"+tableBegins+"\nyesterday\n"+tableEnds+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeReport(page, bench.Report{Rows: []bench.Row{{Name: "new"}}}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"before", "| new |", "after"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
	if strings.Contains(string(got), "yesterday") {
		t.Errorf("the old table stands: %s", got)
	}
	if err := os.WriteFile(page, []byte("no marks"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeReport(page, bench.Report{}); err == nil {
		t.Error("a page without marks is written to")
	}
}

func TestAPartThatCannotBeMeasuredIsASentence(t *testing.T) {
	t.Parallel()
	code, _, stderr := command(t, "bench", "--only", "everything")
	oneSentence(t, code, stderr, "is none of", "")
}
