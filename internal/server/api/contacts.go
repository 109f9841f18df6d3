package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// persons are the operations on the people behind conversations.
type persons struct{ *api }

// mount registers them.
func (a persons) mount() {
	tags := []string{"contacts"}
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "listContacts", Method: http.MethodGet, Path: "/v1/contacts", Tags: tags,
		Summary:     "List people",
		Description: "Those who wait for us first, then by the newest word; each with the newest three conversations. With phone, in any spelling, the one it belongs to.",
	}, a.list)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getContact", Method: http.MethodGet, Path: "/v1/contacts/{id}", Tags: tags,
		Summary:     "Get a person",
		Description: "With the newest hundred conversations. The id of one who was merged into another gives that other one.",
	}, a.get)
	register(a.api, sellerdesk.RightSee, huma.Operation{
		OperationID: "getContactHistory", Method: http.MethodGet, Path: "/v1/contacts/{id}/history", Tags: tags,
		Summary:     "Get what happened with a person",
		Description: "The newest first: conversations as they were begun, orders as they were first named, files, notes.",
	}, a.history)
	register(a.api, sellerdesk.RightExport, huma.Operation{
		OperationID: "exportContact", Method: http.MethodGet, Path: "/v1/contacts/{id}/export", Tags: tags,
		Summary: "Export a person",
		Description: "What is the contact's own, whatever it is merged with: name, identities, notes, conversations with their messages and the names and hashes of files. " +
			"The same contact gives the same bytes. Streamed; one that breaks off is cut short.",
		Responses: map[string]*huma.Response{"200": {Description: "The contact", Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}},
		}}},
	}, a.export)
	register(a.api, sellerdesk.RightWork, huma.Operation{
		OperationID: "mergeContact", Method: http.MethodPost, Path: "/v1/contacts/{id}/merge", Tags: tags,
		Summary:     "Merge another person into this one",
		Description: "Nothing is moved: unmerge takes it back whole. conversation.updated tells of up to 200 conversations that show another person then; contact.updated stands for all.",
	}, a.merge)
	register(a.api, sellerdesk.RightWork, huma.Operation{
		OperationID: "unmergeContact", Method: http.MethodPost, Path: "/v1/contacts/{id}/unmerge", Tags: tags,
		Summary: "Take a person out of this one, with those merged into it",
	}, a.unmerge)
	register(a.api, sellerdesk.RightWork, huma.Operation{
		OperationID: "dismissContact", Method: http.MethodPost, Path: "/v1/contacts/{id}/dismiss", Tags: tags,
		Summary: "Say that a suggested person is not this one",
	}, a.dismiss)
	register(a.api, sellerdesk.RightWork, huma.Operation{
		OperationID: "noteContact", Method: http.MethodPost, Path: "/v1/contacts/{id}/notes", Tags: tags, DefaultStatus: http.StatusCreated,
		Summary: "Write something down about a person",
	}, a.note)
}

type contactsInput struct {
	PageQuery
	Waiting bool   `query:"waiting" doc:"Only those who wait for us"`
	Phone   string `query:"phone" maxLength:"100" doc:"In any spelling"`
}

func (a persons) list(ctx context.Context, in *contactsInput) (*pageOutput[sellerdesk.Contact], error) {
	var items []sellerdesk.Contact
	var next string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if in.Phone == "" {
			items, next, err = tx.Contacts.List(ctx, store.ContactQuery{User: actor(ctx), Waiting: in.Waiting, Cursor: in.Cursor, Limit: in.Limit})
			return err
		}
		id, err := tx.Contacts.ByPhone(ctx, in.Phone)
		if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		one, err := tx.Contacts.Get(ctx, id, actor(ctx))
		items = []sellerdesk.Contact{one}
		return err
	})
	for i := range items {
		items[i] = person(items[i])
	}
	return paged(items, next), err
}

// person makes the lists of a person such that none is null.
func person(c sellerdesk.Contact) sellerdesk.Contact {
	c.Identities, c.Merged, c.Suggestions = filled(c.Identities), filled(c.Merged), filled(c.Suggestions)
	c.Conversations = filled(c.Conversations)
	for i := range c.Conversations {
		c.Conversations[i] = thread(c.Conversations[i])
	}
	return c
}

// ContactPath names a person.
type ContactPath struct {
	ID sellerdesk.ContactID `path:"id" minimum:"1"`
}

func (a persons) get(ctx context.Context, in *ContactPath) (*output[sellerdesk.Contact], error) {
	var c sellerdesk.Contact
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Contacts.Get(ctx, in.ID, actor(ctx))
		return err
	})
	return &output[sellerdesk.Contact]{Body: person(c)}, err
}

type historyInput struct {
	ContactPath
	PageQuery
}

func (a persons) history(ctx context.Context, in *historyInput) (*pageOutput[sellerdesk.ContactEntry], error) {
	var items []sellerdesk.ContactEntry
	var next string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		items, next, err = tx.Contacts.History(ctx, in.ID, in.Cursor, in.Limit)
		return err
	})
	for i := range items {
		if c := items[i].Conversation; c != nil {
			shown := thread(*c)
			items[i].Conversation = &shown
		}
	}
	return paged(items, next), err
}

func (a persons) export(ctx context.Context, in *ContactPath) (*huma.StreamResponse, error) {
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		_, err := tx.Contacts.Person(ctx, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		r, w := humago.Unwrap(h)
		a.server.Unhurried(w)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		begun := &counter{to: w}
		err := a.desk.Contacts.Export(r.Context(), in.ID, begun)
		if err != nil && begun.n == 0 {
			a.server.Problem(w, r, err)
			return
		}
		if err != nil && r.Context().Err() == nil {
			a.deps.Log.Error("export a contact", "contact", in.ID, "err", err)
			panic(http.ErrAbortHandler) // half of it must not look whole
		}
	}}, nil
}

// counter counts what is written.
type counter struct {
	to io.Writer
	n  int64
}

// Write writes on.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

type otherInput struct {
	ContactPath
	Body struct {
		Contact sellerdesk.ContactID `json:"contact" minimum:"1" doc:"The other one"`
	} `nameHint:"OtherContact"`
}

func (a persons) merge(ctx context.Context, in *otherInput) (*output[sellerdesk.Contact], error) {
	if err := a.desk.Contacts.Merge(ctx, actor(ctx), in.ID, in.Body.Contact); err != nil {
		return nil, err
	}
	return a.get(ctx, &in.ContactPath)
}

func (a persons) unmerge(ctx context.Context, in *otherInput) (*output[sellerdesk.Contact], error) {
	if err := a.desk.Contacts.Unmerge(ctx, actor(ctx), in.ID, in.Body.Contact); err != nil {
		return nil, err
	}
	return a.get(ctx, &in.ContactPath)
}

func (a persons) dismiss(ctx context.Context, in *otherInput) (*output[sellerdesk.Contact], error) {
	if err := a.desk.Contacts.Dismiss(ctx, actor(ctx), in.ID, in.Body.Contact); err != nil {
		return nil, err
	}
	return a.get(ctx, &in.ContactPath)
}

type noteInput struct {
	ContactPath
	Body struct {
		Text string `json:"text" maxLength:"20000" doc:"1 to 4,000 characters"`
	} `nameHint:"NewNote"`
}

func (a persons) note(ctx context.Context, in *noteInput) (*output[sellerdesk.ContactEntry], error) {
	e, err := a.desk.Contacts.Note(ctx, actor(ctx), in.ID, in.Body.Text)
	return &output[sellerdesk.ContactEntry]{Body: e}, err
}
