package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/composing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/handling"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// longestKey bounds the key that the browser gives to an intent.
const longestKey = 64

// reply queues a line for the buyer and answers with the open conversation,
// where it stands as queued.
func (s inboxScreens) reply(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	files, err := fileIDs(r.PostForm.Get("files"))
	if err != nil {
		return err
	}
	in := desk.ReplyInput{
		User: user.ID, Conversation: open, Text: r.PostForm.Get("text"), Files: files, Key: intentKey(r, user), From: queryID[sellerdesk.TemplateID](r.PostForm, "from"),
		Parent: queryID[sellerdesk.MessageID](r.PostForm, "parent"), Seen: queryID[sellerdesk.MessageID](r.PostForm, "seen"),
	}
	use, err := composing.Use(r.PostForm.Get("template"))
	if err != nil {
		return err
	}
	if use != nil {
		in.Template = &desk.TemplateInput{Name: use.Name, Language: use.Language, Variables: use.Variables}
	}
	if in.Interactive, err = composing.Interactive(r.PostForm.Get("interactive")); err != nil {
		return err
	}
	if _, err := s.desk.Conversations.Reply(r.Context(), in); err != nil {
		return err
	}
	return s.again(w, r, user, open)
}

// intentKey is the key that the browser gave to what a person wants, made ours.
func intentKey(r *http.Request, user sellerdesk.User) string {
	key := r.PostForm.Get("key")
	if key == "" {
		return ""
	}
	return "screen:" + id(user.ID) + ":" + prose.Clip(key, longestKey)
}

// fileIDs reads the ids of uploaded files.
func fileIDs(list string) ([]sellerdesk.FileID, error) {
	if list == "" {
		return nil, nil
	}
	var out []sellerdesk.FileID
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || n <= 0 {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A file has no number.").InField("files")
		}
		out = append(out, sellerdesk.FileID(n))
	}
	return out, nil
}

// act does something with a whole conversation.
func (s inboxScreens) act(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	open, err := pathID[sellerdesk.ConversationID](r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The form could not be read.").Because(err)
	}
	if action := r.PathValue("action"); action == "unread" {
		err = s.desk.Conversations.MarkUnread(r.Context(), user.ID, open)
	} else {
		v := s.view(r, user)
		change, wrong := handling.Change(r.Form, v.Zone, v.Now)
		if wrong != nil {
			return wrong
		}
		_, err = s.desk.Conversations.Act(r.Context(), desk.ActInput{
			User: user.ID, Conversation: open, Action: sellerdesk.ActionKind(action), Key: intentKey(r, user), Handle: change,
			Text: r.PostForm.Get("text"), Decision: r.PostForm.Get("decision"), Comment: r.PostForm.Get("comment"),
			Message: queryID[sellerdesk.MessageID](r.PostForm, "message"),
		})
	}
	if err != nil {
		return err
	}
	return s.again(w, r, user, open)
}

// actOnMessage resends, withdraws or checks a message of ours.
func (s inboxScreens) actOnMessage(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	message, err := pathID[sellerdesk.MessageID](r)
	if err != nil {
		return err
	}
	var m sellerdesk.Message
	switch sellerdesk.ActionKind(r.PathValue("action")) {
	case sellerdesk.ActionResend:
		m, err = s.desk.Messages.Resend(r.Context(), user.ID, message)
	case sellerdesk.ActionWithdraw:
		m, err = s.desk.Messages.Withdraw(r.Context(), user.ID, message)
	case sellerdesk.ActionCheck:
		m, err = s.desk.Messages.Check(r.Context(), message)
	default:
		err = sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such page.")
	}
	if err != nil {
		return err
	}
	return s.again(w, r, user, m.Conversation)
}

// again answers a change with the open conversation as it stands now, with its
// row in the list.
func (s inboxScreens) again(w http.ResponseWriter, r *http.Request, user sellerdesk.User, open sellerdesk.ConversationID) error {
	v, ctx := s.view(r, user), r.Context()
	state := readList(r.URL.Query())
	from := queryID[sellerdesk.MessageID](r.URL.Query(), "from")
	var f refresh
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		state.Open = open
		if f.List, err = s.readFrame(ctx, tx, v, state); err != nil {
			return err
		}
		if f.Thread, err = s.thread(ctx, tx, v, open, state, from); err != nil {
			return err
		}
		f.Rows = []sellerdesk.Conversation{f.Thread.Conversation}
		return nil
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, answered(v, f))
}
