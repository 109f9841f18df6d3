package web

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/labelling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/persons"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
)

const (
	pagePeople  = 50
	pageEntries = 50
	// longestWords bounds what is looked for, in characters.
	longestWords = 100
)

// peopleScreens are the people behind the conversations.
type peopleScreens struct{ *screens }

func (s peopleScreens) mount() {
	s.person("GET /people", s.people)
	s.person("GET /people/{id}", s.look)
	s.person("GET /people/{id}/live", s.live)
	s.person("GET /people/{id}/history", s.history)
	s.person("GET /people/{id}/candidates", s.candidates)
	s.person("POST /people/{id}/{change}", s.changePerson)
}

// peopleView is a page of people.
type peopleView struct {
	Items  []sellerdesk.Contact
	Next   string // cursor of the next page
	Words  string // what is looked for
	Titles map[sellerdesk.ChannelKind]string
}

// people lists them; as a fragment only the rows.
func (s peopleScreens) people(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	v, seq, err := s.place(r, user, "people")
	if err != nil {
		return err
	}
	p := peopleView{Words: prose.Clip(r.URL.Query().Get("q"), longestWords), Titles: s.titles()}
	cursor := r.URL.Query().Get("cursor")
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		if p.Words != "" {
			p.Items, err = persons.Find(r.Context(), tx.Contacts, user.ID, p.Words)
			return err
		}
		p.Items, p.Next, err = tx.Contacts.List(r.Context(), contacts.Query{User: user.ID, Cursor: cursor, Limit: pagePeople})
		return err
	})
	switch {
	case err != nil:
		return err
	case cursor != "":
		return s.show(w, r, http.StatusOK, morePeople(v, p))
	case isFragment(r):
		return s.show(w, r, http.StatusOK, peopleRows(v, p))
	default:
		return s.show(w, r, http.StatusOK, peoplePage(v, p, seq))
	}
}

// personView is a person with what happened.
type personView struct {
	sellerdesk.Contact
	Entries []sellerdesk.ContactEntry // the newest first
	Next    string                    // cursor of the page before them
	Users   map[sellerdesk.UserID]string
	Titles  map[sellerdesk.ChannelKind]string
	// Accounts name the ways that conversations go through.
	Accounts []sellerdesk.Account
	Writable bool // a chat with them can be started
	Fields   labelling.Fielded
}

// look is the page of one person. That of one who was put into another is the
// page of that other.
func (s peopleScreens) look(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showPerson(w, r, user, http.StatusOK, form{})
}

func (s peopleScreens) showPerson(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, f form) error {
	v, seq, err := s.place(r, user, "people")
	if err != nil {
		return err
	}
	p, err := s.readPerson(r, user, "")
	if err != nil {
		return err
	}
	if asked, _ := pathID[sellerdesk.ContactID](r); asked != p.ID && r.Method == http.MethodGet {
		http.Redirect(w, r, string(personLink(p.ID)), http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, status, personPage(v, p, f, seq))
}

// live is what changes by itself on the page of a person.
func (s peopleScreens) live(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	p, err := s.readPerson(r, user, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, personParts(s.view(r, user), p))
}

// history is the page of entries before those on the screen.
func (s peopleScreens) history(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	p, err := s.readPerson(r, user, r.URL.Query().Get("cursor"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, moreHistory(s.view(r, user), p))
}

func (s peopleScreens) readPerson(r *http.Request, user sellerdesk.User, cursor string) (p personView, err error) {
	n, err := pathID[sellerdesk.ContactID](r)
	if err != nil {
		return p, err
	}
	p.Titles = s.titles()
	ctx := r.Context()
	err = s.store.Read(ctx, func(tx *store.Tx) (err error) {
		if p.Contact, err = tx.Contacts.Get(ctx, n, user.ID); err != nil {
			return err
		}
		if p.Fields, err = labelling.OfContact(ctx, tx, p.Contact); err != nil {
			return err
		}
		if p.Entries, p.Next, err = tx.Contacts.History(ctx, p.ID, cursor, pageEntries); err != nil {
			return err
		}
		if p.Accounts, err = tx.Accounts.List(ctx); err != nil {
			return err
		}
		var users []sellerdesk.UserID
		for _, e := range p.Entries {
			if e.Note != nil && e.Note.User != nil {
				users = frame.Once(users, *e.Note.User)
			}
		}
		p.Users, err = tx.Users.Names(ctx, users)
		return err
	})
	p.Writable = slices.ContainsFunc(p.Accounts, func(a sellerdesk.Account) bool {
		return starts(a) && len(a.Identity.Sources) > 0 && sellerdesk.AccessOf(ctx).MayIn(sellerdesk.RightWork, a.ID)
	})
	return p, err
}

// candidates are the people whom one can be merged with, by their name or phone.
func (s peopleScreens) candidates(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	p, err := s.readPerson(r, user, "")
	if err != nil {
		return err
	}
	words := prose.Clip(r.URL.Query().Get("q"), longestWords)
	var found []sellerdesk.Contact
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		found, err = persons.Find(r.Context(), tx.Contacts, user.ID, words)
		return err
	})
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(c sellerdesk.Contact) bool { return c.ID == p.ID })
	return s.show(w, r, http.StatusOK, mergeChoices(s.view(r, user), p, found))
}

// changePerson does one thing to a person and shows the page again.
func (s peopleScreens) changePerson(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	n, err := pathID[sellerdesk.ContactID](r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	other, ctx := queryID[sellerdesk.ContactID](r.PostForm, "contact"), r.Context()
	switch r.PathValue("change") {
	case "merge":
		err = s.desk.Contacts.Merge(ctx, user.ID, n, other)
	case "unmerge":
		err = s.desk.Contacts.Unmerge(ctx, user.ID, n, other)
	case "dismiss":
		err = s.desk.Contacts.Dismiss(ctx, user.ID, n, other)
	case "notes":
		if _, err = s.desk.Contacts.Note(ctx, user.ID, n, r.PostForm.Get("text")); sellerdesk.CodeOf(err) == sellerdesk.CodeInvalid {
			f, status := s.wrong(r, s.view(r, user), err, map[string]string{"text": r.PostForm.Get("text")}, "text")
			return s.showPerson(w, r, user, status, f)
		}
	default:
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, string(personLink(n)), http.StatusSeeOther)
	return nil
}

// personLink is the address of a person's page.
func personLink(c sellerdesk.ContactID) templ.SafeURL { return templ.SafeURL("/people/" + id(c)) }

// conversationLink is the address of a conversation among all.
func conversationLink(c sellerdesk.ConversationID) templ.SafeURL {
	return templ.SafeURL("/conversations/" + id(c) + "?filter=all")
}

// title names a channel.
func (t threadView) title(kind sellerdesk.ChannelKind) string {
	if s := t.Titles[kind]; s != "" {
		return s
	}
	return string(kind)
}

// mostOthers is how many other conversations of a person stand on the card.
const mostOthers = 6

// others are the newest conversations of the same person beside the open one.
func (t threadView) others() []sellerdesk.Conversation {
	var out []sellerdesk.Conversation
	for _, c := range t.Person.Conversations {
		if c.ID != t.Conversation.ID && len(out) < mostOthers {
			out = append(out, c)
		}
	}
	return out
}
