package client

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"

	"github.com/sellerdesk/sellerdesk"
)

// Contacts are the people behind conversations.
type Contacts struct{ c *Client }

// ContactQuery asks for a list of people.
type ContactQuery struct {
	Waiting bool   // only those who wait for us
	Phone   string // only the one it belongs to, in any spelling
	Limit   int    // 1 to 200; 0 means 50
	Cursor  string // Next of the page before; "" means the first
}

// List gives one page: those who wait for us first, then by the newest word.
func (s *Contacts) List(ctx context.Context, q ContactQuery) (Page[sellerdesk.Contact], error) {
	v := url.Values{}
	if q.Waiting {
		v.Set("waiting", "true")
	}
	if q.Phone != "" {
		v.Set("phone", q.Phone)
	}
	place(v, q.Cursor, q.Limit)
	var p Page[sellerdesk.Contact]
	err := s.c.do(ctx, call{op: "list contacts", method: http.MethodGet, path: "/v1/contacts", query: v}, &p)
	return p, err
}

// All walks through all pages from the cursor of q. It ends after an error.
func (s *Contacts) All(ctx context.Context, q ContactQuery) iter.Seq2[sellerdesk.Contact, error] {
	from := q.Cursor
	return all(func(cursor string) (Page[sellerdesk.Contact], error) {
		if q.Cursor = cursor; cursor == "" {
			q.Cursor = from
		}
		return s.List(ctx, q)
	})
}

// Get gives one person. The id of one who was merged into another gives that
// other one.
func (s *Contacts) Get(ctx context.Context, id sellerdesk.ContactID) (sellerdesk.Contact, error) {
	var c sellerdesk.Contact
	err := s.c.do(ctx, call{op: "get contact", method: http.MethodGet, path: contact(id)}, &c)
	return c, err
}

// History gives a page of what happened with a person, the newest first. Limit is
// 1 to 200; 0 means 50.
func (s *Contacts) History(ctx context.Context, id sellerdesk.ContactID, cursor string, limit int) (Page[sellerdesk.ContactEntry], error) {
	v := url.Values{}
	place(v, cursor, limit)
	var p Page[sellerdesk.ContactEntry]
	err := s.c.do(ctx, call{op: "get contact history", method: http.MethodGet, path: contact(id) + "/history", query: v}, &p)
	return p, err
}

// Export writes one contact as JSON while it comes: the same bytes for the same
// contact, whatever it is merged with. One that breaks off is an error.
func (s *Contacts) Export(ctx context.Context, id sellerdesk.ContactID, to io.Writer) error {
	res, err := s.c.send(ctx, call{op: "export contact", method: http.MethodGet, path: contact(id) + "/export"})
	if err != nil {
		return err
	}
	defer drain(res.Body)
	if _, err := io.Copy(to, res.Body); err != nil {
		return fmt.Errorf("export contact: %w", err)
	}
	return nil
}

// Merge says that from is the same person as into, and gives that one. Nothing is
// moved: Unmerge takes it back whole.
func (s *Contacts) Merge(ctx context.Context, into, from sellerdesk.ContactID) (sellerdesk.Contact, error) {
	return s.other(ctx, into, "merge", from)
}

// Unmerge takes a contact out of a person, which it gives.
func (s *Contacts) Unmerge(ctx context.Context, id, out sellerdesk.ContactID) (sellerdesk.Contact, error) {
	return s.other(ctx, id, "unmerge", out)
}

// Dismiss says that a suggested person is not the same.
func (s *Contacts) Dismiss(ctx context.Context, id, other sellerdesk.ContactID) (sellerdesk.Contact, error) {
	return s.other(ctx, id, "dismiss", other)
}

func (s *Contacts) other(ctx context.Context, id sellerdesk.ContactID, verb string, other sellerdesk.ContactID) (sellerdesk.Contact, error) {
	var c sellerdesk.Contact
	err := s.c.do(ctx, call{op: verb + " contact", method: http.MethodPost, path: contact(id) + "/" + verb, body: map[string]any{"contact": other}}, &c)
	return c, err
}

// Note writes something down about a person, 1 to 4,000 characters.
func (s *Contacts) Note(ctx context.Context, id sellerdesk.ContactID, text string) (sellerdesk.ContactEntry, error) {
	var e sellerdesk.ContactEntry
	err := s.c.do(ctx, call{op: "note contact", method: http.MethodPost, path: contact(id) + "/notes", body: map[string]any{"text": text}}, &e)
	return e, err
}

func contact(id sellerdesk.ContactID) string { return "/v1/contacts/" + itoa(id) }
