package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/config"
)

func source(flags, variables map[string]string) config.Source {
	look := func(m map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
	}
	return config.Source{Given: look(flags), Getenv: look(variables)}
}

func TestAFlagBeatsItsVariableAndAVariableTheDefault(t *testing.T) {
	t.Parallel()
	got, err := config.Load(source(
		map[string]string{"listen": "127.0.0.1:1"},
		map[string]string{"SELLERDESK_LISTEN": "127.0.0.1:2", "SELLERDESK_DATA": "d", "SELLERDESK_SERVER": "http://x:1/"},
	))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Listen: "127.0.0.1:1", SandboxListen: "127.0.0.1:8485", Data: "d", Server: "http://x:1", Log: "info",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAValueThatCannotWorkIsRefusedWithTheNamesOfItsSetting(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 201)
	tests := map[string]struct{ flag, value, want string }{
		"an address without a port":       {"listen", "localhost", "SELLERDESK_LISTEN"},
		"a port that is none":             {"sandbox-listen", "127.0.0.1:70000", "70000"},
		"a database of another kind":      {"database", "mysql://u:secret-word@h/n", "postgres://"},
		"a short key":                     {"api-key", "secret-word", "16 to 200"},
		"a long key":                      {"api-key", long, "16 to 200"},
		"a key with a tab":                {"api-key", "secret-word\tsecret-word", "printable"},
		"a key of spaces":                 {"api-key", "    secret-word    ", "between its spaces"},
		"a key in Russian":                {"api-key", "секретный-ключ-секретный", "printable"},
		"a server without a scheme":       {"server", "127.0.0.1:8484", "SELLERDESK_SERVER"},
		"a public address without https":  {"public-url", "http://inbox.example.org", "https://"},
		"a public address with a secret":  {"public-url", "https://user:secret-word@inbox.example.org", "https://"},
		"a level of logging nobody knows": {"log", "loud", "debug, info"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(source(map[string]string{tt.flag: tt.value}, nil))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "--"+tt.flag) {
				t.Fatalf("want a sentence with %q, got %v", tt.want, err)
			}
			if strings.Contains(err.Error(), "secret-word") || strings.Contains(err.Error(), long) {
				t.Fatalf("the sentence shows a secret: %v", err)
			}
		})
	}
}

func TestKeyIsAnyPrintableASCII(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"0123456789abcdef", "one two three four", `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`, strings.Repeat("k", 200)} {
		if err := config.CheckAPIKey(sellerdesk.Secret(key)); err != nil {
			t.Errorf("the key %q is refused: %v", key, err)
		}
	}
}

func TestLoopbackKnowsWhatLeavesTheMachine(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]bool{
		"127.0.0.1:8484": true, "localhost:1": true, "[::1]:1": true, "127.8.8.8:1": true,
		":8484": false, "0.0.0.0:1": false, "[::]:1": false, "192.168.1.2:1": false, "example.com:1": false, "nonsense": false,
	} {
		if got := config.Loopback(listen); got != want {
			t.Errorf("Loopback(%q) = %v", listen, got)
		}
	}
}
