package contacts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Place is where the export of a contact goes on; the zero value is its begin.
type Place struct {
	stage stage
	note  int64
	// conversation is the one whose messages are told, or the last one told.
	conversation int64
	at, message  int64 // the last message told
	several      bool  // something of the list was told already
}

type stage int

const (
	stageHead stage = iota
	stageNotes
	stageConversations
	stageMessages
	stageEnd
)

// Done tells that the whole contact was told.
func (p Place) Done() bool { return p.stage == stageEnd }

// Bounds of a piece of an export.
const (
	pieceBytes = 64 << 10
	pieceRows  = 200
)

// exported are the shapes of an export. They hold what is a contact's own, and
// nothing that another person, merging included, changes: so no rev, no person.
type (
	exportedContact struct {
		ID         sellerdesk.ContactID `json:"id"`
		Name       sellerdesk.Optional  `json:"name"`
		CreatedAt  sellerdesk.Time      `json:"created_at"`
		Identities []exportedIdentity   `json:"identities"`
	}
	exportedIdentity struct {
		Kind    sellerdesk.IdentityKind `json:"kind"`
		Network sellerdesk.Optional     `json:"network"`
		Account *sellerdesk.AccountID   `json:"account"`
		Value   string                  `json:"value"`
	}
	exportedNote struct {
		At   sellerdesk.Time    `json:"at"`
		User *sellerdesk.UserID `json:"user"`
		Text string             `json:"text"`
	}
	exportedConversation struct {
		ID        sellerdesk.ConversationID     `json:"id"`
		Account   sellerdesk.AccountID          `json:"account"`
		Channel   sellerdesk.ChannelKind        `json:"channel"`
		Kind      sellerdesk.Kind               `json:"kind"`
		RemoteID  *sellerdesk.RemoteID          `json:"remote_id"`
		BuyerName sellerdesk.Optional           `json:"buyer_name"`
		Product   sellerdesk.Optional           `json:"product"` // its id
		Order     sellerdesk.Optional           `json:"order"`
		Rating    *int                          `json:"rating"`
		Status    sellerdesk.ConversationStatus `json:"status"`
		CreatedAt sellerdesk.Time               `json:"created_at"`
	}
	exportedMessage struct {
		ID       sellerdesk.MessageID     `json:"id"`
		Author   sellerdesk.Author        `json:"author"`
		User     *sellerdesk.UserID       `json:"user"`
		Text     string                   `json:"text"`
		At       sellerdesk.Time          `json:"at"`
		EditedAt *sellerdesk.Time         `json:"edited_at"`
		Rating   *int                     `json:"rating"`
		Status   sellerdesk.MessageStatus `json:"status"`
		RemoteID *sellerdesk.RemoteID     `json:"remote_id"`
		Files    []exportedFile           `json:"files"`
	}
	exportedFile struct {
		Name string              `json:"name"`
		Type string              `json:"type"`
		Size *int64              `json:"size"`
		Hash sellerdesk.Optional `json:"hash"`
	}
)

// export writes pieces of one contact.
type export struct {
	c   Contacts
	id  int64
	out bytes.Buffer
	to  Place
}

// Export gives a bounded piece of one contact as JSON and where the next piece
// begins. The pieces, put together, are one object: the same contact gives the
// same bytes, whatever it is merged with.
func (c Contacts) Export(ctx context.Context, id sellerdesk.ContactID, from Place) (piece []byte, next Place, err error) {
	x := &export{c: c, id: int64(id), to: from}
	for !x.to.Done() && x.out.Len() < pieceBytes && err == nil {
		switch x.to.stage {
		case stageHead:
			err = x.head(ctx)
		case stageNotes:
			err = x.notes(ctx)
		case stageConversations:
			err = x.conversation(ctx)
		default:
			err = x.messages(ctx)
		}
	}
	if err != nil {
		return nil, from, fmt.Errorf("export a person: %w", err)
	}
	return x.out.Bytes(), x.to, nil
}

// value writes one value, and a comma before it where it is not the first.
func (x *export) value(v any) error {
	if x.to.several {
		x.out.WriteByte(',')
	}
	x.to.several = true
	return x.plain(v)
}

func (x *export) plain(v any) error {
	b, err := json.Marshal(v)
	x.out.Write(b)
	return err
}

// open writes an object that a list named name at its end goes on in.
func (x *export) open(v any, name string) error {
	if err := x.value(v); err != nil {
		return err
	}
	x.out.Truncate(x.out.Len() - 1) // its closing brace
	x.out.WriteString(`,"` + name + `":[`)
	x.to.several = false
	return nil
}

func (x *export) head(ctx context.Context) error {
	o := exportedContact{Identities: []exportedIdentity{}}
	var created int64
	n, name := narrowed(ctx, x.id), "c.name"
	if !n.seen.Whole() {
		name = n.called("contact_id", "c.id")
	}
	if err := x.c.w.One(ctx, `SELECT c.id, `+name+`, c.created_at FROM contacts c WHERE c.id = $1`+n.and(n.contact("c.id")), n.args, &o.ID, &o.Name, &created); err != nil {
		return engine.Found(err, "person")
	}
	o.CreatedAt = sellerdesk.AtMillis(created)
	rows, err := x.c.w.Query(ctx, `SELECT i.kind, i.network, i.account_id, i.value FROM contact_identities i WHERE i.contact_id = $1`+n.and(n.identity())+` ORDER BY i.id`, n.args...)
	identities, err := engine.Collect(rows, err, func(s engine.Scanner) (i exportedIdentity, err error) {
		err = s.Scan(&i.Kind, &i.Network, &i.Account, &i.Value)
		return i, err
	})
	if err != nil {
		return err
	}
	o.Identities = append(o.Identities, identities...)
	x.to.stage = stageNotes
	return x.open(o, "notes")
}

func (x *export) notes(ctx context.Context) error {
	n := narrowed(ctx, x.id, x.to.at, x.to.note, pieceRows)
	rows, err := x.c.w.Query(ctx, `SELECT n.at, n.id, n.user_id, n.body FROM contact_notes n WHERE n.contact_id = $1 AND (n.at, n.id) > ($2, $3)`+n.and(n.note())+` ORDER BY n.at, n.id LIMIT $4`,
		n.args...)
	notes, err := engine.Collect(rows, err, func(s engine.Scanner) (n exportedNote, err error) {
		err = s.Scan(&x.to.at, &x.to.note, &n.User, &n.Text)
		n.At = sellerdesk.AtMillis(x.to.at)
		return n, err
	})
	if err != nil {
		return err
	}
	for _, n := range notes {
		if err := x.value(n); err != nil {
			return err
		}
	}
	if len(notes) < pieceRows {
		x.out.WriteString(`],"conversations":[`)
		x.to = Place{stage: stageConversations}
	}
	return nil
}

func (x *export) conversation(ctx context.Context) error {
	var o exportedConversation
	var created int64
	n := narrowed(ctx, x.id, x.to.conversation)
	err := x.c.w.One(ctx, `SELECT id, account_id, channel, kind, remote_id, buyer_name, product_id, order_id, rating, status, created_at FROM conversations
		WHERE contact_id = $1 AND id > $2`+n.account("account_id")+` ORDER BY id LIMIT 1`, n.args,
		&o.ID, &o.Account, &o.Channel, &o.Kind, &o.RemoteID, &o.BuyerName, &o.Product, &o.Order, &o.Rating, &o.Status, &created)
	if errors.Is(err, engine.ErrNoRow) {
		x.out.WriteString("]}\n")
		x.to = Place{stage: stageEnd}
		return nil
	}
	if err != nil {
		return err
	}
	o.CreatedAt = sellerdesk.AtMillis(created)
	if err := x.open(o, "messages"); err != nil {
		return err
	}
	x.to = Place{stage: stageMessages, conversation: int64(o.ID), at: -1 << 62}
	return nil
}

func (x *export) messages(ctx context.Context) error {
	rows, err := x.c.w.Query(ctx, `SELECT id, author, user_id, body, at, edited_at, rating, status, remote_id FROM messages
		WHERE conversation_id = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4`, x.to.conversation, x.to.at, x.to.message, pieceRows)
	lines, err := engine.Collect(rows, err, func(s engine.Scanner) (m exportedMessage, err error) {
		var at int64
		var edited *int64
		err = s.Scan(&m.ID, &m.Author, &m.User, &m.Text, &at, &edited, &m.Rating, &m.Status, &m.RemoteID)
		m.At, m.EditedAt, m.Files = sellerdesk.AtMillis(at), engine.Moment(edited), []exportedFile{}
		return m, err
	})
	if err != nil {
		return err
	}
	carriers := make([]sellerdesk.Message, len(lines))
	for i, m := range lines {
		carriers[i].ID = m.ID
	}
	if err := x.c.beside.Attach(ctx, carriers); err != nil {
		return err
	}
	for i, m := range lines {
		for _, f := range carriers[i].Files {
			m.Files = append(m.Files, exportedFile{string(f.Name), string(f.Type), f.Size, sellerdesk.Optional(f.Hash)})
		}
		if err := x.value(m); err != nil {
			return err
		}
		x.to.at, x.to.message = m.At.Millis(), int64(m.ID)
	}
	if len(lines) < pieceRows {
		x.out.WriteString("]}")
		x.to = Place{stage: stageConversations, conversation: x.to.conversation, several: true}
	}
	return nil
}
