package scene

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
)

// Look is what a generated photo shows: a thing of some shape and colour. The zero Look leaves both to the seed.
type Look struct{ Hue, Shape int16 }

// DrawFile makes the bytes of a generated file of one of the three types that buyers send.
func DrawFile(kind string, seed uint64, l Look) []byte {
	d := Throw(seed)
	if kind == "application/pdf" {
		return drawReceipt(d)
	}
	var out bytes.Buffer
	if kind == "image/png" {
		_ = png.Encode(&out, drawPhoto(d, 240, 320, l)) // a buffer takes every byte
		return out.Bytes()
	}
	width, height := 480, 360
	if d.Chance(0.4) {
		width, height = height, width
	}
	_ = jpeg.Encode(&out, drawPhoto(d, width, height, l), &jpeg.Options{Quality: 76})
	return out.Bytes()
}

// Pad makes content size bytes long; bytes after the end are allowed in all three types. A smaller size leaves it as it is.
func Pad(kind string, content []byte, size int) []byte {
	missing := size - len(content)
	if missing <= 0 {
		return content
	}
	filler := bytes.Repeat([]byte{' '}, missing)
	if kind == "application/pdf" { // readers look for the end mark in the last kilobyte, so the filler goes before the body as a comment
		filler[0] = '%'
		filler[missing-1] = '\n'
		return append(append(bytes.Clone(content[:9]), filler...), content[9:]...)
	}
	return append(content, filler...)
}

// drawPhoto paints something like a photo of a thing on a table: light from a side, a shadow, one big shape, the place that the buyer points at.
func drawPhoto(d *Dice, width, height int, l Look) *image.RGBA {
	if l == (Look{}) {
		l = Look{int16(d.Below(360)), int16(d.Below(8))}
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	paintLight(img, d.Below(360), d.Unit())
	cx, cy := float64(width)*(0.4+0.2*d.Unit()), float64(height)*(0.42+0.14*d.Unit())
	r := float64(min(width, height)) * (0.28 + 0.1*d.Unit())
	for i := range 3 { // a soft shadow is three hard ones
		paintShape(img, int(l.Shape), cx+r*0.06*float64(i+1), cy+r*0.06*float64(i+1), r, color.RGBA{30, 20, 40, 255}, 0.1)
	}
	paintShape(img, int(l.Shape), cx, cy, r, hsl(int(l.Hue), 0.5, 0.36+0.16*d.Unit()), 1)
	paintShape(img, int(l.Shape), cx-r*0.03, cy-r*0.03, r*0.9, hsl(int(l.Hue), 0.5, 0.6), 0.25)
	mx, my := cx+r*0.7*(d.Unit()-0.5), cy+r*0.7*(d.Unit()-0.5)
	for range d.Between(2, 6) { // what is wrong with it
		paintShape(img, Pick(d, []int{4, 7, 7}), mx+r*0.2*(d.Unit()-0.5), my+r*0.2*(d.Unit()-0.5), r*(0.03+0.08*d.Unit()), hsl(d.Below(60), 0.5, 0.15+0.3*d.Unit()), 0.8)
	}
	if d.Chance(0.5) {
		paintRing(img, mx, my, r*0.3, color.RGBA{220, 30, 40, 255})
	}
	grain(img, d)
	return img
}

// Picture is a small PNG of the product, a coloured shape.
func (p Product) Picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 240, 240))
	paintLight(img, p.hue, 0.3)
	paintShape(img, p.shape, 125, 131, 80, color.RGBA{30, 20, 40, 255}, 0.18)
	paintShape(img, p.shape, 120, 124, 80, hsl(p.hue, 0.5, 0.42), 1)
	paintShape(img, p.shape, 118, 121, 70, hsl(p.hue, 0.55, 0.62), 0.3)
	var out bytes.Buffer
	_ = png.Encode(&out, img) // a buffer takes every byte
	return out.Bytes()
}

func paintLight(img *image.RGBA, hue int, tilt float64) {
	size := img.Bounds().Size()
	top, bottom := hsl(hue, 0.25, 0.92), hsl((hue+25)%360, 0.3, 0.7)
	for y := range size.Y {
		for x := range size.X {
			t := (float64(y) + tilt*float64(x)) / (float64(size.Y) + tilt*float64(size.X))
			img.SetRGBA(x, y, blend(top, bottom, t))
		}
	}
}

// paint covers every pixel by the part of it that lies inside, as seen at up to four points.
func paint(img *image.RGBA, cx, cy, r float64, c color.RGBA, strength float64, inside func(x, y float64) bool) {
	bounds, points := img.Bounds(), [][2]float64{{0.25, 0.25}, {0.75, 0.25}, {0.25, 0.75}, {0.75, 0.75}}
	if strength < 0.3 { // nobody sees the edge of a shadow
		points = points[:1]
	}
	for y := max(int(cy-r*1.2), 0); y < min(int(cy+r*1.2)+1, bounds.Max.Y); y++ {
		for x := max(int(cx-r*1.2), 0); x < min(int(cx+r*1.2)+1, bounds.Max.X); x++ {
			part := 0.0
			for _, at := range points {
				if inside((float64(x)+at[0]-cx)/r, (float64(y)+at[1]-cy)/r) {
					part += 1 / float64(len(points))
				}
			}
			if part > 0 {
				img.SetRGBA(x, y, blend(img.RGBAAt(x, y), c, part*strength))
			}
		}
	}
}

// paintShape fills one of eight shapes around a centre.
func paintShape(img *image.RGBA, shape int, cx, cy, r float64, c color.RGBA, strength float64) {
	paint(img, cx, cy, r, c, strength, func(x, y float64) bool { return inShape(shape, x, y) })
}

// paintRing draws the circle that buyers draw around a defect.
func paintRing(img *image.RGBA, cx, cy, r float64, c color.RGBA) {
	paint(img, cx, cy, r, c, 0.9, func(x, y float64) bool {
		far := math.Hypot(x, y*1.15)
		return far < 1 && far > 0.88
	})
}

// grain adds the noise of a telephone's camera.
func grain(img *image.RGBA, d *Dice) {
	for i := 0; i < len(img.Pix); i += 4 {
		n := int(d.Next()>>60) - 8
		for k := range 3 {
			img.Pix[i+k] = uint8(min(255, max(0, int(img.Pix[i+k])+n)))
		}
	}
}

// inShape tells whether a point of the square -1.2..1.2 belongs to the shape.
func inShape(shape int, x, y float64) bool {
	ax, ay := math.Abs(x), math.Abs(y)
	switch shape % 8 {
	case 0: // a jacket: body and sleeves
		return ax < 0.55 && ay < 0.95 || ax < 1.05 && y > -0.9 && y < -0.2+0.6*(ax-0.55)
	case 1: // a shoe
		return y > 0.35 && y < 0.7 && ax < 1 || x < 0 && x > -0.95 && y > -0.7 && y <= 0.35 || x >= 0 && y > -0.7+x && y <= 0.35 && x < 1
	case 2: // a round thing with an edge
		return x*x+y*y < 0.8 && y < 0.3 || ay < 0.55 && y >= 0.3 && ax < 0.95
	case 3: // trousers
		return y > -0.95 && y < -0.5 && ax < 0.6 || y >= -0.5 && y < 1 && ax < 0.7 && ax > 0.08
	case 4: // a box with rounded corners
		return math.Pow(ax, 6)+math.Pow(ay, 6) < 0.6
	case 5: // folds of cloth
		return ax < 0.95 && ay < 0.75+0.12*math.Sin(x*9)
	case 6: // a cup
		return ax < 0.6 && ay < 0.7 || x >= 0.5 && (x-0.6)*(x-0.6)+y*y < 0.2 && (x-0.6)*(x-0.6)+y*y > 0.08
	default: // a star
		return math.Hypot(x, y) < 0.55+0.4*math.Cos(5*math.Atan2(y, x)+1.57)
	}
}

func blend(a, b color.RGBA, t float64) color.RGBA {
	mix := func(p, q uint8) uint8 { return uint8(float64(p) + (float64(q)-float64(p))*t) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func hsl(hue int, saturation, lightness float64) color.RGBA {
	f := func(n float64) uint8 {
		k := math.Mod(n+float64(hue)/30, 12)
		a := saturation * min(lightness, 1-lightness)
		return uint8(255 * (lightness - a*max(-1, min(k-3, 9-k, 1))))
	}
	return color.RGBA{f(0), f(8), f(4), 255}
}

// drawReceipt writes a one-page PDF. Its words are Latin, because the fonts every reader has hold no Cyrillic letters.
func drawReceipt(d *Dice) []byte {
	var page bytes.Buffer
	page.WriteString("BT /F1 14 Tf 60 780 Td (KASSOVYJ CHEK / RECEIPT) Tj 0 -28 Td /F1 11 Tf\n")
	total := 0
	fmt.Fprintf(&page, "(Shift %d  No. %d) Tj 0 -20 Td\n", d.Between(1, 400), d.Between(1000, 99999))
	for i := range d.Between(1, 4) {
		price := d.Between(390, 9990)
		total += price
		fmt.Fprintf(&page, "(%d. Art. %d   1 x %d.00 RUB) Tj 0 -18 Td\n", i+1, d.Between(10_000_000, 399_999_999), price)
	}
	fmt.Fprintf(&page, "/F1 13 Tf (ITOGO / TOTAL: %d.00 RUB) Tj 0 -24 Td /F1 9 Tf (FN %d FD %d FP %d) Tj ET\n",
		total, 9_280_000_000_000_000+d.Below(1_000_000_000), d.Below(99999), d.Below(1<<31-1))
	parts := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	places := make([]int, len(parts))
	for i, part := range parts {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, part)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(parts)+1)
	for _, p := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(parts)+1, table)
	return out.Bytes()
}
