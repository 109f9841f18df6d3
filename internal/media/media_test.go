package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/media"
)

func open(t *testing.T) (*media.Dir, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "blobs")
	d, err := media.New(root)
	if err != nil {
		t.Fatal(err)
	}
	return d, root
}

func put(t *testing.T, d *media.Dir, b []byte) media.Blob {
	t.Helper()
	blob, err := d.Put(t.Context(), bytes.NewReader(b), 20<<20)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func read(t *testing.T, d *media.Dir, hash string) []byte {
	t.Helper()
	f, err := d.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// gradient is a picture whose upper left corner is red and whose lower right is blue.
func gradient(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{R: uint8(255 - 255*x/w), B: uint8(255 * y / h), A: 255})
		}
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withOrientation puts an EXIF block in front of a JPEG.
func withOrientation(pic []byte, o byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(len(body) + 2)}
	return append(append(head, body...), pic[2:]...)
}

func TestTypeIsToldByContent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []byte
		want string
	}{
		{"a document", []byte("%PDF-1.7\n1 0 obj"), "application/pdf"},
		{"words", []byte("накладная"), "text/plain"},
		{"a page that would run in a browser", []byte("<html><script>alert(1)</script></html>"), "text/html"},
		{"a picture", asPNG(t, gradient(4, 4)), "image/png"},
		{"nothing", nil, "text/plain"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, _ := open(t)
			blob := put(t, d, tt.in)
			if blob.Type != tt.want {
				t.Errorf("type %q, want %q", blob.Type, tt.want)
			}
			if got := read(t, d, blob.Hash); !bytes.Equal(got, tt.in) {
				t.Errorf("kept %q, want %q", got, tt.in)
			}
		})
	}
}

func TestSameBytesAreKeptOnce(t *testing.T) {
	t.Parallel()
	d, root := open(t)
	a, b := put(t, d, []byte("same")), put(t, d, []byte("same"))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the second differs (-first +second):\n%s", diff)
	}
	if got := files(t, root); len(got) != 1 {
		t.Errorf("kept %v, want one file", got)
	}
}

// files lists what lies in the folder, without the place of half written files.
func files(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTooManyBytesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	d, root := open(t)
	_, err := d.Put(t.Context(), strings.NewReader(strings.Repeat("x", 1025)), 1024)
	if !errors.Is(err, media.ErrTooLarge) || sellerdesk.CodeOf(err) != sellerdesk.CodeInvalid {
		t.Fatalf("error %v, want one that is invalid and too large", err)
	}
	if got := files(t, root); len(got) != 0 {
		t.Errorf("left behind %v", got)
	}
	if _, err := d.Put(t.Context(), strings.NewReader(strings.Repeat("x", 1024)), 1024); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func TestErrorOfTheReaderComesBack(t *testing.T) {
	t.Parallel()
	d, root := open(t)
	broken := errors.New("the connection broke")
	_, err := d.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), 1024)
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
	if got := files(t, root); len(got) != 0 {
		t.Errorf("left behind %v", got)
	}
}

func TestEndedContextStopsKeeping(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Put(ctx, strings.NewReader("x"), 1024); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestOpenTakesOnlyHashes(t *testing.T) {
	t.Parallel()
	d, root := open(t)
	secret := filepath.Join(filepath.Dir(root), strings.Repeat("a", 62))
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{"", "..", "../" + strings.Repeat("a", 61), ".." + strings.Repeat("a", 62), strings.Repeat("A", 64), strings.Repeat("a", 64)} {
		if _, err := d.Open(hash); sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			t.Errorf("open %q: %v, want not_found", hash, err)
		}
	}
}

func TestStartThrowsHalfWrittenFilesAway(t *testing.T) {
	t.Parallel()
	d, root := open(t)
	kept := put(t, d, []byte("whole"))
	if err := os.WriteFile(filepath.Join(root, "tmp", "in-1"), []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := media.New(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := files(t, root); len(got) != 1 || !again.Has(kept.Hash) {
		t.Errorf("the folder holds %v, want the whole file only", got)
	}
}

func TestThumbnailFitsAndKeepsItsShape(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		in            []byte
		width, height int // of the picture as told
		tw, th        int // of the thumbnail
		format        string
	}{
		{"a wide photo shrinks", asJPEG(t, gradient(960, 480)), 960, 480, 480, 240, "jpeg"},
		{"a small photo keeps its size", asJPEG(t, gradient(40, 30)), 40, 30, 40, 30, "jpeg"},
		{"a photo taken upright is turned", withOrientation(asJPEG(t, gradient(960, 480)), 6), 480, 960, 240, 480, "jpeg"},
		{"a thin line does not vanish", asPNG(t, gradient(2000, 1)), 2000, 1, 480, 1, "jpeg"},
		{"what shines through stays so", asPNG(t, image.NewNRGBA(image.Rect(0, 0, 10, 10))), 10, 10, 10, 10, "png"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, _ := open(t)
			blob := put(t, d, tt.in)
			if blob.Width == nil || *blob.Width != tt.width || *blob.Height != tt.height {
				t.Fatalf("measures %v × %v, want %d × %d", blob.Width, blob.Height, tt.width, tt.height)
			}
			c, format, err := image.DecodeConfig(bytes.NewReader(read(t, d, blob.Thumbnail)))
			if err != nil || c.Width != tt.tw || c.Height != tt.th || format != tt.format {
				t.Errorf("thumbnail %s %d × %d (%v), want %s %d × %d", format, c.Width, c.Height, err, tt.format, tt.tw, tt.th)
			}
		})
	}
}

func TestEveryOrientationPutsTheRedCornerWhereAPersonSawIt(t *testing.T) {
	t.Parallel()
	// Where the first stored pixel is seen, by orientation: left or right, top or bottom.
	right := map[byte]bool{2: true, 3: true, 6: true, 7: true}
	bottom := map[byte]bool{3: true, 4: true, 7: true, 8: true}
	red := image.NewRGBA(image.Rect(0, 0, 64, 32))
	for y := range 32 {
		for x := range 64 {
			red.Set(x, y, color.White)
			if x < 16 && y < 16 {
				red.Set(x, y, color.RGBA{R: 255, A: 255})
			}
		}
	}
	d, _ := open(t)
	for o := byte(1); o <= 8; o++ {
		blob := put(t, d, withOrientation(asJPEG(t, red), o))
		small, err := jpeg.Decode(bytes.NewReader(read(t, d, blob.Thumbnail)))
		if err != nil {
			t.Fatal(err)
		}
		x, y := 4, 4
		if right[o] {
			x = small.Bounds().Dx() - 5
		}
		if bottom[o] {
			y = small.Bounds().Dy() - 5
		}
		if _, g, _, _ := small.At(x, y).RGBA(); g > 0x4000 {
			t.Errorf("orientation %d: the corner at %d, %d is not red", o, x, y)
		}
	}
}

// bomb is a PNG whose head promises far more pixels than there are bytes.
func bomb() []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := append([]byte("IHDR"), 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 8, 6, 0, 0, 0)
	_ = binary.Write(&b, binary.BigEndian, uint32(len(chunk)-4))
	b.Write(chunk)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(chunk))
	return b.Bytes()
}

func TestUnfitPicturesAreKeptWithAReason(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, gradient(200, 200))
	tests := []struct {
		name string
		in   []byte
		want sellerdesk.ReasonCode
	}{
		{"a photo that was cut", whole[:len(whole)/2], sellerdesk.ReasonFileUnreadable},
		{"a photo of its head only", whole[:20], sellerdesk.ReasonFileUnreadable},
		{"a picture that would unfold into gigabytes", bomb(), sellerdesk.ReasonFileTooLarge},
		{"a picture of nothing", []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00"), sellerdesk.ReasonFileUnreadable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, _ := open(t)
			blob := put(t, d, tt.in)
			if blob.Why.Code != tt.want || blob.Why.Text == "" || blob.Thumbnail != "" {
				t.Errorf("got %+v, want the reason %s and no thumbnail", blob, tt.want)
			}
			if !d.Has(blob.Hash) {
				t.Error("the bytes are not kept")
			}
		})
	}
}

func TestSizeReadsWell(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1024: "1 KB", 5 << 20: "5 MB", 5<<20 + 1: "5.1 MB", 6_000_000: "5.8 MB", 3 << 30: "3 GB",
	} {
		if got := media.Size(n); got != want {
			t.Errorf("Size(%d) = %q, want %q", n, got, want)
		}
	}
}

func FuzzPut(f *testing.F) {
	f.Add([]byte("GIF89a"))
	f.Add(bomb())
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8L"))
	d, err := media.New(filepath.Join(f.TempDir(), "blobs"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		blob, err := d.Put(t.Context(), bytes.NewReader(b), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if !d.Has(blob.Hash) || blob.Size != int64(len(b)) {
			t.Errorf("kept %+v of %d bytes", blob, len(b))
		}
	})
}
