package web

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"
)

var redraw = flag.Bool("redraw", false, "draw the icons of the installed program anew")

// The icons of the installed program are the one of the tab, drawn here because
// systems want pictures of fixed sizes.
func TestTheIconsOfTheInstalledProgramAreTheOneOfTheTab(t *testing.T) {
	t.Parallel()
	for name, icon := range map[string]struct {
		size int
		// room is left at each side of a maskable icon, whose rim systems cut off.
		room float64
	}{"icon-192.png": {192, 0}, "icon-512.png": {512, 0}, "icon-maskable-512.png": {512, 3}} {
		var drawn bytes.Buffer
		if err := png.Encode(&drawn, drawIcon(icon.size, icon.room)); err != nil {
			t.Fatal(err)
		}
		path := "static/" + name
		if *redraw {
			if err := os.WriteFile(path, drawn.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, drawn.Bytes()) {
			t.Errorf("%s is not what -redraw draws", name)
		}
	}
}

// drawIcon draws the logo, 24 units wide, with room units more at each side.
func drawIcon(size int, room float64) image.Image {
	const fine = 4 // by fine points are looked at in each pixel
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			var back, line float64
			for i := range fine * fine {
				at := func(pixel, part int) float64 {
					return (float64(pixel)+(float64(part)+0.5)/fine)/float64(size)*(24+2*room) - room
				}
				px, py := at(x, i%fine), at(y, i/fine)
				if room > 0 || squared(px, py) {
					back++
				}
				if lined(px, py) {
					line++
				}
			}
			back, line = back/(fine*fine), line/(fine*fine)
			mix := func(of uint8) uint8 { return uint8(math.Round(float64(of) + (255-float64(of))*line)) }
			img.SetNRGBA(x, y, color.NRGBA{mix(0x5a), mix(0x5f), mix(0xd8), uint8(math.Round(255 * back))})
		}
	}
	return img
}

// squared tells whether a point lies in the square with round corners.
func squared(x, y float64) bool {
	const half, round = 12, 6
	dx, dy := max(math.Abs(x-half)-half+round, 0), max(math.Abs(y-half)-half+round, 0)
	return math.Hypot(dx, dy) <= round && math.Abs(x-half) <= half && math.Abs(y-half) <= half
}

// lined tells whether a point lies on one of the three lines with round ends.
func lined(x, y float64) bool {
	for _, l := range [][3]float64{{7, 17, 8.5}, {7, 13.5, 12}, {7, 15, 15.5}} {
		if math.Hypot(x-min(max(x, l[0]), l[1]), y-l[2]) <= 0.95 {
			return true
		}
	}
	return false
}
