package talking

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// pageRows is how much one page of the bell holds.
const pageRows = 50

// screens is what the handlers work with.
type screens struct{ frame.Host }

// Mount mounts the pages of the bell.
func Mount(h frame.Host) {
	s := screens{h}
	h.Person("GET /notifications", s.list)
	h.Person("GET /notifications/{id}", s.open)
	h.Person("POST /notifications/read", s.read)
	h.Person("GET /ui/bell", s.bell)
}

// Unread counts what a person has not looked at, for the bell.
func Unread(ctx context.Context, tx *store.Tx, user sellerdesk.UserID) (int, error) {
	return tx.Talk.Notifications.Unread(ctx, user)
}

// bellView is a page of what one was told of.
type bellView struct {
	Items  []sellerdesk.Notification
	Tasks  []sellerdesk.Task
	Next   string
	Unread int
	names  map[sellerdesk.UserID]string
}

// newest is up to where all counts as seen by whoever looks at the page.
func (p bellView) newest() sellerdesk.NotificationID {
	if len(p.Items) == 0 {
		return 0
	}
	return p.Items[0].ID
}

func (p bellView) more() string { return "/notifications?cursor=" + url.QueryEscape(p.Next) }

// why says why somebody is told of something.
func (p bellView) why(v *frame.View, n sellerdesk.Notification) string {
	if n.By == nil {
		return v.House.Talking.Why[n.Kind]
	}
	return v.House.Talking.WhyBy(n.Kind, cmp.Or(prose.Clip(prose.Line(p.names[*n.By]), longestName), v.House.Talking.Gone))
}

// list is the page of the bell.
func (s screens) list(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	ctx, desk := r.Context(), s.Server.Deps().Desk
	var p bellView
	var err error
	if p.Items, p.Next, err = desk.Notifications.List(ctx, false, r.URL.Query().Get("cursor"), pageRows); err != nil {
		return err
	}
	if r.URL.Query().Get("cursor") == "" {
		if p.Tasks, _, err = desk.Tasks.Open(ctx, true, "", pageRows); err != nil {
			return err
		}
	}
	err = s.Server.Deps().Store.Read(ctx, func(tx *store.Tx) error {
		if p.Unread, err = Unread(ctx, tx, user.ID); err != nil {
			return err
		}
		var ids []sellerdesk.UserID
		for _, n := range p.Items {
			if n.By != nil {
				ids = frame.Once(ids, *n.By)
			}
		}
		p.names, err = tx.Users.Names(ctx, ids)
		return err
	})
	if err != nil {
		return err
	}
	v := s.View(r, user)
	return s.Page(w, r, user, http.StatusOK, "bell", v.House.Talking.Bell, bellPage(v, p))
}

// open leads to the conversation that one was told of, which is looked at with it.
func (s screens) open(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.NotificationID](r, "id")
	if err != nil {
		return err
	}
	var list []sellerdesk.Notification
	err = s.Server.Deps().Store.Read(r.Context(), func(tx *store.Tx) error {
		list, _, err = tx.Talk.Notifications.List(r.Context(), store.NotificationQuery{User: user.ID, Cursor: "0." + frame.ID(id+1), Limit: 1})
		return err
	})
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].ID != id {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	if _, err := s.Server.Deps().Desk.Notifications.Read(r.Context(), []sellerdesk.NotificationID{id}, 0); err != nil {
		return err
	}
	address := "/conversations/" + frame.ID(list[0].Conversation)
	if list[0].Note != nil {
		address += "#n" + frame.ID(*list[0].Note)
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// read notes that one has looked at all up to what the page showed.
func (s screens) read(w http.ResponseWriter, r *http.Request, _ sellerdesk.User) error {
	upTo, err := strconv.ParseInt(r.PostFormValue("up_to"), 10, 64)
	if err != nil || upTo < 1 {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.")
	}
	if _, err := s.Server.Deps().Desk.Notifications.Read(r.Context(), nil, sellerdesk.NotificationID(upTo)); err != nil {
		return err
	}
	http.Redirect(w, r, "/notifications", http.StatusSeeOther)
	return nil
}

// bell is the bell by itself, after something rang.
func (s screens) bell(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	var n int
	err := s.Server.Deps().Store.Read(r.Context(), func(tx *store.Tx) (err error) {
		n, err = Unread(r.Context(), tx, user.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.Part(w, r, http.StatusOK, Bell(s.View(r, user), n, r.URL.Query().Get("here") == "yes"))
}

// bellCount says how much is new, shortly.
func bellCount(n int) string {
	if n > 99 {
		return "99+"
	}
	return strconv.Itoa(n)
}

func current(here bool) templ.Attributes {
	if here {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

// pictureOf is the picture of why somebody is told.
func pictureOf(k sellerdesk.NotificationKind) string {
	switch k {
	case sellerdesk.NotificationMention:
		return "at-sign"
	case sellerdesk.NotificationAssigned:
		return "user"
	case sellerdesk.NotificationWoke:
		return "clock"
	case sellerdesk.NotificationTask:
		return "list-checks"
	default:
		return "bell"
	}
}

func followAction(s Side) string {
	if s.Follows {
		return string(sellerdesk.ActionUnfollow)
	}
	return string(sellerdesk.ActionFollow)
}

func followHint(v *frame.View, s Side) string {
	if s.Follows {
		return v.House.Talking.Following + ". " + v.House.Talking.Unfollow
	}
	return v.House.Talking.Follow + ". " + v.House.Talking.FollowHint
}

// told is who is at a conversation, as the browser gets it.
type told struct {
	Conversation sellerdesk.ConversationID `json:"conversation"`
	Line         string                    `json:"line"` // "" when nobody else is there
	Typing       bool                      `json:"typing"`
}

// Rooms tells one person who else is where, in the person's language.
func Rooms(v *frame.View, rooms []presence.Room) ([]server.Frame, error) {
	list := make([]told, 0, len(rooms))
	for _, r := range rooms {
		t := told{Conversation: r.Conversation}
		others := make([]sellerdesk.Presence, 0, len(r.People))
		for _, p := range r.People {
			if p.User != v.User.ID {
				others = append(others, p)
				t.Typing = t.Typing || p.Typing
			}
		}
		t.Line = line(v, others)
		list = append(list, t)
	}
	return framesOf(list)
}
