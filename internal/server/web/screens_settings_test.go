package web

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// fixSettingsScreens are the pages under settings as their package drew them,
// in the frame. Without anybody to look at pictures those are enough in which
// something could be too wide.
func fixSettingsScreens() map[string]func(v *View) templ.Component {
	drawn, err := filepath.Glob("settings/testdata/*.en.html")
	if err != nil || len(drawn) == 0 {
		panic("there are no drawings of the pages under settings")
	}
	looked := os.Getenv("SELLERDESK_TEST_SHOTS") != "" || os.Getenv("SELLERDESK_TEST_AXE") != ""
	all := map[string]func(v *View) templ.Component{}
	for _, path := range drawn {
		name := strings.TrimSuffix(filepath.Base(path), ".en.html")
		if !looked && !slices.Contains([]string{"own", "person", "roles", "hook", "delivery", "audit"}, name) {
			continue
		}
		all["settings-"+name] = func(v *View) templ.Component {
			v.Place = "settings"
			return framed(v, name, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				html, err := os.ReadFile(filepath.Join("settings/testdata", name+"."+string(v.Language)+".html"))
				if err != nil {
					return err
				}
				_, err = io.WriteString(w, strings.ReplaceAll(string(html), `"/static/`, `"`+v.Static+`/`))
				return err
			}), 1)
		}
	}
	return all
}
