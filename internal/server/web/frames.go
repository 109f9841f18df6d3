package web

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/settings"
)

// host is what the packages of screens need of this one.
func (s *screens) host() frame.Host {
	return frame.Host{
		Server: s.server,
		Person: func(pattern string, h frame.Handler) { s.person(pattern, handler(h)) },
		Large: func(pattern string, limit int64, h frame.Handler) {
			s.server.HandleBody(pattern, limit, s.known(handler(h)))
		},
		View: func(r *http.Request, user sellerdesk.User) *frame.View { return s.view(r, user).frame() },
		Part: s.show,
		Page: func(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, place, title string, content templ.Component) error {
			v, seq, err := s.place(r, user, place)
			if err != nil {
				return err
			}
			return s.show(w, r, status, framed(v, title, content, seq))
		},
		House: func(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, path, title string, content templ.Component) error {
			v := s.settingsView(r, user)
			v.Page = path
			return s.showSettings(w, r, user, status, title, settings.Beside(v, title, content))
		},
		Wrong: func(r *http.Request, user sellerdesk.User, err error) (words, field string, status int) {
			f, status := s.wrong(r, s.view(r, user), err, nil)
			return f.Error, f.Field, status
		},
		Titles: s.titles,
		Row: func(r *http.Request, user sellerdesk.User, c sellerdesk.Conversation, around frame.Around, address string) templ.Component {
			return row(s.view(r, user), listView{Accounts: around.Accounts, Names: around.Names, Titles: s.titles()}, c, address)
		},
	}
}

// frame is the view as the packages of screens know it.
func (v *View) frame() *frame.View {
	return &frame.View{Table: v.Texts, House: v.House, User: v.User, Access: v.may, Now: v.Now, Zone: v.Zone, Static: v.Static, Nonce: v.Nonce}
}
