package yandexmarket

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"mime/multipart"
)

const (
	largestFile = 5 << 20
	mostPages   = 10_000
)

// SendFile sends a file of size bytes, at most 5 MB, streamed from r.
func (s *ChatsService) SendFile(ctx context.Context, business, chat int64, name string, r io.Reader, size int64) error {
	const bucket = "chats/file/send"
	if size < 1 || size > largestFile {
		return &Error{Op: "POST " + bucket, Outcome: OutcomeNotSent, cause: errors.New("a file has 1 byte to 5 MB"), kinds: []error{ErrRefused, ErrNotSent}}
	}
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	_, _ = w.CreateFormFile("file", name) // a Buffer takes every write
	head := frame.Len()
	_ = w.Close()
	all := frame.Bytes()
	body := io.MultiReader(bytes.NewReader(all[:head]), io.LimitReader(r, size), bytes.NewReader(all[head:]))
	return s.c.call(ctx, request{method: "POST", path: v2(business) + "/chats/file/send", bucket: bucket, write: true, query: chatQuery(chat),
		stream: io.NopCloser(body), length: int64(len(all)) + size, contentType: w.FormDataContentType()}, nil, false)
}

// All yields every chat of the filter once; the first error ends it.
func (s *ChatsService) All(ctx context.Context, business int64, f ChatFilter) iter.Seq2[Chat, error] {
	return func(yield func(Chat, error) bool) {
		seen, token := map[int64]bool{}, ""
		for range mostPages {
			p, err := s.List(ctx, business, f, token, 20)
			if err != nil {
				yield(Chat{}, err)
				return
			}
			for _, chat := range p.Chats {
				if !seen[chat.ChatID] && !yield(chat, nil) {
					return
				}
				seen[chat.ChatID] = true
			}
			if token = p.Paging.NextPageToken; token == "" {
				return
			}
		}
	}
}
