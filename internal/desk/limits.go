package desk

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// longestText bounds a text whose channel states no limit, in characters: what
// is surely kept whole, since a character has at most four bytes.
const longestText = text.MaxBytes / 4

// allowed gives the ability for an action, or the refusal with its reason.
func allowed(can []sellerdesk.Ability, action sellerdesk.ActionKind) (sellerdesk.Ability, error) {
	a, ok := sellerdesk.Find(can, action)
	if !ok {
		return a, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "This cannot be done here.")
	}
	if a.Reason != "" {
		return a, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "%s", a.Reason)
	}
	return a, nil
}

// fitText cleans a text and judges its length in characters. Whether there must
// be one is judged by [nothingSaid].
func fitText(s string, can sellerdesk.Ability) (string, error) {
	least, most := 0, longestText
	if can.MinLength != nil {
		least = *can.MinLength
	}
	if can.MaxLength != nil {
		most = min(most, *can.MaxLength)
	}
	s, n := measured(s)
	switch {
	case n > most:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The text has %s; this channel takes up to %d.", characters(n), most).InField("text")
	case n > 0 && n < least:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The text has %s; this channel takes no fewer than %d.", characters(n), least).InField("text")
	}
	return s, nil
}

// fitComment cleans and judges the text that goes with an option; nil limits
// take none.
func fitComment(s string, limits *sellerdesk.TextLimits) (string, error) {
	s, n := measured(s)
	if limits == nil {
		limits = &sellerdesk.TextLimits{}
		if n > 0 {
			return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "This decision takes no comment.").InField("comment")
		}
	}
	most := longestText
	if limits.Max > 0 {
		most = min(most, limits.Max)
	}
	switch {
	case n > most:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The comment has %s; this decision takes up to %d.", characters(n), most).InField("comment")
	case n == 0 && limits.Min > 0:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"This decision needs a comment of at least %s.", characters(limits.Min)).InField("comment")
	case n < limits.Min:
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"The comment has %s; this decision takes no fewer than %d.", characters(n), limits.Min).InField("comment")
	}
	return s, nil
}

// measured cleans a text and counts its characters.
func measured(s string) (string, int) {
	// Cleaning cuts what is far too long, so that such a text is counted as it came.
	if len(s) <= text.MaxBytes {
		s = text.Clean(s)
	}
	s = strings.TrimSpace(s)
	return s, utf8.RuneCountInString(s)
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

// nothingSaid refuses an empty message.
func nothingSaid(can sellerdesk.Ability) error {
	if can.Files == nil {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Write something.").InField("text")
	}
	return sellerdesk.Errorf(sellerdesk.CodeInvalid, "Write something or attach a file.").InField("text")
}

func fitCount(files []sellerdesk.FileID, limits *sellerdesk.FileLimits) error {
	switch {
	case limits == nil || limits.Max == 0:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "This channel takes no files here.").InField("files")
	case len(files) > limits.Max:
		return sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"There are %d files; this channel takes up to %d with one message.", len(files), limits.Max).InField("files")
	}
	for i, id := range files {
		if slices.Contains(files[:i], id) {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "File %d is attached twice.", id).InField("files")
		}
	}
	return nil
}

// fitFiles judges size and type of the files of one message.
func fitFiles(files []sellerdesk.File, limits *sellerdesk.FileLimits) ([]sellerdesk.Blob, error) {
	blobs := make([]sellerdesk.Blob, 0, len(files))
	var total int64
	for _, f := range files {
		b := sellerdesk.Blob{File: f.ID, Name: string(f.Name), Type: string(f.Type), Hash: f.Hash}
		if f.Size != nil {
			b.Size = *f.Size
		}
		if limits.MaxSize > 0 && b.Size > limits.MaxSize {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is %s; this channel takes files up to %s.",
				called(f), exactSize(b.Size), media.Size(limits.MaxSize)).InField("files")
		}
		if len(limits.Types) > 0 && !typeAllowed(b.Type, limits.Types) {
			return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%s is of the type %s; this channel takes %s.",
				called(f), orUnknown(b.Type), strings.Join(limits.Types, ", ")).InField("files")
		}
		total += b.Size
		blobs = append(blobs, b)
	}
	if limits.TotalSize > 0 && total > limits.TotalSize {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The files are %s together; this channel takes up to %s with one message.",
			exactSize(total), media.Size(limits.TotalSize)).InField("files")
	}
	return blobs, nil
}

// exactSize always shows a decimal, so that what is just too large does not
// read as the limit itself.
func exactSize(n int64) string {
	s := media.Size(n)
	number, unit, _ := strings.Cut(s, " ")
	if unit == "bytes" || strings.Contains(number, ".") {
		return s
	}
	return number + ".0 " + unit
}

func typeAllowed(t string, allowed []string) bool {
	for _, a := range allowed {
		if ok, err := path.Match(a, t); err == nil && ok { // "image/*" matches too
			return true
		}
	}
	return false
}

func called(f sellerdesk.File) string {
	if f.Name == "" {
		return fmt.Sprintf("File %d", f.ID)
	}
	return string(f.Name)
}

func orUnknown(t string) string {
	if t == "" {
		return "unknown"
	}
	return t
}

// shown cuts what somebody sent so that it can stand in a sentence.
func shown(s string) string {
	const most = 40
	s = strings.ToValidUTF8(s, "?")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return s
}

// randomToken is 32 random bytes as text.
func randomToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
