package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/media"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// photo is a JPEG that differs from others by its hue.
func photo(tb testing.TB, width, height, hue int) []byte {
	tb.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(60 + i%width*120/width)
	}
	_, cb, cr := color.RGBToYCbCr(byte(hue*53), byte(hue*97), byte(hue*29))
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = cb, cr
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// arrive lets files of a buyer come in one message each; what is kept of them may be changed.
func arrive(tb testing.TB, h *servertest.House, blobs *media.Dir, c sellerdesk.Conversation, messages [][]string, content map[string][]byte) {
	tb.Helper()
	patch := sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID}
	var lines []sellerdesk.MessagePatch
	for i, names := range messages {
		line := sellerdesk.MessagePatch{
			Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: sellerdesk.RemoteID(fmt.Sprintf("files-%s-%d", *c.RemoteID, i)),
			Author: sellerdesk.AuthorBuyer, At: sellerdesk.At(c.UpdatedAt.Add(time.Duration(i+1) * time.Second)), Text: strings.Join(names, ", "),
		}
		for _, name := range names {
			line.Files = append(line.Files, sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(name), Name: name})
		}
		lines = append(lines, line)
	}
	h.Hear(tb, patch, lines...)
	facts := map[string]store.FileFacts{}
	for _, name := range slices.Sorted(maps.Keys(content)) {
		blob, err := blobs.Put(tb.Context(), bytes.NewReader(content[name]), 1<<20)
		if err != nil {
			tb.Fatal(err)
		}
		facts[name] = store.FileFacts{
			Type: blob.Type, Size: blob.Size, Width: blob.Width, Height: blob.Height, Hash: blob.Hash, Thumbnail: blob.Thumbnail, Why: blob.Why,
			Playing: store.FilePlaying{Duration: blob.Milliseconds(), Bars: blob.Bars},
		}
	}
	err := h.Store.Write(tb.Context(), func(tx *store.Tx) error {
		wanted, err := tx.Files.Wanted(tb.Context(), sellerdesk.At(servertest.Start().Add(time.Hour)), 1000, nil)
		for _, w := range wanted {
			known, ok := facts[w.Remote.Name]
			if err != nil || !ok {
				continue
			}
			if strings.HasPrefix(w.Remote.Name, "lost") { // its small picture is not on the disk
				known.Thumbnail = strings.Repeat("0", 64)
			}
			err = tx.Files.Fetched(tb.Context(), w.File, known)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// requests writes down which files a page asks for.
type requests struct {
	mu      sync.Mutex // guards what follows
	paths   []string
	partial int // answers with a part of a file
}

func (r *requests) listen(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if _, path, ok := strings.Cut(e.Request.URL, "/v1/files/"); ok {
			r.paths = append(r.paths, path)
		}
	case *network.EventResponseReceived:
		if strings.Contains(e.Response.URL, "/v1/files/") && e.Response.Status == 206 {
			r.partial++
		}
	}
}

// originals are the files that were asked for themselves.
func (r *requests) originals() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.paths {
		if !strings.HasSuffix(p, "/thumbnail") && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// onePage is a PDF with one empty page.
func onePage() []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n" +
		"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n" +
		"4 0 obj\n<< /Length 51 >>\nstream\n0.2 g 60 700 300 40 re f 0.7 g 60 640 470 12 re f\n\nendstream\nendobj\ntrailer << /Size 5 /Root 1 0 R >>\n%%EOF\n")
}

// keepsSizes breaks every small picture: the boxes stay as large as they were, as
// they are before a picture has come.
func keepsSizes(b *tab) {
	b.tb.Helper()
	const sizes = `[...document.querySelectorAll("#messages [data-view]")].map((e) => e.id + ": " + e.offsetWidth + " × " + e.offsetHeight)`
	before := value[[]string](b, sizes)
	value[bool](b, `(() => { for (const i of document.querySelectorAll("#messages [data-view] img")) i.src = "data:image/png,broken"; return true; })()`)
	b.until("all are given up", `[...document.querySelectorAll("#messages [data-view]:has(img)")].every((e) => e.dataset.broken === "")`)
	if diff := cmp.Diff(before, value[[]string](b, sizes)); diff != "" {
		b.tb.Errorf("boxes change with their pictures (-with +without):\n%s", diff)
	}
}

// press clicks until a condition holds: a list that comes live may move what is
// clicked.
func (t *tab) press(selector, what, condition string) {
	t.tb.Helper()
	for range 3 {
		t.do(what, chromedp.Click(selector))
		for end := time.Now().Add(3 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if value[bool](t, "(() => { try { return Boolean("+condition+"); } catch { return false; } })()") {
				return
			}
		}
		if value[bool](t, `document.querySelector("#viewer").open`) {
			break
		}
	}
	t.until(what, condition)
}

func sampleFile(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "media", "testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestFilesAreSeenAndHeardInABrowser(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("a browser beside the race detector takes too long")
	}
	var blobs *media.Dir
	h := house(t, func(d *server.Deps) { demo(d); blobs = d.Media })
	c := h.Chat(t, "Anna", minutes(5), "Look at this")
	whole := photo(t, 900, 600, 1)
	arrive(t, h, blobs, c, [][]string{{"voice.ogg"}, {"film.mp4"}, {"act.pdf", "page.svg", "cut.jpg"}, {"a.jpg", "b.jpg", "lost.jpg"}, {"last.jpg"}}, map[string][]byte{
		"voice.ogg": sampleFile(t, "voice.ogg"), "film.mp4": sampleFile(t, "film.mp4"), "act.pdf": onePage(),
		"page.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>window.evil=1</script></svg>`), "cut.jpg": whole[:len(whole)/2],
		"a.jpg": whole, "b.jpg": photo(t, 600, 900, 2), "lost.jpg": photo(t, 300, 300, 3), "last.jpg": photo(t, 500, 900, 4),
	})
	log := &requests{}
	b := browse(t, h, 1440, 900)
	if err := chromedp.Listen(b.ctx, log.listen); err != nil {
		t.Fatal(err)
	}
	b.open("/")
	b.open(fmt.Sprintf("/conversations/%d", c.ID))
	b.until("the small pictures", `[...document.querySelectorAll(".picture img")].every((i) => i.complete) && document.querySelectorAll(".picture").length === 4`)
	b.until("the lost one is a clean tile", `document.querySelector("[data-name='lost.jpg']").dataset.broken === "" && document.querySelector("[data-name='lost.jpg'] .lost").checkVisibility()`)
	if got := log.originals(); len(got) > 0 {
		t.Errorf("originals %v were asked for before any click", got)
	}
	b.shot("files")

	watchPictures(b, log)
	watchFilm(b, log)
	lookAtPage(b, log)
	hearVoice(b, h, c)
	keepsSizes(b)
	b.do("on a phone", chromedp.EmulateViewport(360, 780))
	b.until("nothing is wider than it", `document.documentElement.scrollWidth <= 360 && document.querySelector("#messages").scrollWidth <= document.querySelector("#messages").clientWidth`)
	if small := b.small(); len(small) > 0 {
		t.Errorf("too small for a finger: %v", small)
	}
	b.shot("phone")
	if value[bool](b, `window.evil === 1`) {
		t.Error("a picture of a stranger ran in the page")
	}
}

// watchPictures opens the viewer and walks it by keys.
func watchPictures(b *tab, log *requests) {
	b.tb.Helper()
	b.press(`[data-name="a.jpg"]`, "the original", `document.querySelector("#viewer[open] .viewer-picture").naturalWidth === 900`)
	if got := log.originals(); len(got) != 1 {
		b.tb.Errorf("originals %v, want the one that was clicked", got)
	}
	b.shot("viewer")
	b.do("the next by key", chromedp.KeyEvent(kb.ArrowRight))
	b.until("it is there", `document.querySelector(".viewer-name").textContent === "b.jpg" && document.querySelector(".viewer-picture").naturalWidth === 600`)
	b.do("closer", chromedp.KeyEvent("z"))
	b.until("it is zoomed", `document.querySelector("[data-zoomed] .viewer-picture").clientHeight === 900`)
	b.do("the first", chromedp.KeyEvent(kb.Home))
	b.until("the film", `document.querySelector(".viewer-name").textContent === "film.mp4" && document.querySelector(".viewer-picture").hidden`)
	b.do("close", chromedp.KeyEvent(kb.Escape))
	b.until("the focus is on what was shown", `!document.querySelector("#viewer").open && document.activeElement.dataset.name === "film.mp4" && !document.querySelector(".viewer-film").hasAttribute("src")`)
}

func watchFilm(b *tab, log *requests) {
	b.tb.Helper()
	b.press(`.film`, "it plays", `document.querySelector(".viewer-film").currentTime > 0.1 && document.querySelector(".viewer-film").videoWidth === 160`)
	b.shot("film")
	b.do("close", chromedp.KeyEvent(kb.Escape))
	b.until("it is gone", `!document.querySelector("#viewer").open`)
	log.mu.Lock()
	defer log.mu.Unlock()
	if log.partial == 0 {
		b.tb.Error("the film was not asked for in parts")
	}
}

// lookAtPage opens the first page of a document, where one could be drawn.
func lookAtPage(b *tab, log *requests) {
	b.tb.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		b.until("the document is a tile", `document.querySelector("a.tile .tile-name").textContent === "act.pdf"`)
		return
	}
	before := log.originals()
	b.press(`.page`, "it can be read", `document.querySelector("#viewer[open] .viewer-picture[data-paper]").naturalHeight === 800`)
	b.shot("page")
	b.do("close", chromedp.KeyEvent(kb.Escape))
	if got := log.originals(); len(got) != len(before) {
		b.tb.Errorf("originals %v, want %v: the first page is a small picture", got, before)
	}
}

// hearVoice plays a recording and lets the buyer write meanwhile.
func hearVoice(b *tab, h *servertest.House, c sellerdesk.Conversation) {
	b.tb.Helper()
	if got := value[string](b, `document.querySelector(".sound-time").textContent`); got != "0:02" {
		b.tb.Errorf("the length before it plays is %q, want 0:02", got)
	}
	b.press(`.sound-play`, "it plays", `Number(document.querySelector(".sound").style.getPropertyValue("--at")) > 0.05`)
	b.shot("voice")
	b.do("faster", chromedp.Click(`.sound-speed`))
	b.until("it is faster", `document.querySelector(".sound-speed").textContent === "1.5×"`)
	b.until("it ends", `!document.querySelector(".sound").hasAttribute("data-playing")`)
	value[bool](b, `(() => { const line = document.querySelector(".sound-line input"); line.value = 50; line.dispatchEvent(new Event("input", { bubbles: true })); return true; })()`)
	b.until("it is there", `document.querySelector(".sound-line input").getAttribute("aria-valuetext").startsWith("0:01")`)
	h.Hear(b.tb, sellerdesk.ConversationPatch{Kind: c.Kind, RemoteID: *c.RemoteID}, sellerdesk.MessagePatch{
		Kind: c.Kind, Conversation: *c.RemoteID, RemoteID: "later", Author: sellerdesk.AuthorBuyer, Text: "Did you hear it?", At: sellerdesk.At(servertest.Start()),
	})
	b.until("the buyer wrote", `document.querySelector("#messages").innerText.includes("Did you hear it?")`)
	if got := value[string](b, `document.querySelector(".sound-line input").getAttribute("aria-valuetext")`); !strings.HasPrefix(got, "0:01") {
		b.tb.Errorf("the recording stands at %q after the buyer wrote, want where it was", got)
	}
}

func TestTwoHundredPhotosScrollWithoutAStall(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("a browser beside the race detector takes too long")
	}
	var blobs *media.Dir
	h := house(t, func(d *server.Deps) { demo(d); blobs = d.Media })
	c := h.Chat(t, "Anna", minutes(5), "All of them")
	content, messages := map[string][]byte{}, [][]string{}
	for i := range 10 {
		content[fmt.Sprintf("%d.jpg", i)] = photo(t, 1600, 1200, i)
	}
	for range 20 {
		messages = append(messages, slices.Sorted(maps.Keys(content)))
	}
	arrive(t, h, blobs, c, messages, content)
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open(fmt.Sprintf("/conversations/%d", c.ID))
	b.until("the last ones", `document.querySelectorAll(".picture").length === 200 && document.querySelectorAll(".picture img")[199].naturalWidth > 0`)
	// The way up in steps of a turning wheel; a gap between two frames is a stall.
	value[bool](b, `(() => {
		const box = document.querySelector("#messages"), gaps = [];
		let last = performance.now();
		const step = (now) => {
			gaps.push(now - last);
			last = now;
			box.scrollTop -= 120;
			if (box.scrollTop > 0) requestAnimationFrame(step);
			else window.gaps = gaps.sort((a, b) => a - b);
		};
		requestAnimationFrame(step);
		return true;
	})()`)
	b.until("the top", `window.gaps`)
	b.until("all came", `[...document.querySelectorAll(".picture img")].filter((i) => i.complete && i.naturalWidth > 0).length >= 150`)
	middle, worst := value[float64](b, `window.gaps[Math.floor(window.gaps.length * 0.95)]`), value[float64](b, `window.gaps.at(-1)`)
	t.Logf("frames: 95 %% under %.0f ms, the longest %.0f ms, of %.0f", middle, worst, value[float64](b, `window.gaps.length`))
	if worst > 1000 {
		t.Errorf("a stall of %.0f ms", worst)
	}
}
