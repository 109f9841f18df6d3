package media_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk/internal/media"
)

// needs skips where a program is not installed and not required.
func needs(tb testing.TB, name string) {
	tb.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if strings.Contains(os.Getenv("SELLERDESK_TEST_REQUIRE"), "previews") {
		tb.Fatalf("%s is required and not installed", name)
	}
	tb.Skipf("%s is not installed", name)
}

// paper is a PDF of one page of the given measures with a black square at its
// lower left corner.
func paper(width, height int) []byte {
	page := "0 0 0 rg 0 0 100 100 re f"
	parts := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R >>", width, height),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	for i, p := range parts {
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, p)
	}
	out.WriteString("trailer << /Size 5 /Root 1 0 R >>\n%%EOF\n")
	return out.Bytes()
}

// dark tells whether a point of a kept small picture is, and its measures.
func dark(t *testing.T, d *media.Dir, hash string, x, y float64) (is bool, width, height int) {
	t.Helper()
	small, err := jpeg.Decode(bytes.NewReader(read(t, d, hash)))
	if err != nil {
		t.Fatal(err)
	}
	b := small.Bounds()
	_, g, _, _ := small.At(int(x*float64(b.Dx()-1)), int(y*float64(b.Dy()-1))).RGBA()
	return g < 0x8000, b.Dx(), b.Dy()
}

func TestTheFirstPageOfAPDFIsSeen(t *testing.T) {
	t.Parallel()
	needs(t, "pdftoppm")
	d, _ := open(t)
	blob := put(t, d, paper(300, 600))
	if blob.Thumbnail == "" || blob.Type != "application/pdf" {
		t.Fatalf("kept as %+v, want a small picture", blob)
	}
	low, width, height := dark(t, d, blob.Thumbnail, 0.05, 0.95)
	high, _, _ := dark(t, d, blob.Thumbnail, 0.05, 0.05)
	if !low || high || width != 400 || height != 800 {
		t.Errorf("%d × %d, dark below %t, above %t; want 400 × 800 with a square below", width, height, low, high)
	}
}

func TestAFrameOfAFilmIsSeen(t *testing.T) {
	t.Parallel()
	needs(t, "ffmpeg")
	for name, want := range map[string][2]int{"film.mp4": {160, 90}, "turned.mov": {90, 160}, "film.webm": {90, 160}} {
		d, _ := open(t)
		blob := put(t, d, sample(t, name))
		if blob.Thumbnail == "" {
			t.Errorf("%s has no small picture", name)
			continue
		}
		if _, w, h := dark(t, d, blob.Thumbnail, 0, 0); w != want[0] || h != want[1] {
			t.Errorf("%s: %d × %d, want %v", name, w, h, want)
		}
	}
}

func TestWhatCannotBePreviewedIsKeptWithoutAPicture(t *testing.T) {
	t.Parallel()
	page, film := paper(300, 600), sample(t, "film.mp4")
	for name, tt := range map[string]struct{ bytes []byte }{
		"a PDF of its head only":              {[]byte("%PDF-1.7\n1 0 obj")},
		"a PDF that was cut":                  {page[:len(page)/2]},
		"a PDF whose page is its own parent":  {[]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9999999>>endobj\ntrailer<</Root 1 0 R>>\n")},
		"a film of its head only":             {film[:32]},
		"a film that was cut":                 {film[:len(film)/3]},
		"a list of addresses named as a film": {[]byte("\x00\x00\x00\x18ftypisom#EXTM3U\nhttp://127.0.0.1:9/a\nfile:///etc/passwd\n")},
		"an Ogg of its head only":             {[]byte("OggS\x00\x02\x00\x00")},
		"a WAV that promises gigabytes":       {[]byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\xff")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, root := open(t)
			began := time.Now()
			blob := put(t, d, tt.bytes)
			if blob.Thumbnail != "" || blob.Why.Code != "" {
				t.Errorf("kept as %+v, want neither a picture nor a reason", blob)
			}
			if took := time.Since(began); took > 25*time.Second {
				t.Errorf("it took %s", took)
			}
			if got := files(t, root); len(got) != 1 {
				t.Errorf("the folder holds %v, want the file only", got)
			}
		})
	}
}

func TestAHugePageIsDrawnSmall(t *testing.T) {
	t.Parallel()
	needs(t, "pdftoppm")
	d, _ := open(t)
	blob := put(t, d, paper(14_000_000, 14_000_000))
	if blob.Thumbnail == "" {
		return // refused by the program: fine as well
	}
	if _, w, h := dark(t, d, blob.Thumbnail, 0, 0); w > 800 || h > 800 {
		t.Errorf("%d × %d, want at most 800", w, h)
	}
}
