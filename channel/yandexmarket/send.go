package yandexmarket

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// lookSoon is when to look at what became of an action: a message comes back
// without an id, and a comment is moderated.
const lookSoon = time.Second

// Send performs one action.
func (c *connector) Send(ctx context.Context, a sellerdesk.Action) (sellerdesk.Receipt, error) {
	switch a := a.(type) {
	case sellerdesk.Reply:
		return c.chats.reply(ctx, a)
	case sellerdesk.Open:
		return c.chats.open(ctx, a)
	case sellerdesk.Answer:
		return c.board.answer(ctx, a)
	case sellerdesk.Edit:
		return c.board.edit(ctx, a)
	case sellerdesk.View:
		return c.board.view(ctx, a)
	default:
		return sellerdesk.Receipt{}, cannot(a.Kind())
	}
}

func cannot(a sellerdesk.ActionKind) *channel.Error {
	return refuse(sellerdesk.ReasonRefused, "Yandex Market does not know this action here.", fmt.Errorf("action %s", a))
}

// target gives the number of the conversation of an action. Nothing has left
// when it fails.
func (c *cabinet) target(ctx context.Context, ref sellerdesk.RemoteRef, kinds ...sellerdesk.Kind) (id int64, who business, err error) {
	if ref.Kind != "" && !slices.Contains(kinds, ref.Kind) {
		return 0, who, cannot("on " + sellerdesk.ActionKind(ref.Kind))
	}
	if id = number(ref.ID); id == 0 {
		return 0, who, lost("Nothing at Yandex Market has this id.")
	}
	who, err = c.business(ctx)
	return id, who, asWrite(err)
}

// asWrite makes the error of a reading that came before a write say that
// nothing was sent.
func asWrite(err error) error {
	var e *channel.Error
	if errors.As(err, &e) && (e.Class == channel.Malformed || e.Class == channel.Unknown) {
		safe := *e
		safe.Class = channel.Temporary
		return &safe
	}
	return err
}

// bounded holds a text against the bounds that are offered.
func bounded(text string, most int) error {
	switch {
	case strings.TrimSpace(text) == "":
		return refuse(sellerdesk.ReasonRefused, "There is nothing to send.", nil)
	case utf8.RuneCountInString(text) > most:
		return refuse(sellerdesk.ReasonRefused, fmt.Sprintf("The text is longer than %d characters.", most), nil)
	default:
		return nil
	}
}

// reply says a line in a chat: words, or one file. Both at once would be two
// messages there, of which one could fail, so that they come as two actions.
func (c *chats) reply(ctx context.Context, r sellerdesk.Reply) (sellerdesk.Receipt, error) {
	switch {
	case len(r.Files) > 1, len(r.Files) == 1 && strings.TrimSpace(r.Text) != "":
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonFileRefused, "Yandex Market takes each file as a message of its own, without words. Send them one after the other.", nil)
	case len(r.Files) == 0:
		if err := bounded(r.Text, maxText); err != nil {
			return sellerdesk.Receipt{}, err
		}
	}
	id, who, err := c.target(ctx, r.Conversation, sellerdesk.KindChat)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	if len(r.Files) == 1 {
		err = c.attach(ctx, who, id, r.Files[0])
	} else {
		err = c.written(c.client.Chats.Send(ctx, who.id, id, r.Text))
	}
	c.facts.forget(r.Conversation.ID)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	k, _ := keptOf(r.Conversation)
	k.Sent, k.Looks = true, 0
	soon := lookSoon
	return sellerdesk.Receipt{Remote: k.bytes(), Reread: &soon}, nil
}

// attach sends a file. What may be sent is documented nowhere but for the size;
// so only those types leave that are known to arrive.
func (c *chats) attach(ctx context.Context, who business, chat int64, b sellerdesk.Blob) error {
	if b.Size > maxFile {
		return refuse(sellerdesk.ReasonFileTooLarge, fmt.Sprintf("The file is larger than %d MB.", maxFile>>20), nil)
	}
	content, err := b.Open(ctx)
	if err != nil {
		return refuse(sellerdesk.ReasonFileUnreadable, "The file of this message cannot be read here. Attach it again.", err)
	}
	defer func() { _ = content.Close() }() // only read from
	head := bufio.NewReaderSize(content, sniffed)
	start, err := head.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return refuse(sellerdesk.ReasonFileUnreadable, "The file of this message cannot be read here. Attach it again.", err)
	}
	kind := http.DetectContentType(start)
	if !slices.Contains(fileTypes(), kind) {
		return refuse(sellerdesk.ReasonFileRefused, "Only JPEG, PNG and PDF files can be sent to Yandex Market.", nil)
	}
	return c.written(c.client.Chats.SendFile(ctx, who.id, chat, api.Upload{Name: sendName(b.Name), Type: kind, Size: b.Size, Content: head}))
}

const sniffed = 512

// sendName is a name that the form takes: no control characters, not too long,
// never empty.
func sendName(given string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(given, ""))
	name = strings.TrimSpace(name)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if stem == "" {
		stem = "file"
	}
	if len(ext) > 20 {
		ext = ""
	}
	for len(stem)+len(ext) > longestName {
		r := []rune(stem)
		stem = string(r[:len(r)*3/4])
	}
	return stem + ext
}

// longestName is in bytes.
const longestName = 200

// open starts a chat about an order or a return. Where there is one already,
// the remote side names that one; so a doubtful call may be made again.
func (c *chats) open(ctx context.Context, a sellerdesk.Open) (sellerdesk.Receipt, error) {
	about := api.ChatSubject{Type: api.ContextOrder, ID: number(sellerdesk.RemoteID(strings.TrimSpace(a.Order)))}
	if a.Order == "" {
		about = api.ChatSubject{Type: api.ContextReturn, ID: number(sellerdesk.RemoteID(strings.TrimSpace(a.Return)))}
	}
	switch {
	case a.Order != "" && a.Return != "":
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "A chat is about an order or about a return, not both.", nil)
	case about.ID == 0:
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "An order or return of Yandex Market is named by a number.", nil)
	}
	who, err := c.business(ctx)
	if err != nil {
		return sellerdesk.Receipt{}, asWrite(err)
	}
	chat, err := c.client.Chats.Create(ctx, who.id, about)
	if err != nil {
		e := c.failure(err, writing)
		switch e.Class {
		case channel.Unknown, channel.Malformed:
			e.Class = channel.Temporary
		case channel.Gone:
			e.Class, e.Why.Text = channel.Refused, "Yandex Market knows no such order or return in this cabinet."
		}
		return sellerdesk.Receipt{}, e
	}
	id := named(chat)
	c.facts.forget(id)
	soon := lookSoon
	return sellerdesk.Receipt{Conversation: id, Remote: kept{Of: id}.bytes(), Reread: &soon}, nil
}

// answer says something under a review, a question, an answer or a comment.
func (c *board) answer(ctx context.Context, a sellerdesk.Answer) (sellerdesk.Receipt, error) {
	id, who, err := c.target(ctx, a.Conversation, sellerdesk.KindReview, sellerdesk.KindQuestion)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	prefix, parent := lineOf(a.Parent)
	if a.Parent != "" && a.Parent != lineReview && a.Parent != lineQuestion && parent == 0 {
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "This line cannot be answered by itself.", nil)
	}
	var line sellerdesk.RemoteID
	if a.Conversation.Kind == sellerdesk.KindReview {
		if err := bounded(a.Text, maxComment); err != nil {
			return sellerdesk.Receipt{}, err
		}
		made, err := c.client.Reviews.Comment(ctx, who.id, api.NewComment{ReviewID: id, ParentID: parent, Text: a.Text})
		if err != nil {
			return sellerdesk.Receipt{}, c.written(err)
		}
		if made.ID > 0 {
			line = commentLine(made.ID)
		}
	} else if line, err = c.toQuestion(ctx, who, id, prefix, parent, a.Text); err != nil {
		return sellerdesk.Receipt{}, err
	}
	return done(a.Conversation, line), nil
}

// toQuestion answers a question, or comments on one of its answers. A comment
// on a comment is refused there; it becomes one on the same answer.
func (c *board) toQuestion(ctx context.Context, who business, question int64, prefix string, parent int64, text string) (sellerdesk.RemoteID, error) {
	if err := bounded(text, maxAnswer); err != nil {
		return "", err
	}
	under := api.Entity{Type: api.EntityQuestion, ID: question}
	switch prefix {
	case answerPrefix:
		under = api.Entity{Type: api.EntityAnswer, ID: parent}
	case commentPrefix:
		answer, err := c.answerOf(ctx, question, parent)
		if err != nil {
			return "", asWrite(err)
		}
		under = api.Entity{Type: api.EntityAnswer, ID: answer}
	}
	made, err := c.client.Questions.Create(ctx, who.id, under, text)
	if err != nil {
		return "", c.written(err)
	}
	switch {
	case made.ID < 1:
		return "", nil
	case under.Type == api.EntityQuestion:
		return answerLine(made.ID), nil
	default:
		return commentLine(made.ID), nil
	}
}

// answerOf finds the answer that a comment stands under.
func (c *board) answerOf(ctx context.Context, question, comment int64) (int64, error) {
	answers, err := c.answers(ctx, question)
	if err != nil {
		return 0, err
	}
	for _, a := range answers {
		if slices.ContainsFunc(a.Comments, func(x api.AnswerComment) bool { return x.ID == comment }) {
			return a.ID, nil
		}
	}
	return 0, lost("Yandex Market no longer shows the comment that is answered.")
}

// edit changes words of ours.
func (c *board) edit(ctx context.Context, a sellerdesk.Edit) (sellerdesk.Receipt, error) {
	id, who, err := c.target(ctx, a.Conversation, sellerdesk.KindReview, sellerdesk.KindQuestion)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	k, _ := keptOf(a.Conversation)
	line := a.Message
	if line == "" {
		line = k.Mine
	}
	prefix, of := lineOf(line)
	if of == 0 || a.Conversation.Kind == sellerdesk.KindReview && prefix != commentPrefix {
		return sellerdesk.Receipt{}, refuse(sellerdesk.ReasonRefused, "Nothing of ours that can be changed stands here.", nil)
	}
	if a.Conversation.Kind == sellerdesk.KindReview {
		if err := bounded(a.Text, maxComment); err != nil {
			return sellerdesk.Receipt{}, err
		}
		_, err = c.client.Reviews.Comment(ctx, who.id, api.NewComment{ReviewID: id, ID: of, Text: a.Text})
	} else {
		if err := bounded(a.Text, maxAnswer); err != nil {
			return sellerdesk.Receipt{}, err
		}
		entity := api.Entity{Type: api.EntityAnswer, ID: of}
		if prefix == commentPrefix {
			entity.Type = api.EntityComment
		}
		err = c.client.Questions.Update(ctx, who.id, entity, a.Text)
	}
	if err != nil {
		return sellerdesk.Receipt{}, c.written(err)
	}
	return done(a.Conversation, line), nil
}

// view says that a review needs no reaction.
func (c *board) view(ctx context.Context, a sellerdesk.View) (sellerdesk.Receipt, error) {
	id, who, err := c.target(ctx, a.Conversation, sellerdesk.KindReview)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	if err := c.client.Reviews.SkipReaction(ctx, who.id, id); err != nil {
		return sellerdesk.Receipt{}, c.written(err)
	}
	soon := lookSoon
	return sellerdesk.Receipt{Reread: &soon}, nil
}

// done is the receipt of words of ours that were taken.
func done(ref sellerdesk.RemoteRef, line sellerdesk.RemoteID) sellerdesk.Receipt {
	k, _ := keptOf(ref)
	k.Looks = 0
	if line != "" {
		k.Mine, k.Sent = line, true
	}
	soon := lookSoon
	return sellerdesk.Receipt{RemoteID: line, Remote: k.bytes(), Reread: &soon}
}
