package seal

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every column of bytes is sealed or known not to be: one that is sealed and not
// listed would be lost with the key before.
func TestEverySealedColumnIsSealedAnew(t *testing.T) {
	t.Parallel()
	open := []string{ // hashes, and bytes of others
		"pushes.body", "uploads.hash", "recovery_codes.hash", "links.token_hash", "sessions.token_hash", "keys.hash",
		"sessions.old_hash", "answers.body_hash", "answers.body", "files.remote", "uploads.remote", "skipped.raw", "files.hash", "conversations.remote", "messages.remote", "outbox.payload",
	}
	var sealed []string
	for _, p := range places() {
		sealed = append(sealed, p.table+"."+p.column)
	}
	files, err := os.ReadDir("../migrations")
	if err != nil {
		t.Fatal(err)
	}
	create := regexp.MustCompile(`(?i)^\s*(?:create table|alter table) (\w+)`)
	column := regexp.MustCompile(`^\s*(?:ALTER TABLE \w+ ADD COLUMN )?(\w+)\s+\{bytes\}`)
	found := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile("../migrations/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		table := ""
		for line := range strings.Lines(string(text)) {
			if m := create.FindStringSubmatch(line); m != nil {
				table = m[1]
			}
			if m := column.FindStringSubmatch(line); m != nil {
				found[table+"."+m[1]] = true
			}
		}
	}
	for name := range found {
		if !slices.Contains(open, name) && !slices.Contains(sealed, name) {
			t.Errorf("%s holds bytes: is it sealed? Then it belongs to places, else to the list here", name)
		}
	}
	for _, name := range sealed {
		if !found[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
