package previewing

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// look is how a file is drawn.
type look int

const (
	asTile    look = iota // a name with its size
	asPicture             // in the grid
	asFilm
	asSound
	asPage // the first page of a document
)

// lookOf decides by the type, which is told by the content, and by what we have.
func lookOf(f sellerdesk.File) look {
	kind := string(f.Type)
	switch {
	case f.State != sellerdesk.FileFetched:
		return asTile
	case strings.HasPrefix(kind, "video/"):
		return asFilm
	case sounds(kind):
		return asSound
	case f.Thumbnail == "":
		return asTile
	case strings.HasPrefix(kind, "image/"):
		return asPicture
	default:
		return asPage
	}
}

// sounds tells whether browsers play a recording of a type.
func sounds(kind string) bool {
	switch kind {
	case "audio/ogg", "application/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/wav", "audio/webm", "audio/flac":
		return true
	default:
		return false
	}
}

// voice tells a spoken message from music: messengers record into Ogg.
func voice(f sellerdesk.File) bool { return f.Type == "audio/ogg" || f.Type == "application/ogg" }

// pictures are those of a list that stand in the grid.
func pictures(list []sellerdesk.File) (in []sellerdesk.File) {
	for _, f := range list {
		if lookOf(f) == asPicture {
			in = append(in, f)
		}
	}
	return in
}

// layout names the grid for a number of pictures.
func layout(n int) string {
	switch n {
	case 1:
		return "one"
	case 2, 4:
		return "two"
	default:
		return "three"
	}
}

func address(f sellerdesk.File) templ.SafeURL { return templ.SafeURL("/v1/files/" + frame.ID(f.ID)) }

func thumbnail(f sellerdesk.File) string { return "/v1/files/" + frame.ID(f.ID) + "/thumbnail" }

func place(f sellerdesk.File) string { return "f" + frame.ID(f.ID) }

// plainName is the name of a file as others gave it, made harmless; "" for none.
func plainName(f sellerdesk.File) string { return prose.Line(string(f.Name)) }

// Name calls a file by its name, or by what it is.
func Name(v *frame.View, f sellerdesk.File) string {
	s := plainName(f)
	switch {
	case voice(f):
		return v.Voice
	case s != "":
		return prose.Clip(s, 60)
	case lookOf(f) == asPicture:
		return v.Picture
	case lookOf(f) == asFilm:
		return v.Previewing.Film
	case lookOf(f) == asSound:
		return v.Audio
	default:
		return v.Table.File
	}
}

// Note is what stands under a name: how long it plays, the type, the size, and why
// it cannot be drawn.
func Note(v *frame.View, f sellerdesk.File) string {
	var parts []string
	if s := length(f); s != "" && lookOf(f) == asTile {
		parts = append(parts, s)
	}
	if kind := prose.TypeName(string(f.Type)); kind != "" {
		parts = append(parts, prose.Clip(prose.Line(kind), 30))
	}
	if f.Size != nil {
		parts = append(parts, v.Bytes(*f.Size))
	}
	if f.Reason != "" || f.ReasonCode != "" {
		parts = append(parts, v.Table.Why(f.ReasonCode, f.Reason))
	}
	return strings.Join(parts, " · ")
}

// whyNot says why there is nothing to open.
func whyNot(v *frame.View, f sellerdesk.File) string {
	if s := v.Table.Why(f.ReasonCode, f.Reason); s != "" {
		return s
	}
	switch f.State {
	case sellerdesk.FileWanted:
		return v.FileWanted
	case sellerdesk.FileGone:
		return v.FileGone
	default:
		return v.FileRefused
	}
}

// icon names the picture of what kind of file it is.
func icon(f sellerdesk.File) string {
	kind := string(f.Type)
	switch {
	case f.ReasonCode == sellerdesk.ReasonFileUnreadable:
		return "image-off"
	case voice(f):
		return "mic"
	case strings.HasPrefix(kind, "audio/"):
		return "music"
	case strings.HasPrefix(kind, "video/"):
		return "film"
	case strings.HasPrefix(kind, "image/"):
		return "image"
	case kind == "application/pdf", strings.HasPrefix(kind, "text/"):
		return "file-text"
	default:
		return "file"
	}
}

// length says how long a file plays, as clocks do: "0:07", "1:02:00"; "" where
// that is not known.
func length(f sellerdesk.File) string {
	if f.Duration == nil || *f.Duration <= 0 {
		return ""
	}
	s := max((*f.Duration+500)/1000, 1)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// seconds is how long a file plays, for the browser.
func seconds(f sellerdesk.File) string {
	if f.Duration == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*f.Duration)/1000, 'f', -1, 64)
}

// sizes reserves the place of a picture before it arrives.
func sizes(f sellerdesk.File) templ.Attributes {
	if f.Width == nil || f.Height == nil || *f.Width <= 0 || *f.Height <= 0 {
		return nil
	}
	return templ.Attributes{"width": strconv.Itoa(*f.Width), "height": strconv.Itoa(*f.Height)}
}

// measures are those for the viewer.
func measures(f sellerdesk.File) templ.Attributes {
	if f.Width == nil || f.Height == nil {
		return nil
	}
	return templ.Attributes{"data-width": strconv.Itoa(*f.Width), "data-height": strconv.Itoa(*f.Height)}
}

// shape is the box of a film: its own, within what fits a line of a conversation,
// and that of most films where it is not known.
func shape(f sellerdesk.File) (width, height int) {
	width, height = 320, 180
	if f.Width != nil && f.Height != nil && *f.Width > 0 && *f.Height > 0 {
		height = width * *f.Height / *f.Width
	}
	return width, min(max(height, 120), 400)
}

func shapeBox(f sellerdesk.File) string {
	w, h := shape(f)
	return fmt.Sprintf("0 0 %d %d", w, h)
}

// Bars of a recording, in units of the drawing.
const (
	barStep   = 3
	barWidth  = 2
	barHeight = 24
)

// bars draw how loud a recording is as one path; "" where that is not known.
func bars(f sellerdesk.File) string {
	var b strings.Builder
	for i := range len(f.Bars) {
		level := int(f.Bars[i]) - '0'
		if level < 0 || level > 9 {
			return ""
		}
		h := 3 + level*(barHeight-4)/9
		fmt.Fprintf(&b, "M%d %dh%dv%dh-%dz", i*barStep, (barHeight-h)/2, barWidth, h, barWidth)
	}
	return b.String()
}

func barsBox(f sellerdesk.File) string {
	return fmt.Sprintf("0 0 %d %d", max(len(f.Bars)*barStep-1, 1), barHeight)
}

// about names a file for who cannot see it: what it is, how long it plays, its name.
func about(v *frame.View, f sellerdesk.File) string {
	what := ""
	switch lookOf(f) {
	case asFilm:
		what = v.Previewing.Film
	case asPage:
		what = v.Previewing.Page
	}
	var parts []string
	for _, s := range []string{what, length(f), prose.Clip(plainName(f), 60)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// view names what the viewer shows of a file.
func view(f sellerdesk.File) string {
	if lookOf(f) == asPage {
		return "page"
	}
	return "picture"
}
