package api_test

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

func TestFilesCannotHarmABrowser(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	for _, f := range []struct {
		name, content  string
		way, kind, why string
	}{
		{"cup.png", png, "inline", "image/png", "a picture is shown"},
		{"page.png", "<html><script>alert(1)</script>", "attachment", "application/octet-stream", "a page that calls itself a picture is saved"},
		{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "attachment", "application/octet-stream", "a drawing that may run is saved"},
		{"a.pdf", "%PDF-1.4\n", "attachment", "application/pdf", "a document is saved"},
		{"чек \"1\".txt", "hello", "attachment", "application/octet-stream", "a text is saved, under any name"},
	} {
		t.Run(f.why, func(t *testing.T) {
			body, kind := upload(t, f.name, []byte(f.content))
			var file thing
			c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &file)
			a := c.ask("GET", "/v1/files/"+file.id(), nil).want(t, 200, nil)
			way, params, err := mime.ParseMediaType(a.header.Get("Content-Disposition"))
			if err != nil || way != f.way || params["filename"] != file["name"] {
				t.Errorf("disposition %q: %v", a.header.Get("Content-Disposition"), err)
			}
			if a.header.Get("Content-Type") != f.kind || string(a.body) != f.content {
				t.Errorf("got %q %q", a.header.Get("Content-Type"), a.body)
			}
			if !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", a.header)
			}
		})
	}
}

func TestFilesAreReadInParts(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	body, kind := upload(t, "cup.png", []byte(png))
	var file thing
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &file)
	path := "/v1/files/" + file.id()
	whole := c.ask("GET", path, nil).want(t, 200, nil)
	if part := c.ask("GET", path, nil, "Range", "bytes=1-3").want(t, 206, nil); string(part.body) != "PNG" {
		t.Errorf("got %q", part.body)
	}
	tag := whole.header.Get("ETag")
	if a := c.ask("GET", path, nil, "If-None-Match", tag); tag == "" || a.status != http.StatusNotModified {
		t.Errorf("the tag %q gave %d", tag, a.status)
	}
	if a := c.ask("GET", path, nil, "Range", "bytes=9999-"); a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a range outside gave %d", a.status)
	}
	small := c.ask("GET", path+"/thumbnail", nil)
	if small.status == 200 && !strings.HasPrefix(small.header.Get("Content-Type"), "image/") {
		t.Errorf("the small picture is %q", small.header.Get("Content-Type"))
	}
}

func TestAFileWithoutAPictureSaysSo(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	body, kind := upload(t, "a.pdf", []byte("%PDF-1.4\n"))
	var file thing
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &file)
	c.ask("GET", "/v1/files/"+file.id()+"/thumbnail", nil).problem(t, 404, "not_found", "")
}

func TestWhatPlaysTellsHowLong(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	film, err := os.ReadFile("../../media/testdata/film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	body, kind := upload(t, "film.mp4", film)
	var file thing
	c.ask("POST", "/v1/files", body, "Content-Type", kind).want(t, 201, &file)
	if file["duration_ms"] != 2000.0 || file["width"] != 160.0 || file["height"] != 90.0 || file["type"] != "video/mp4" {
		t.Errorf("kept as %v, want two seconds of 160 × 90", file)
	}
	part := c.ask("GET", "/v1/files/"+file.id(), nil, "Range", "bytes=4-7").want(t, 206, nil)
	if string(part.body) != "ftyp" || part.header.Get("Content-Type") != "video/mp4" || !strings.HasPrefix(part.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a part of it is %q with %v", part.body, part.header)
	}
	small := c.ask("GET", "/v1/files/"+file.id()+"/thumbnail", nil)
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		small.problem(t, 404, "not_found", "")
		return
	}
	if small.want(t, 200, nil); small.header.Get("Content-Type") != "image/jpeg" || small.header.Get("Content-Disposition") != "inline" {
		t.Errorf("the small picture has %v", small.header)
	}
}

func TestAnUploadIsBounded(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	body, kind := upload(t, "large.bin", make([]byte, desk.MaxUpload+1))
	c.ask("POST", "/v1/files", body, "Content-Type", kind).problem(t, 422, "invalid", "file")

	// The frame is bounded as well, whatever it holds.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.h.URL+"/v1/files",
		io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n"), io.LimitReader(zeros{}, desk.MaxUpload+1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+servertest.Key)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	res, err := c.h.Client().Do(r)
	if err != nil {
		return // the server hung up on us: just as well
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge && res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("got %d", res.StatusCode)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	body, kind := upload(t, "cup.png", []byte(png))
	c.ask("POST", "/v1/files", body[:len(body)-20], "Content-Type", kind).problem(t, 422, "invalid", "")
	c.ask("GET", fmt.Sprint("/v1/files/", 1), nil).problem(t, 404, "not_found", "")
}

func TestAFileIsAskedForAgainEachTime(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	cab := furnish(t, c.h, "One")
	first := c.ask("GET", fmt.Sprint("/v1/files/", cab.file), nil).want(t, 200, nil)
	if got := first.header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("kept as %q", got)
	}
}
