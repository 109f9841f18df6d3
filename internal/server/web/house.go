package web

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/settings"
)

// mountSettings gives the pages under settings their place in the frame.
func (s *screens) mountSettings() {
	settings.Mount(settings.Host{
		Server: s.server,
		Person: func(pattern string, h settings.Handler) { s.person(pattern, handler(h)) },
		View:   s.settingsView,
		Part:   s.show,
		Show:   s.showSettings,
		Base:   baseOf,
		Wrong: func(r *http.Request, user sellerdesk.User, err error) (words, field string, status int) {
			f, status := s.wrong(r, s.view(r, user), err, nil)
			return f.Error, f.Field, status
		},
	})
}

func (s *screens) settingsView(r *http.Request, user sellerdesk.User) *settings.View {
	v := s.view(r, user)
	return &settings.View{Table: v.Texts, House: v.House, User: user, Access: v.may, Now: v.Now, Zone: v.Zone, Static: v.Static}
}

// showSettings answers with a page under settings in the frame of all pages.
func (s *screens) showSettings(w http.ResponseWriter, r *http.Request, user sellerdesk.User, status int, title string, content templ.Component) error {
	v, seq, err := s.place(r, user, "settings")
	if err != nil {
		return err
	}
	return s.show(w, r, status, framed(v, title, content, seq))
}
