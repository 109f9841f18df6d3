package commanding

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

func TestWhatWasTypedInTheWrongLayoutIsUnderstood(t *testing.T) {
	t.Parallel()
	for typed, meant := range map[string]string{
		"ghbdtn": "привет", "jndtnbnm": "ответить", "Ye;ty jndtn": "нужен ответ", "штищч": "inbox", "рудз": "help",
		"yfcnhjqrb": "настройки", "привет": "ghbdtn", "user4521": "гыук4521", "смесь letters": "смесь letters", "": "", "ёж": "`;",
	} {
		if got := Otherwise(typed); got != meant {
			t.Errorf("%q is %q, not %q", typed, got, meant)
		}
	}
}

func TestThePaletteFindsACommandInBothLanguagesAndLayouts(t *testing.T) {
	t.Parallel()
	for _, lang := range []sellerdesk.Language{sellerdesk.Russian, sellerdesk.English} {
		v := &frame.View{Table: texts.Russian(), House: texts.HouseOf(lang)}
		if lang == sellerdesk.English {
			v.Table = texts.English()
		}
		all := commands(v)
		for _, c := range []struct {
			typed string
			does  sellerdesk.Command
		}{
			{"ответ", "reply"}, {"answer", "reply"}, {"jndtn", "reply"}, {"фтыцук", "reply"},
			{"отлож", "snooze"}, {"snoo", "snooze"}, {"jnkj;", "snooze"}, {"назнач", "assign"}, {"метк", "tag"}, {"vtnr", "tag"},
			{"горячие", "help"}, {"shortcuts", "help"}, {"найти", "search"}, {"yfqnb", "search"},
		} {
			found := false
			for _, one := range all {
				found = found || one.Run == c.does && fits(one.Words, c.typed)
			}
			if !found {
				t.Errorf("in %s %q does not find %s", lang, c.typed, c.does)
			}
		}
		for _, one := range all {
			if fits(one.Words, "нетакогослова") {
				t.Errorf("%s is found by nonsense", one.Name)
			}
		}
	}
}

func TestThePaletteLeadsOnlyWhereThereIsAPageAndARight(t *testing.T) {
	t.Parallel()
	v := &frame.View{Table: texts.English(), House: texts.EnglishHouse(), Access: sellerdesk.Access{User: 2}}
	routes := []string{"GET /{$}", "GET /people", "GET /settings", "GET /settings/people"}
	var links []string
	for _, one := range places(v, routes) {
		links = append(links, one.Link)
	}
	if diff := cmp.Diff([]string{"/", "/?filter=unread", "/?filter=all", "/?filter=closed", "/settings"}, links); diff != "" {
		t.Error(diff)
	}
	v.Access = sellerdesk.FullAccess(1)
	if n := len(places(v, routes)); n != 7 {
		t.Errorf("the owner is led to %d pages", n)
	}
}

func TestEachCommandStandsInTheSheetOnceWithItsName(t *testing.T) {
	t.Parallel()
	times := map[sellerdesk.Command]int{}
	for _, named := range groups() {
		for _, c := range named {
			times[c]++
		}
	}
	for _, k := range sellerdesk.UsualKeys() {
		if times[k.Command] != 1 {
			t.Errorf("%s stands %d times in the sheet", k.Command, times[k.Command])
		}
		for _, h := range []*texts.House{texts.RussianHouse(), texts.EnglishHouse()} {
			if h.Commanding.Names[k.Command] == "" {
				t.Errorf("%s has no name", k.Command)
			}
		}
	}
}

func TestAKeyIsWrittenWithTheLettersOfBothLayouts(t *testing.T) {
	t.Parallel()
	all := sellerdesk.UsualKeys()
	for key, want := range map[string]string{
		"KeyR": "R К", "Shift+KeyX": "Shift X Ч", "Go+KeyI": "G/П I Ш", "Shift+Slash": "?", "Ctrl+KeyK": "Ctrl K Л", "Ctrl+Shift+Enter": "Ctrl Shift Enter",
		"Comma": ", Б", "Digit1": "1",
	} {
		p := write(key, all)
		if got := strings.Join(append(p.Held, p.Caps...), " "); got != want {
			t.Errorf("%s is written %q, not %q", key, got, want)
		}
	}
}
