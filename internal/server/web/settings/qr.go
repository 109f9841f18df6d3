package settings

import (
	"fmt"
	"strings"

	codes "github.com/boombuler/barcode/qr"
)

// quiet is the empty margin that cameras need around a QR code, in dots.
const quiet = 4

// longestQR is how many bytes a code may hold: what is longer is no secret of
// ours, and drawn too fine for a camera.
const longestQR = 500

// qr is a QR code as the path of an SVG picture.
type qr struct {
	Side int    // with the margin, in dots
	Dots string // path of the dark ones
}

// drawQR makes the picture of a text.
func drawQR(text string) (qr, error) {
	if len(text) > longestQR {
		return qr{}, fmt.Errorf("draw a QR code: %d bytes are more than %d", len(text), longestQR)
	}
	code, err := codes.Encode(text, codes.M, codes.Auto)
	if err != nil {
		return qr{}, fmt.Errorf("draw a QR code: %w", err)
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			from := x
			for x < side && dark(code.At(x, y).RGBA()) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1H%dz", from+quiet, y+quiet, x-from, from+quiet)
			}
		}
	}
	return qr{Side: side + 2*quiet, Dots: path.String()}, nil
}

// dark takes the channels of a colour as [image/color.Color] gives them.
func dark(r, _, _, _ uint32) bool { return r < 0x8000 }

func (q qr) box() string { return fmt.Sprintf("0 0 %d %d", q.Side, q.Side) }

func (q qr) back() string { return fmt.Sprintf("M0 0h%dv%dH0z", q.Side, q.Side) }
