package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/sellerdesk/sellerdesk"
)

// Bounds of drawing. A picture is measured before it is decoded, because a
// small file can unfold into gigabytes.
const (
	maxPixels     = 50_000_000 // of 4 bytes; deeper pictures may have fewer
	maxThumbnail  = 480        // pixels of the longer side
	jpegQuality   = 82
	exifSearched  = 256 << 10 // where the orientation stands in the head of a JPEG
	bytesPerPixel = 4
)

var (
	errBroken = errors.New("the picture is damaged")
	errHuge   = errors.New("the picture has too many pixels")
)

type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// decoderOf gives the decoder of a type; ok is false for what is not drawn.
func decoderOf(mediaType string) (d decoder, ok bool) {
	switch mediaType {
	case "image/jpeg":
		return decoder{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png", "image/vnd.mozilla.apng":
		return decoder{png.DecodeConfig, png.Decode}, true
	case "image/gif":
		return decoder{gif.DecodeConfig, gif.Decode}, true
	case "image/webp":
		return decoder{webp.DecodeConfig, webp.Decode}, true
	default:
		return decoder{}, false
	}
}

func drawable(mediaType string) bool {
	_, ok := decoderOf(mediaType)
	return ok
}

// draw fills the measures of blob and keeps its small picture. A picture that
// cannot be drawn is no error: blob.Why tells.
func (d *Dir) draw(ctx context.Context, f *os.File, blob *Blob) error {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	small, err := shrink(f, blob)
	switch {
	case errors.Is(err, errHuge):
		blob.Why = sellerdesk.Why{Code: sellerdesk.ReasonFileTooLarge, Text: "The picture has too many pixels to be drawn."}
		return nil
	case errors.Is(err, errBroken):
		blob.Why = sellerdesk.Why{Code: sellerdesk.ReasonFileUnreadable, Text: "The picture is damaged and cannot be drawn."}
		return nil
	case err != nil:
		return diskError("read a picture", err)
	}
	thumb, err := d.keepThumbnail(ctx, small)
	if err != nil {
		return err
	}
	blob.Thumbnail = thumb
	return nil
}

// shrink measures and decodes the picture in f and gives the small one,
// turned as a person sees it.
func shrink(f io.ReadSeeker, blob *Blob) (small image.Image, err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder met something its authors did not
			err = fmt.Errorf("%w: %v", errBroken, p)
		}
	}()
	dec, _ := decoderOf(blob.Type)
	turn := 1
	if blob.Type == "image/jpeg" {
		turn = orientation(f)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c, err := dec.config(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return nil, errBroken
	}
	blob.Width, blob.Height = &c.Width, &c.Height
	if turn >= 5 {
		blob.Width, blob.Height = &c.Height, &c.Width
	}
	if int64(c.Width)*int64(c.Height)*depth(c.ColorModel) > maxPixels*bytesPerPixel {
		return nil, errHuge
	}
	if blob.Type == "image/jpeg" {
		switch many, err := tooManyScans(f); {
		case err != nil:
			return nil, err
		case many:
			return nil, errHuge
		}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	full, err := dec.decode(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	return turned(scaled(full), turn), nil
}

// depth is how many bytes one pixel takes in memory at most.
func depth(m color.Model) int64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 2 * bytesPerPixel
	default:
		return bytesPerPixel
	}
}

// scaled makes the picture fit; a smaller one keeps its size.
func scaled(full image.Image) *image.NRGBA {
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	if longer := max(w, h); longer > maxThumbnail {
		w, h = max(1, w*maxThumbnail/longer), max(1, h*maxThumbnail/longer)
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	return small
}

// turned applies the orientation of EXIF, 1 to 8.
func turned(in *image.NRGBA, turn int) *image.NRGBA {
	if turn <= 1 || turn > 8 {
		return in
	}
	w, h := in.Rect.Dx(), in.Rect.Dy()
	ow, oh := w, h
	if turn >= 5 {
		ow, oh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := source(turn, x, y, w, h)
			out.SetNRGBA(x, y, in.NRGBAAt(sx, sy))
		}
	}
	return out
}

// source tells which pixel of a picture of w by h stands at x, y once turned.
func source(turn, x, y, w, h int) (sx, sy int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	default: // 8
		return w - 1 - y, x
	}
}

// keepThumbnail writes the small picture: PNG when something shines through,
// else JPEG.
func (d *Dir) keepThumbnail(ctx context.Context, small image.Image) (string, error) {
	var b bytes.Buffer
	var err error
	if o, ok := small.(interface{ Opaque() bool }); ok && o.Opaque() {
		err = jpeg.Encode(&b, small, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(&b, small)
	}
	if err != nil {
		return "", fmt.Errorf("write a thumbnail: %w", err)
	}
	f, err := os.CreateTemp(d.temp(), "thumb-*")
	if err != nil {
		return "", diskError("keep a thumbnail", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	blob, err := fill(ctx, f, &b, int64(b.Len()))
	if err != nil {
		return "", err
	}
	return blob.Hash, d.place(f, blob.Hash)
}
