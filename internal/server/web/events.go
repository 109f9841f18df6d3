package web

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/presence"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/talking"
)

// events follows the log for one page.
func (s *screens) events(w http.ResponseWriter, r *http.Request, user sellerdesk.User) error {
	s.server.Follow(w, r, server.Feed{
		Rooms: func(_ context.Context, rooms []presence.Room) ([]server.Frame, error) {
			return talking.Rooms(s.view(r, user).frame(), rooms)
		},
		Frames: func(_ context.Context, events []sellerdesk.Event) ([]server.Frame, error) {
			data, err := json.Marshal(frame.Changes(events, s.deps.Clock.Now()))
			if err != nil {
				return nil, err
			}
			return []server.Frame{{Seq: events[len(events)-1].Seq, Data: data}}, nil
		},
	})
	return nil
}
