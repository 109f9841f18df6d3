package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	uploadPattern = "POST /v1/files"
	// maxUploadBody leaves room for what multipart puts around the file.
	maxUploadBody = desk.MaxUpload + 64<<10
)

// files registers the operations on attachments.
func (a *api) files() {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	register(a, sellerdesk.RightWork, huma.Operation{
		OperationID: "uploadFile", Method: http.MethodPost, Path: "/v1/files", Tags: []string{"files"}, DefaultStatus: http.StatusCreated,
		Summary:     "Upload a file that a message will name",
		Description: "One part named file, streamed. What a channel takes is judged when the message is posted.",
	}, a.uploadFile)
	// Said afterwards: huma would read the body that is streamed.
	a.huma.OpenAPI().Paths["/v1/files"].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": binary},
		}},
	}}
	for _, op := range []huma.Operation{
		{OperationID: "getFile", Path: "/v1/files/{id}", Summary: "Get the bytes of a file", Description: "Also of files of buyers. Takes ranges. 404 while the bytes are not here."},
		{OperationID: "getThumbnail", Path: "/v1/files/{id}/thumbnail", Summary: "Get the small picture of a file", Description: "Of a picture, the first page of a PDF, or a film. 404 where there is none."},
	} {
		op.Method, op.Tags = http.MethodGet, []string{"files"}
		media := map[string]*huma.MediaType{"*/*": {Schema: binary}}
		op.Responses = map[string]*huma.Response{
			"200": {Description: "The bytes", Content: media},
			"206": {Description: "A part of the bytes", Content: media},
			"304": {Description: "The bytes are those the client has"},
			"416": {Description: "The range is outside the file"},
		}
		register(a, sellerdesk.RightSee, op, a.sender(op.OperationID == "getThumbnail"))
	}
}

// uploadFile streams the part to where bytes are kept. Under a key that was
// used, the same name and bytes give the first answer; they are compared by
// content, because the frame of a multipart body is different each time.
func (a *api) uploadFile(ctx context.Context, _ *struct{}) (*output[sellerdesk.File], error) {
	r := requestOf(ctx)
	part, err := filePart(r)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	if r.Header.Get(keyHeader) == "" {
		f, err := a.desk.Files.Upload(ctx, part.FileName(), part)
		return &output[sellerdesk.File]{Body: f}, readError(err)
	}
	sum := sha256.New()
	content := io.TeeReader(part, sum)
	var f sellerdesk.File
	answer, err := a.once.stream(r, func() (store.Stored, error) {
		var err error
		if f, err = a.desk.Files.Upload(ctx, part.FileName(), content); err != nil {
			return store.Stored{}, readError(err)
		}
		body, err := json.Marshal(f)
		return store.Stored{Status: http.StatusCreated, Body: body}, err
	}, func() ([]byte, error) {
		if _, err := io.Copy(io.Discard, content); err != nil {
			return nil, unreadable(err)
		}
		return fingerprint(uploadPattern, part.FileName(), sum.Sum(nil)), nil
	})
	if err != nil {
		return nil, err
	}
	if f.ID == 0 {
		if err := json.Unmarshal(answer.Body, &f); err != nil {
			return nil, err
		}
	}
	return &output[sellerdesk.File]{Body: f}, nil
}

// filePart finds the part named file without reading what follows.
func filePart(r *http.Request) (*multipart.Part, error) {
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The body is not multipart/form-data.").InField("file").Because(err)
	}
	for range 20 {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if part.FormName() == "file" {
			return part, nil
		}
	}
	return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "There is no part named file.").InField("file")
}

// readError puts an upload that broke off into words; what desk said stands.
func readError(err error) error {
	var told *sellerdesk.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	return unreadable(err)
}

type fileInput struct {
	ID sellerdesk.FileID `path:"id" minimum:"1"`
}

// sender answers with the bytes of a file, or of its small picture.
func (a *api) sender(small bool) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		var f sellerdesk.File
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
			f, _, err = tx.Files.Get(ctx, in.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		hash, kind := f.Hash, string(f.Type)
		if small {
			hash, kind = f.Thumbnail, "image/jpeg"
		}
		if hash == "" {
			return nil, notHere(f, small)
		}
		body, err := a.deps.Media.Open(hash)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer body.Close()
			r, w := humago.Unwrap(ctx)
			a.server.Unhurried(w)
			name := string(f.Name)
			if small {
				kind, name = sniff(body), "" // it is not what the name says
			}
			fileHeaders(w.Header(), hash, kind, name)
			http.ServeContent(w, r, "", time.Time{}, body)
		}}, nil
	}
}

// notHere says why there are no bytes.
func notHere(f sellerdesk.File, small bool) error {
	switch {
	case small && f.Hash != "":
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "This file has no small picture.")
	case f.State == sellerdesk.FileWanted:
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "The file has not arrived yet.")
	case f.Reason != "":
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "%s", f.Reason)
	default:
		return sellerdesk.Errorf(sellerdesk.CodeNotFound, "The file is not kept here.")
	}
}

// sniff tells the type of a small picture, which media draws as it likes.
func sniff(f io.ReadSeeker) string {
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head) // a short file is no error
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "application/octet-stream"
	}
	return http.DetectContentType(head[:n])
}

// fileHeaders makes bytes of a stranger harmless in a browser: pictures are
// shown, all else is saved, nothing runs. A browser
// asks each time whether they may still be seen, and hears that it has the bytes.
func fileHeaders(h http.Header, hash, kind, name string) {
	h.Set("ETag", strconv.Quote(hash))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	way := "attachment"
	switch kind {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		way = "inline"
	case "":
		kind = "application/octet-stream"
	}
	if way == "attachment" && (strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml") || strings.Contains(kind, "script")) {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	if name != "" {
		if d := mime.FormatMediaType(way, map[string]string{"filename": name}); d != "" {
			way = d
		}
	}
	h.Set("Content-Disposition", way)
}
