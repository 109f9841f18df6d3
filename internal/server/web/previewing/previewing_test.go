package previewing_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/frame"
	"github.com/sellerdesk/sellerdesk/internal/server/web/previewing"
	"github.com/sellerdesk/sellerdesk/internal/server/web/texts"
)

func view() *frame.View {
	return &frame.View{Table: texts.English(), House: texts.EnglishHouse(), Now: time.Unix(0, 0), Zone: time.UTC}
}

func drawn(t *testing.T, list ...sellerdesk.File) string {
	t.Helper()
	var b bytes.Buffer
	if err := previewing.Files(view(), list).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func ptr[T any](v T) *T { return &v }

func TestEachFileIsDrawnAsWhatItIs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file     sellerdesk.File
		has, not []string
	}{
		"a picture": {
			sellerdesk.File{ID: 7, Name: "a.jpg", Type: "image/jpeg", Thumbnail: "x", Width: ptr(40), Height: ptr(30)},
			[]string{`class="pictures one"`, `src="/v1/files/7/thumbnail"`, `width="40"`, `height="30"`, `loading="lazy"`, `data-view="picture"`}, []string{`src="/v1/files/7"`},
		},
		"a picture that cannot be drawn": {
			sellerdesk.File{ID: 7, Name: "a.jpg", Type: "image/jpeg", ReasonCode: sellerdesk.ReasonFileUnreadable, Reason: "x"},
			[]string{`class="tile"`, "#image-off"}, []string{"<img", "data-view"},
		},
		"a drawing that may run": {
			sellerdesk.File{ID: 7, Name: "a.svg", Type: "image/svg+xml"}, []string{`class="tile"`}, []string{"<img", "data-view"},
		},
		"a document with its first page": {
			sellerdesk.File{ID: 7, Name: "a.pdf", Type: "application/pdf", Thumbnail: "x"},
			[]string{`data-view="page"`, `aria-label="First page, a.pdf"`, `src="/v1/files/7/thumbnail"`}, nil,
		},
		"a document without": {sellerdesk.File{ID: 7, Name: "a.pdf", Type: "application/pdf"}, []string{`class="tile"`}, []string{"<img"}},
		"a film": {
			sellerdesk.File{ID: 7, Name: "a.mp4", Type: "video/mp4", Thumbnail: "x", Width: ptr(1920), Height: ptr(1080), Duration: ptr(int64(62_400))},
			[]string{`data-view="film"`, `viewBox="0 0 320 180"`, "1:02", `aria-label="Video, 1:02, a.mp4"`}, []string{"<video", `src="/v1/files/7"`},
		},
		"a film without a frame, taken upright": {
			sellerdesk.File{ID: 7, Type: "video/quicktime", Width: ptr(1080), Height: ptr(1920)}, []string{`viewBox="0 0 320 400"`, `data-view="film"`}, []string{"<img"},
		},
		"a voice": {
			sellerdesk.File{ID: 7, Type: "audio/ogg", Duration: ptr(int64(400)), Bars: "0987"},
			[]string{`data-sound="/v1/files/7"`, `data-seconds="0.4"`, "0:01", `viewBox="0 0 11 24"`, `type="range"`, "Voice message"}, []string{"<audio", "plain"},
		},
		"music of unknown length": {sellerdesk.File{ID: 7, Name: "a.mp3", Type: "audio/mpeg"}, []string{`class="sound plain"`, `data-seconds=""`}, []string{"<path"}},
		"a recording that browsers do not play": {
			sellerdesk.File{ID: 7, Name: "a.amr", Type: "audio/amr"}, []string{`class="tile"`, "#music"}, []string{"data-sound"},
		},
		"bars that are no digits": {sellerdesk.File{ID: 7, Type: "audio/ogg", Bars: `"><b>`}, []string{`data-sound`}, []string{"<b>"}},
		"a name that is markup": {
			sellerdesk.File{ID: 7, Name: `"><img src=x onerror=alert(1)>.mp4`, Type: "video/mp4"}, []string{"&lt;img"}, []string{"<img"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.file.State = sellerdesk.FileFetched
			got := drawn(t, tt.file)
			for _, s := range tt.has {
				if !strings.Contains(got, s) {
					t.Errorf("there is no %s in\n%s", s, got)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(got, s) {
					t.Errorf("there is %s in\n%s", s, got)
				}
			}
		})
	}
}

func TestWhatIsNotHereSaysWhy(t *testing.T) {
	t.Parallel()
	got := drawn(t,
		sellerdesk.File{ID: 1, Name: "a.mp4", Type: "video/mp4", State: sellerdesk.FileWanted},
		sellerdesk.File{ID: 2, State: sellerdesk.FileGone},
		sellerdesk.File{ID: 3, Name: "b.jpg", State: sellerdesk.FileRefused, ReasonCode: sellerdesk.ReasonFileTooLarge, Reason: "x"})
	e := texts.English()
	for _, s := range []string{e.FileWanted, e.FileGone, e.Why(sellerdesk.ReasonFileTooLarge, "x"), `class="tile pending"`, `class="tile broken"`} {
		if !strings.Contains(got, s) {
			t.Errorf("there is no %q in\n%s", s, got)
		}
	}
	if strings.Contains(got, "<a ") {
		t.Error("there is a link to what is not here")
	}
}

func TestTheGridFitsTheNumberOfPictures(t *testing.T) {
	t.Parallel()
	one := sellerdesk.File{ID: 1, Type: "image/png", Thumbnail: "x", State: sellerdesk.FileFetched}
	for n, want := range map[int]string{1: "one", 2: "two", 3: "three", 4: "two", 10: "three"} {
		list := make([]sellerdesk.File, n)
		for i := range list {
			list[i] = one
		}
		if got := drawn(t, list...); !strings.Contains(got, `class="pictures `+want+`"`) || strings.Count(got, "<img") != n {
			t.Errorf("%d pictures are drawn as\n%s", n, got)
		}
	}
}

func TestALineOfAListShowsAFileSmall(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]sellerdesk.File{
		`class="entry-picture"`: {ID: 1, Type: "image/png", Thumbnail: "x", State: sellerdesk.FileFetched},
		"#film":                 {ID: 1, Type: "video/mp4", Thumbnail: "x", State: sellerdesk.FileFetched},
	} {
		var b bytes.Buffer
		if err := previewing.Small(view(), f).Render(t.Context(), &b); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("there is no %s in %s (%v)", want, b.String(), err)
		}
	}
}
