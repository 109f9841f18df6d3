package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/starting"
)

// fixMessengerScreens are the screens of messengers and people.
func fixMessengerScreens() map[string]func(v *View) templ.Component {
	chat := func(window string) func(v *View) templ.Component {
		return func(v *View) templ.Component {
			l, t := fixList(filterAll), fixMessenger(fixWindows()[window])
			l.Accounts = append(l.Accounts, fixGate().Account)
			l.Items = append(fixChats(), l.Items...)
			l.Open, l.Titles["gate"] = t.Conversation.ID, "Шлюз"
			return inboxPage(v, l, t, 7)
		}
	}
	return map[string]func(v *View) templ.Component{
		"window-open": chat("open"), "window-soon": chat("soon"), "window-shut": chat("shut"), "window-unpaid": chat("unpaid"),
		"start-person": func(v *View) templ.Component {
			person := fixPerson().Contact
			f := startView{Key: "k", Person: &person, Offer: starting.Offered([]sellerdesk.Account{fixGate().Account, fixAccounts()[0].Account})}
			f.form = form{Values: map[string]string{"phone": "8 (999) 12", "way": "4/11", "to": "person"}, Field: "phone", Error: "Это не похоже на номер телефона: нужны от 7 до 15 цифр.", known: []string{"phone"}}
			return startPage(v, f, 1)
		},
		"account-gate": func(v *View) templ.Component {
			a := fixGate()
			a.Templates, a.TemplatesAt = composing.Sorted(fixTemplates(), ""), ptr(ago(20*time.Minute))
			v.Place = "accounts"
			return accountPage(v, a, form{}, 1)
		},
		"people": func(v *View) templ.Component {
			p := fixPeople()
			p.Next = ""
			v.Place = "people"
			return peoplePage(v, p, 7)
		},
		"people-none": func(v *View) templ.Component {
			v.Place = "people"
			return peoplePage(v, peopleView{Words: "борис"}, 7)
		},
		"person":       func(v *View) templ.Component { v.Place = "people"; return personPage(v, fixPerson(), form{}, 7) },
		"person-merge": func(v *View) templ.Component { v.Place = "people"; return personPage(v, fixPerson(), form{}, 7) },
		"person-bare": func(v *View) templ.Component {
			v.Place = "people"
			return personPage(v, personView{Contact: sellerdesk.Contact{ID: 5}}, form{Values: map[string]string{"text": " "}, Field: "text", Error: "Заметка пуста."}, 7)
		},
		"compose-template": chat("shut"), "compose-buttons": chat("open"), "compose-menu": chat("open"),
	}
}

// fixActs are what is done on a screen before it is looked at.
func fixActs() map[string]string {
	typing := `const put = (selector, text, i = 0) => { const e = document.querySelectorAll("#panel " + selector)[i]; if (!e) return; e.value = text; e.dispatchEvent(new Event("input", {bubbles: true})); };`
	later := func(js string) string { return `setTimeout(() => {` + typing + js + `}, 150);` }
	return map[string]string{
		"compose-template": `document.querySelector(".template-row").click();` + later(`put("[data-variable]", "12345"); put("[data-variable]", "Анна", 1); put("[data-variable]", "на ул. Лесной, дом 5, корпус 2, вход со двора, домофон 17", 2); document.querySelector("#panel .send").click();`),
		"person-merge":     `document.querySelector("[data-opens]").click(); setTimeout(() => document.querySelectorAll("#merge summary")[1]?.click(), 220);`,
		"compose-buttons":  `document.querySelector("[data-panel=buttons]").click();` + later(`put("[data-part=header]", "Перенос выдачи"); put("[data-part=body]", "Когда вам удобно забрать заказ?"); put("[data-part=button]", "Завтра"); put("[data-part=button]", "Завтра", 1);`),
		"compose-menu":     `document.querySelector("[data-panel=menu]").click();` + later(`put("[data-part=body]", "Выберите удобное время:"); put("[data-part=row]", "9:00–10:00"); put("[data-part=hint]", "обычно без очереди"); document.querySelector("[data-add=section]").click(); put("[data-part=section]", "Утро"); put("[data-part=section]", "Вечер", 1); put("[data-part=row]", "19:00–20:00", 2);`),
	}
}

// fixFragments answers what the screens ask for after they are drawn.
func fixFragments(mux *http.ServeMux, view func(*http.Request) *View) {
	fixPersons(mux, view)
	mux.HandleFunc("/ui/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /ui/conversations/{id}/templates", func(w http.ResponseWriter, r *http.Request) {
		list := composing.Sorted(fixTemplates(), "10")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if t, ok := composing.Find(list, r.FormValue("name"), r.FormValue("language")); ok {
			_ = templateForm(fixSpoken(view, r), t).Render(r.Context(), w)
			return
		}
		_ = templateChooser(fixSpoken(view, r), 700, list).Render(r.Context(), w)
	})
	mux.HandleFunc("GET /ui/conversations/{id}/interactive", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = interactiveForm(fixSpoken(view, r), sellerdesk.InteractiveKind(r.FormValue("kind")), fixLimits()).Render(r.Context(), w)
	})
}

// fixPersons answers what the page of a person asks for.
func fixPersons(mux *http.ServeMux, view func(*http.Request) *View) {
	mux.HandleFunc("GET /people/{id}/candidates", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = mergeChoices(fixSpoken(view, r), fixPerson(), fixPeople().Items[1:]).Render(r.Context(), w)
	})
}

// fixSpoken takes the language from the page that asks.
func fixSpoken(view func(*http.Request) *View, r *http.Request) *View {
	if strings.Contains(r.Referer(), "lang=en") {
		q := r.URL.Query()
		q.Set("lang", "en")
		r.URL.RawQuery, r.Form = q.Encode(), nil
	}
	return view(r)
}
