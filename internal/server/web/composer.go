package web

import (
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// templates lists the templates that may be sent in a conversation, or asks for
// what one of them needs.
func (s inboxScreens) templates(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	var c sellerdesk.Conversation
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Conversations.Get(r.Context(), open, user.ID)
		return err
	})
	if err != nil {
		return err
	}
	list, err := s.desk.Accounts.Templates(r.Context(), c.Account, sellerdesk.RemoteID(ofChat(c).Source), r.URL.Query().Get("anew") == "yes")
	if err != nil {
		return err
	}
	list = composing.Sorted(list, "")
	v := s.view(r, user)
	name := r.URL.Query().Get("name")
	if name == "" {
		return s.show(w, r, http.StatusOK, templateChooser(v, open, list))
	}
	t, ok := composing.Find(list, name, r.URL.Query().Get("language"))
	if !ok {
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such template.").InField("template")
	}
	return s.show(w, r, http.StatusOK, templateForm(v, t))
}

// interactive is the form that composes buttons or a menu, within the limits of
// the channel.
func (s inboxScreens) interactive(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	var t threadView
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		t.Conversation, err = tx.Conversations.Get(r.Context(), open, user.ID)
		return err
	})
	if err != nil {
		return err
	}
	limits := t.reply().Interactive
	kind := sellerdesk.InteractiveKind(r.URL.Query().Get("kind"))
	if limits == nil || kind != sellerdesk.InteractiveButtons && kind != sellerdesk.InteractiveMenu {
		return sellerdesk.Errorf(sellerdesk.CodeUnsupported, "Messages of this kind are not supported here.").InField("interactive")
	}
	return s.show(w, r, http.StatusOK, interactiveForm(s.view(r, user), kind, *limits))
}

// lookAtWindow asks how the window of a conversation stands now, and answers
// with the line above the composer.
func (s inboxScreens) lookAtWindow(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	if _, err := s.desk.Conversations.Window(r.Context(), user.ID, open); err != nil && sellerdesk.CodeOf(err) != sellerdesk.CodeUnavailable {
		return err
	}
	v := s.view(r, user)
	var t *threadView
	err = s.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		t, err = s.thread(r.Context(), tx, v, open, readList(r.URL.Query()), 0)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, notePart(v, *t))
}
