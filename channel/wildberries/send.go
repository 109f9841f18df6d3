package wildberries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// reply says a line in a chat.
func (c *chats) reply(ctx context.Context, reply sellerdesk.Reply) (sellerdesk.Receipt, error) {
	if kind := reply.Conversation.Kind; kind != "" && kind != sellerdesk.KindChat {
		return sellerdesk.Receipt{}, cannot(reply.Kind())
	}
	sign, err := signOf(reply.Conversation), error(nil)
	if sign == "" {
		if sign, err = c.lookUp(ctx, reply.Conversation.ID); err != nil {
			return sellerdesk.Receipt{}, err
		}
	}
	receipt, err := c.say(ctx, reply, sign)
	if !errors.Is(err, api.ErrReplySign) {
		return receipt, err
	}
	// A refused signature proves that nothing was sent, so that a second call with a new one is no blind repeat.
	renewed, err := c.lookUp(ctx, reply.Conversation.ID)
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	return c.say(ctx, reply, renewed)
}

// lookUp finds the signature of a chat in the list. Nothing was sent when it
// fails, so that its error must not look like a doubtful one.
func (c *chats) lookUp(ctx context.Context, chat sellerdesk.RemoteID) (string, error) {
	list, err := c.client.Chats.List(ctx)
	if err != nil {
		e := c.failure(err, reading, api.BucketChatList)
		if e.Class == channel.Malformed {
			e.Class = channel.Temporary
		}
		return "", e
	}
	for _, found := range list.Chats {
		if found.ID == string(chat) && found.ReplySign != "" {
			return found.ReplySign, nil
		}
	}
	return "", &channel.Error{
		Class: channel.Gone,
		Why:   sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Wildberries no longer lists this chat, so nothing can be sent to it."},
	}
}

// say makes one call.
func (c *chats) say(ctx context.Context, r sellerdesk.Reply, sign string) (sellerdesk.Receipt, error) {
	files, done, err := openFiles(ctx, r.Files)
	defer done()
	if err != nil {
		return sellerdesk.Receipt{}, err
	}
	result, err := c.client.Chats.Send(ctx, sign, r.Text, files...)
	if err != nil {
		return sellerdesk.Receipt{}, c.failure(err, writing, api.BucketChatMessage)
	}
	if result.Sign != "" {
		sign = result.Sign
	}
	receipt := sellerdesk.Receipt{Files: outcomes(r.Files, files, result.FileErrors)}
	if sign != signOf(r.Conversation) {
		receipt.Remote = keep(r.Conversation.ID, sign)
	}
	if result.AddTime > 0 {
		at := sellerdesk.At(result.AddTime.Time())
		receipt.At = &at
	}
	return receipt, nil
}

// openFiles opens the files of a reply; done closes them and is never nil.
func openFiles(ctx context.Context, blobs []sellerdesk.Blob) (files []api.File, done func(), err error) {
	var opened []io.Closer
	done = func() {
		for _, f := range opened {
			_ = f.Close() // only read from
		}
	}
	for _, b := range blobs {
		content, err := b.Open(ctx)
		if err != nil {
			return nil, done, refuse(sellerdesk.ReasonFileUnreadable, "A file of this message cannot be read here. Attach it again.", err)
		}
		opened = append(opened, content)
		files = append(files, api.File{Name: sendName(b), Size: b.Size, Content: content})
	}
	return files, done, nil
}

// sendName is a name that the form takes: no control characters, not too long,
// never empty.
func sendName(b sellerdesk.Blob) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(b.Name, ""))
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

// longestName is in bytes; the client takes 255.
const longestName = 200

// outcomes tells what became of each file. An error that names no file counts
// for the first that has none yet: one of them was not taken, and the person
// must look.
func outcomes(blobs []sellerdesk.Blob, sent []api.File, bad []api.FileError) []sellerdesk.FileOutcome {
	if len(bad) == 0 {
		return nil
	}
	out := make([]sellerdesk.FileOutcome, len(blobs))
	for i, b := range blobs {
		out[i].Name = b.Name
	}
	for _, e := range bad {
		for i := range out {
			if out[i].Refused.Text == "" && (e.Name == "" || e.Name == sent[i].Name) {
				out[i].Refused = fileRefusal(e.Text)
				break
			}
		}
	}
	return out
}

func fileRefusal(text string) sellerdesk.Why {
	why := sellerdesk.Why{Code: sellerdesk.ReasonFileRefused}
	switch {
	case strings.Contains(text, "too big"):
		why.Code = sellerdesk.ReasonFileTooLarge
		why.Text = sellerdesk.Optional(fmt.Sprintf("The file is larger than %d MB.", api.MaxFileSize>>20))
	case strings.Contains(text, "unsupported mime type"):
		why.Text = "Wildberries takes JPEG, PNG and PDF files only."
	case firstText(text) != "":
		why.Text = sellerdesk.Optional("Wildberries did not take the file: " + cut(firstText(text), 200))
	default:
		why.Text = "Wildberries did not take the file."
	}
	return why
}

func refuse(code sellerdesk.ReasonCode, text string, cause error) *channel.Error {
	return &channel.Error{Class: channel.Refused, Why: sellerdesk.Why{Code: code, Text: sellerdesk.Optional(text)}, Err: cause}
}
