package talking

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
)

// framesOf writes what is told at once as one frame without a number.
func framesOf(list []told) ([]server.Frame, error) {
	data, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("tell who is there: %w", err)
	}
	return []server.Frame{{Name: "presence", Data: data}}, nil
}

// DraftAttributes hand a kept draft to the form of the answer.
func DraftAttributes(s Side) templ.Attributes {
	out := templ.Attributes{}
	if s.Draft.User == 0 {
		return out
	}
	out["data-draft"], out["data-draft-seen"] = s.Draft.Text, frame.ID(s.Draft.Seen)
	type file struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
		Type string `json:"type"`
		Size int64  `json:"size"`
	}
	var files []file
	for _, f := range s.Files {
		one := file{ID: int64(f.ID), Name: string(f.Name), Type: string(f.Type)}
		if f.Size != nil {
			one.Size = *f.Size
		}
		files = append(files, one)
	}
	if len(files) > 0 {
		var b strings.Builder
		_ = json.NewEncoder(&b).Encode(files) // plain values always encode
		out["data-draft-files"] = b.String()
	}
	return out
}
