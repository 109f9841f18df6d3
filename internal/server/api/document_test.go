package api_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/api"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml anew")

func TestDocumentIsFresh(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "..", "docs", "openapi.yaml")
	want, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.yaml is stale: run go test ./internal/server/api -run Document -update and review the difference")
	}
}
