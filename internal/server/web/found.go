package web

import (
	"context"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// newer is the page of messages behind those on the screen; the last one joins
// what live changes touch.
func (s inboxScreens) newer(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	return s.further(w, r, user, func(ctx context.Context, tx *store.Tx, t *threadView) error {
		p, err := tx.Messages.Newer(ctx, t.Conversation.ID, r.URL.Query().Get("cursor"), pageMessages)
		t.Messages, t.Newer = p.Items, p.Newer
		return err
	}, newerPage)
}
