package custom

import (
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

// TestTheDescriptionIsTrue holds docs/channels/custom.md against the code: its
// examples are taken, its schema names the fields and words that there are, and its
// table the fields of the account.
func TestTheDescriptionIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/channels/custom.md")
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		var head struct{ Schema, Type string }
		_ = json.Unmarshal([]byte(strings.Replace(block[1], "$schema", "schema", 1)), &head)
		switch head.Type {
		case "object":
			schema(t, []byte(block[1]))
		case outReply:
			told(t, []byte(block[1]))
		default:
			events++
			if got := ack(sellerdesk.Push{Body: []byte(block[1]), Received: now()}); got.Status != http.StatusOK {
				t.Errorf("an example is answered with %s:\n%s", got.Body, block[1])
			}
		}
	}
	if events < 4 {
		t.Errorf("only %d examples were found", events)
	}
	for _, f := range fields() {
		if !strings.Contains(string(text), "| `"+f.Name+"` |") {
			t.Errorf("the field %s is not described", f.Name)
		}
	}
}

// told holds the example of a reply against what is sent.
func told(t *testing.T, block []byte) {
	t.Helper()
	var example, sent map[string]any
	body, err := encode(outgoing{Type: outReply, ID: "9f2c1e…", Kind: "chat", Conversation: "visitor-42", Text: "Yes, two are left.", Files: []outFile{}})
	if err != nil || json.Unmarshal(block, &example) != nil || json.Unmarshal(body, &sent) != nil {
		t.Fatalf("the example of a reply: %s, %v", block, err)
	}
	if d := cmp.Diff(example, sent); d != "" {
		t.Errorf("the example of a reply is not what is sent:\n%s", d)
	}
}

// schema holds the schema against the types of the decoder.
func schema(t *testing.T, block []byte) {
	t.Helper()
	type node struct {
		Properties map[string]*node
		Items      *node
		Enum       []string
	}
	var root node
	if err := json.Unmarshal(block, &root); err != nil {
		t.Fatalf("the schema: %v", err)
	}
	for _, c := range []struct {
		name string
		node *node
		of   any
	}{
		{"the event", &root, event{}}, {"from", root.Properties["from"], person{}}, {"message", root.Properties["message"], message{}},
		{"product", root.Properties["product"], product{}}, {"a file", root.Properties["message"].Properties["files"].Items, file{}},
	} {
		var want, got []string
		for f := range reflect.TypeOf(c.of).Fields() {
			want = append(want, f.Tag.Get("json"))
		}
		for name := range c.node.Properties {
			got = append(got, name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("the schema of %s has other fields:\n%s", c.name, d)
		}
	}
	for _, word := range root.Properties["type"].Enum {
		e := event{Type: word, Conversation: "7", Status: "read", Message: message{ID: "1", Text: "x"}}
		if err := e.check(); err != nil && word != eventPing {
			t.Errorf("the type %s: %v", word, err)
		}
	}
	for _, word := range root.Properties["status"].Enum {
		if (&event{Status: word}).standing() == "" {
			t.Errorf("the status %s is not known", word)
		}
	}
}
