package wildberries

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk/internal/rest"
)

// Limits of a message by the document.
const (
	MaxTextLength      = 1000     // characters (runes)
	MaxReplySignLength = 255      // characters
	MaxFileSize        = 5 << 20  // bytes of one file; the document says 5 MB, the error text 5MiB
	MaxFilesSize       = 30 << 20 // bytes of all files together
	longestName        = 255
)

// FileTypes returns the content types that a message may carry.
func FileTypes() []string { return []string{"image/jpeg", "image/png", "application/pdf"} }

// Sentinels of what can be wrong with a message. Errors of the checks before sending are also ErrRefused and ErrNotSent; the remote
// side's own words for the same things match them too.
var (
	// ErrReplySign: the signature is missing, too long or no longer valid. Take a fresh one from List.
	ErrReplySign   = errors.New("the chat signature is not valid")
	ErrNothingSaid = errors.New("the message has neither text nor file")
	ErrTextTooLong = errors.New("the text is too long")
	ErrFileTooBig  = errors.New("a file is too big")
	ErrFilesTooBig = errors.New("the files are too big together")
	ErrFileType    = errors.New("a file is neither JPEG nor PNG nor PDF")
	ErrFile        = errors.New("a file cannot be read")
)

// File is a file to send.
type File struct {
	Name string
	// Size must be exact: it is announced before Content is read.
	Size int64
	// Content is read once, while Send runs and not after it. The caller closes what has to be closed.
	Content io.Reader
}

// FileFromBytes makes a File of data in memory.
func FileFromBytes(name string, data []byte) File {
	return File{Name: name, Size: int64(len(data)), Content: bytes.NewReader(data)}
}

// SendResult is the answer to a sent message. There is no id: the message comes back in the feed with Sender SenderSeller and Source
// SourceSellerPublicAPI.
type SendResult struct {
	AddTime Millis
	ChatID  string
	// Sign is a fresh chat signature, "" when none was given. Store it.
	Sign string
	// FileErrors are the files that were not taken. The text was sent all the same.
	FileErrors []FileError
}

// FileError is one file that the remote side did not take.
type FileError struct {
	// Name is that of the sent file, "" when the text does not tell which one it was.
	Name string
	Text string
}

// Send writes to a chat: text, files or both. What the document forbids is refused before anything leaves. It is sent once: after
// ErrOutcomeUnknown look into the feed before sending again, for there is neither a message id nor a key against doubles.
//
// Operation: POST /api/v1/seller/message. Limit: 10 per 10 s, burst 10; basic tokens 1 per hour. Document of 2026-07-23.
func (s *ChatsService) Send(ctx context.Context, replySign, text string, files ...File) (SendResult, error) {
	o := chatOperation(http.MethodPost, "/api/v1/seller/message", BucketChatMessage)
	if err := s.c.allow(o); err != nil {
		return SendResult{}, err
	}
	body, err := composeMessage(replySign, text, files)
	if err != nil {
		return SendResult{}, localError(o.name, err, ErrRefused)
	}
	// The transport may still be reading when an early answer comes; after this no Content is touched.
	defer body.Close()
	var answer struct {
		Result json.RawMessage `json:"result"`
		Errors looseTexts      `json:"errors"`
	}
	if err := s.c.json(ctx, o, body, &answer); err != nil {
		return SendResult{}, err
	}
	var result struct {
		AddTime Millis    `json:"addTime"`
		ChatID  string    `json:"chatID"`
		Sign    looseText `json:"sign"`
	}
	if isNull(answer.Result) || json.Unmarshal(answer.Result, &result) != nil {
		said := oneLine(strings.Join(answer.Errors, "; "), longestErrorText)
		return SendResult{}, misunderstood(o, http.StatusOK, nil, fmt.Errorf("%w: there is no result; errors: %q", rest.ErrMalformed, said))
	}
	sent := SendResult{AddTime: result.AddTime, ChatID: result.ChatID, Sign: string(result.Sign)}
	for _, text := range answer.Errors {
		sent.FileErrors = append(sent.FileErrors, fileError(text, files))
	}
	return sent, nil
}

// quoted finds the file name in texts as: 4A9F2544E29: "name.mp4" has unsupported mime type.
var quoted = regexp.MustCompile(`"([^"]+)"`)

func fileError(text string, files []File) FileError {
	e := FileError{Text: oneLine(text, longestErrorText)}
	if len(files) == 1 {
		e.Name = files[0].Name
	}
	if m := quoted.FindStringSubmatch(text); m != nil {
		for _, f := range files {
			if f.Name == m[1] {
				e.Name = f.Name
			}
		}
	}
	return e
}

// composeMessage checks a message and makes its body, which is read from the files as it is sent.
func composeMessage(replySign, text string, files []File) (*upload, error) {
	if err := checkMessage(replySign, text, files); err != nil {
		return nil, err
	}
	form := rest.NewForm()
	form.Field("replySign", replySign)
	if text != "" {
		form.Field("message", text)
	}
	for _, f := range files {
		kind, content, err := sniff(f)
		if err != nil {
			return nil, err
		}
		form.File("file", f.Name, kind, f.Size, content)
	}
	body := form.Finished()
	return &upload{ReadCloser: body, length: body.Length(), contentType: body.ContentType()}, nil
}

func checkMessage(replySign, text string, files []File) error {
	switch n := utf8.RuneCountInString(text); {
	case replySign == "" || utf8.RuneCountInString(replySign) > MaxReplySignLength || strings.ContainsFunc(replySign, unicode.IsControl):
		return ErrReplySign
	case text == "" && len(files) == 0:
		return ErrNothingSaid
	case n > MaxTextLength:
		return reason{ErrTextTooLong, fmt.Sprintf("the text has %d characters, %d are allowed", n, MaxTextLength)}
	case !utf8.ValidString(text):
		return errors.New("the text is not valid UTF-8")
	}
	var total int64
	for _, f := range files {
		switch {
		case f.Content == nil, f.Size <= 0, !goodName(f.Name):
			return reason{ErrFile, fmt.Sprintf("file %q has no content, no size or no usable name", oneLine(f.Name, 80))}
		case f.Size > MaxFileSize:
			return reason{ErrFileTooBig, fmt.Sprintf("file %q has %d bytes, %d are allowed", f.Name, f.Size, MaxFileSize)}
		}
		total += f.Size
	}
	if total > MaxFilesSize {
		return reason{ErrFilesTooBig, fmt.Sprintf("the files have %d bytes together, %d are allowed", total, MaxFilesSize)}
	}
	return nil
}

func goodName(name string) bool {
	return name != "" && len(name) <= longestName && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// sniffLength is what http.DetectContentType looks at.
const sniffLength = 512

// sniff tells the type of a file by its first bytes, as the remote side does, and returns a reader of the whole file.
func sniff(f File) (string, io.Reader, error) {
	head := make([]byte, min(f.Size, sniffLength))
	if _, err := io.ReadFull(f.Content, head); err != nil {
		return "", nil, reason{ErrFile, fmt.Sprintf("file %q cannot be read: %v", f.Name, err)}
	}
	kind := http.DetectContentType(head)
	for _, allowed := range FileTypes() {
		if kind == allowed {
			return kind, io.MultiReader(bytes.NewReader(head), f.Content), nil
		}
	}
	return "", nil, reason{ErrFileType, fmt.Sprintf("file %q is neither JPEG nor PNG nor PDF", f.Name)}
}
