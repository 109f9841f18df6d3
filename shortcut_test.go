package sellerdesk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

func TestKeysThatAPersonWantsAreChecked(t *testing.T) {
	t.Parallel()
	type keys = map[sellerdesk.Command]string
	for name, c := range map[string]struct {
		keys  keys
		code  sellerdesk.Code
		field string
	}{
		"none differ":                                {nil, "", ""},
		"another letter":                             {keys{"reply": "KeyQ"}, "", ""},
		"a letter with Shift":                        {keys{"reply": "Shift+KeyR"}, "", ""},
		"no key at all":                              {keys{"reply": "", "note": ""}, "", ""},
		"two that change places":                     {keys{"reply": "KeyN", "note": "KeyR"}, "", ""},
		"the second key of going":                    {keys{"go_people": "Go+KeyB"}, "", ""},
		"one that another has":                       {keys{"reply": "KeyJ"}, sellerdesk.CodeConflict, "reply"},
		"a command there is not":                     {keys{"dance": "KeyQ"}, sellerdesk.CodeInvalid, "shortcuts"},
		"a command whose key is fixed":               {keys{"send": "KeyQ"}, sellerdesk.CodeInvalid, "shortcuts"},
		"a key that means something to the browser":  {keys{"reply": "Tab"}, sellerdesk.CodeInvalid, "reply"},
		"a key with Ctrl":                            {keys{"reply": "Ctrl+KeyR"}, sellerdesk.CodeInvalid, "reply"},
		"a letter that no keyboard has":              {keys{"reply": "KeyЙ"}, sellerdesk.CodeInvalid, "reply"},
		"going where nobody goes":                    {keys{"reply": "Go+KeyR"}, sellerdesk.CodeInvalid, "reply"},
		"a place without going":                      {keys{"go_people": "KeyB"}, sellerdesk.CodeInvalid, "go_people"},
		"a long text instead of a command":           {keys{sellerdesk.Command(string(make([]byte, 1000))): ""}, sellerdesk.CodeInvalid, "shortcuts"},
		"Shift twice":                                {keys{"reply": "Shift+Shift+KeyR"}, sellerdesk.CodeInvalid, "reply"},
		"the place of another place":                 {keys{"go_people": "Go+KeyI"}, sellerdesk.CodeConflict, "go_people"},
		"a key that is free since its own has moved": {keys{"next": "KeyQ", "reply": "KeyJ"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := sellerdesk.Shortcuts{Keys: c.keys}.Check()
			if got := sellerdesk.CodeOf(err); got != c.code {
				t.Fatalf("got %q: %v", got, err)
			}
			if e, ok := err.(*sellerdesk.Error); ok && c.code == sellerdesk.CodeInvalid && e.Field != c.field {
				t.Errorf("the error is about %q", e.Field)
			}
			if c.code == sellerdesk.CodeConflict && err.(*sellerdesk.Error).Field == "" {
				t.Error("the error names no command")
			}
		})
	}
}

func TestOnlyKeysThatDifferAreKept(t *testing.T) {
	t.Parallel()
	want := sellerdesk.Shortcuts{Off: true, Keys: map[sellerdesk.Command]string{"reply": "KeyQ", "tag": ""}}
	got := sellerdesk.Shortcuts{Off: true, Keys: map[sellerdesk.Command]string{"reply": "KeyQ", "next": "KeyJ", "tag": "", "dance": "KeyD"}}.Differing()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, k := range got.All() {
		if k.Command == "reply" && k.Key != "KeyQ" || k.Command == "tag" && k.Key != "" || k.Command == "next" && k.Key != "KeyJ" {
			t.Errorf("%s has %q", k.Command, k.Key)
		}
	}
}

func TestNoTwoCommandsShareAUsualKey(t *testing.T) {
	t.Parallel()
	if err := (sellerdesk.Shortcuts{}).Check(); err != nil {
		t.Error(err)
	}
}
