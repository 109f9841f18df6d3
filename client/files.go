package client

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/sellerdesk/sellerdesk"
)

// Files are attachments.
type Files struct{ c *Client }

// Upload streams a file that a message will name.
func (s *Files) Upload(ctx context.Context, name string, r io.Reader) (sellerdesk.File, error) {
	body, pipe := io.Pipe()
	defer body.Close() // ends the writing when the server answered early
	form := multipart.NewWriter(pipe)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, r)
		}
		if err == nil {
			err = form.Close()
		}
		pipe.CloseWithError(err)
	}()
	var f sellerdesk.File
	err := s.c.do(ctx, call{op: "upload file", method: http.MethodPost, path: "/v1/files", raw: body, kind: form.FormDataContentType()}, &f)
	return f, err
}

// Content is the bytes of a file. The caller closes Body.
type Content struct {
	Body io.ReadCloser
	Type string // media type by content
	Size int64  // bytes; -1 when the server did not say
}

// Get gives the bytes of a file, also of one that a buyer sent. The error is
// not_found while they are not there. The bytes come while ctx lasts.
func (s *Files) Get(ctx context.Context, id sellerdesk.FileID) (Content, error) {
	return s.get(ctx, "get file", "/v1/files/"+itoa(id))
}

// Thumbnail gives the small picture of a file.
func (s *Files) Thumbnail(ctx context.Context, id sellerdesk.FileID) (Content, error) {
	return s.get(ctx, "get thumbnail", "/v1/files/"+itoa(id)+"/thumbnail")
}

func (s *Files) get(ctx context.Context, op, path string) (Content, error) {
	res, err := s.c.send(ctx, call{op: op, method: http.MethodGet, path: path, accept: "*/*"})
	if err != nil {
		return Content{}, err
	}
	return Content{Body: res.Body, Type: res.Header.Get("Content-Type"), Size: res.ContentLength}, nil
}
