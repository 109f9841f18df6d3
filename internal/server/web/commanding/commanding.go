package commanding

import (
	"net/http"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
)

// boardPath is the page of one's keys.
const boardPath = "/settings/keyboard"

// screens is what the handlers work with.
type screens struct {
	frame.Host
	desk *desk.Desk
}

// Mount mounts the page of the keys and what the palette asks for.
func Mount(h frame.Host) {
	s := screens{Host: h, desk: h.Server.Deps().Desk}
	s.Person("GET "+boardPath, s.board)
	s.Person("POST "+boardPath, s.change)
	s.Person("POST "+boardPath+"/usual", s.usual)
	s.Person("GET /ui/palette", s.palette)
	s.Person("GET /ui/palette/found", s.found)
	s.Person("POST /ui/theme", s.theme)
}

// boardView is the page of the keys: as they are, or as somebody wanted them.
type boardView struct {
	Want  sellerdesk.Shortcuts
	Saved bool
	Error string             // about Wrong
	Wrong sellerdesk.Command // "" for the whole form
}

func (s screens) board(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.showBoard(w, r, user, http.StatusOK, boardView{Want: user.Shortcuts, Saved: r.URL.Query().Get("done") != ""})
}

func (s screens) showBoard(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, b boardView) error {
	v := s.View(r, user)
	return s.House(w, r, user, status, boardPath, v.Commanding.Title, boardPage(v, b))
}

// change keeps the keys that a person chose.
func (s screens) change(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	want := sellerdesk.Shortcuts{Off: r.PostForm.Get("on") == "", Keys: map[sellerdesk.Command]string{}}
	for _, k := range sellerdesk.UsualKeys() {
		if name := "key-" + string(k.Command); !k.Fixed && r.PostForm.Has(name) {
			want.Keys[k.Command] = r.PostForm.Get(name)
		}
	}
	_, err := s.desk.Users.SetPreferences(r.Context(), user.ID, desk.Preferences{Shortcuts: &want})
	switch sellerdesk.CodeOf(err) {
	case "":
		http.Redirect(w, r, boardPath+"?done=saved", http.StatusSeeOther)
		return nil
	case sellerdesk.CodeConflict, sellerdesk.CodeInvalid:
		v := s.View(r, user)
		b := boardView{Want: want, Error: v.Commanding.Wrong}
		if sellerdesk.CodeOf(err) == sellerdesk.CodeConflict {
			b.Error = v.Commanding.Taken
		}
		_, field, status := s.Wrong(r, user, err)
		known := func(k sellerdesk.CommandKey) bool { return string(k.Command) == field }
		if slices.ContainsFunc(sellerdesk.UsualKeys(), known) {
			b.Wrong = sellerdesk.Command(field)
		}
		return s.showBoard(w, r, user, status, b)
	default:
		return err
	}
}

// usual takes all keys back to what they are for who changed nothing.
func (s screens) usual(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if _, err := s.desk.Users.SetPreferences(r.Context(), user.ID, desk.Preferences{Shortcuts: &sellerdesk.Shortcuts{Off: user.Shortcuts.Off}}); err != nil {
		return err
	}
	http.Redirect(w, r, boardPath+"?done=saved", http.StatusSeeOther)
	return nil
}

// theme changes how the person's screens look, from the palette.
func (s screens) theme(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	theme := r.PostFormValue("theme")
	if _, err := s.desk.Users.SetPreferences(r.Context(), user.ID, desk.Preferences{Theme: &theme}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
