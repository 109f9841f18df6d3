package library

import (
	"context"
	"net/http"
	"strconv"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// Path is the page of all templates.
const Path = "/settings/templates"

// View is what every screen knows about the one who looks at it.
type View = frame.View

// screens is what the handlers work with.
type screens struct {
	frame.Host
	desk  *desk.Desk
	store *store.Store
}

// tableBody leaves room for what multipart puts around a table.
const tableBody = library.MaxTable + 64<<10

// Mount mounts the screens.
func Mount(h frame.Host) {
	d := h.Server.Deps()
	s := screens{Host: h, desk: d.Desk, store: d.Store}
	h.Person("GET /ui/conversations/{id}/library", s.pick)
	h.Person("GET "+Path, s.list)
	h.Person("GET "+Path+"/new", s.blank)
	h.Large("POST "+Path, desk.MaxUpload, s.create)
	h.Person("GET "+Path+"/{id}", s.one)
	h.Large("POST "+Path+"/{id}", desk.MaxUpload, s.change)
	h.Person("POST "+Path+"/{id}/remove", s.remove)
	h.Person("POST /ui/templates/preview", s.preview)
	h.Person("GET "+Path+"/export", s.export)
	h.Large("POST "+Path+"/import", tableBody, s.read)
}

const (
	// picked is how many templates the list of the composer holds, hinted how many are
	// suggested while somebody types.
	picked = 8
	hinted = 3
)

// pick offers the templates that fit a conversation and what is typed.
func (s screens) pick(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	id, err := frame.PathID[sellerdesk.ConversationID](r, "id")
	if err != nil {
		return err
	}
	conv, err := s.conversation(r.Context(), user, id)
	if err != nil {
		return err
	}
	q := library.Query{Account: conv.Account, Kind: conv.Kind, Text: r.URL.Query().Get("q"), Limit: picked}
	hint := r.URL.Query().Get("hint") != ""
	if hint {
		q.Limit = hinted
	}
	list, _, err := s.desk.Library.List(r.Context(), user.ID, q)
	if err != nil {
		return err
	}
	v := s.View(r, user)
	if hint {
		return s.Part(w, r, http.StatusOK, hints(v, list))
	}
	return s.Part(w, r, http.StatusOK, choices(v, list))
}

func (s screens) conversation(ctx context.Context, user sellerdesk.User, id sellerdesk.ConversationID) (c sellerdesk.Conversation, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		c, err = tx.Conversations.Get(ctx, id, user.ID)
		return err
	})
	return c, err
}

// preview shows how what stands in the editor will read.
func (s screens) preview(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	draw, _ := strconv.ParseInt(r.PostForm.Get("draw"), 10, 64)         // the first where there is none
	conv, _ := strconv.ParseInt(r.PostForm.Get("conversation"), 10, 64) // nobody where there is none
	v, p := s.View(r, user), previewView{}
	if r.PostForm.Get("text") == "" {
		return s.Part(w, r, http.StatusOK, previewPart(v, p))
	}
	filled, err := s.desk.Library.Fill(r.Context(), library.Ask{
		User: user.ID, Text: r.PostForm.Get("text"), Conversation: sellerdesk.ConversationID(conv), Draw: max(draw, 0),
	})
	p.Text = filled.Text
	if err != nil {
		if code := sellerdesk.CodeOf(err); code == sellerdesk.CodeInternal || code == sellerdesk.CodeForbidden {
			return err
		}
		p.Wrong = s.wrong(r, user, err).Error
	}
	return s.Part(w, r, http.StatusOK, previewPart(v, p))
}

// wrong says an error in the words of the screen.
func (s screens) wrong(r *http.Request, user sellerdesk.User, err error) form {
	words, field, status := s.Wrong(r, user, err)
	v := s.View(r, user)
	if v.Language != sellerdesk.English && sellerdesk.CodeOf(err) != sellerdesk.CodeForbidden && v.Library.Wrong[field] != "" {
		words = v.Library.Wrong[field]
	}
	return form{Error: words, Field: field, status: status}
}

// expected tells whether a person can mend an error by typing something else.
func expected(err error) bool {
	switch sellerdesk.CodeOf(err) {
	case sellerdesk.CodeInvalid, sellerdesk.CodeConflict, sellerdesk.CodeForbidden:
		return true
	}
	return false
}
