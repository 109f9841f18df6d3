package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/storetest"
)

// keysOf reads the key file of a folder and checks that only its owner can.
func keysOf(t *testing.T, data string) []string {
	t.Helper()
	path := filepath.Join(data, keyFile)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(data, ".secret*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	return strings.Fields(string(text))
}

// openable checks that the credentials of account 1 open.
func openable(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Accounts.Credentials(t.Context(), 1)
		if err == nil && c["token"].Reveal() != "secret" {
			err = errors.New("they opened wrongly")
		}
		return err
	})
	if err != nil {
		t.Errorf("the credentials: %v", err)
	}
}

func TestTheSealingKeyIsChangedWhileTheServerRunsAndAtRest(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	start := func() (*program, func()) {
		p, err := open(t.Context(), options{Data: data, APIKey: testKey})
		if err != nil {
			t.Fatal(err)
		}
		stop := background(t.Context(), p.Run)
		return p, func() {
			if err := errors.Join(stop(), p.Close()); err != nil {
				t.Error(err)
			}
		}
	}
	p, end := start()
	storetest.Account(t, p.Store, "Лавка")
	first := keysOf(t, data)
	code, out, stderr := command(t, "secrets", "rotate", "--server", p.URL, "--api-key", testKey.Reveal(), "--json")
	var done sellerdesk.Rotation
	if err := json.Unmarshal([]byte(out), &done); err != nil || code != 0 || done.Sealed != 1 || done.At.IsZero() {
		t.Fatalf("rotate ends with %d: %s%s", code, out, stderr)
	}
	second := keysOf(t, data)
	if len(second) != 1 || second[0] == first[0] {
		t.Errorf("the key file holds %d keys, the former among them: %v", len(second), strings.Contains(strings.Join(second, " "), first[0]))
	}
	openable(t, p.Store)
	var audit list[sellerdesk.AuditEntry]
	err := p.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		audit.Items, _, err = tx.Audit.List(t.Context(), store.AuditQuery{})
		return err
	})
	if err != nil || len(audit.Items) == 0 || audit.Items[0].Kind != sellerdesk.AuditSecretsRotated {
		t.Errorf("the audit holds %+v, %v", audit.Items, err)
	}
	end()

	// The program ended right after the new key was kept: the next start does the rest.
	if err := keyFileOf(data).Add(bytes.Repeat([]byte{7}, 32)); err != nil {
		t.Fatal(err)
	}
	if keys := keysOf(t, data); len(keys) != 2 || keys[1] != second[0] {
		t.Fatalf("%d keys", len(keys))
	}
	// Another time it ended while it wrote them; keysOf looks for what is left.
	if err := os.WriteFile(filepath.Join(data, ".secret.key-123"), []byte(second[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	p, end = start()
	openable(t, p.Store)
	if keys := keysOf(t, data); len(keys) != 1 || keys[0] != strings.Repeat("07", 32) {
		t.Errorf("after the start there are %d keys", len(keys))
	}
	end()

	code, out, stderr = command(t, "secrets", "rotate", "--data", data)
	if keys := keysOf(t, data); code != 0 || !strings.Contains(out, "1 secrets") || len(keys) != 1 || keys[0] == strings.Repeat("07", 32) {
		t.Errorf("at rest rotate ends with %d: %s%s", code, out, stderr)
	}
	p, end = start()
	openable(t, p.Store)
	end()
}
