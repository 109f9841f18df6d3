package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk/library"
)

// kept keeps a text of the house.
func kept(tb testing.TB, l *library.Library, folder, name, text string) sellerdesk.Template {
	tb.Helper()
	t, err := l.Create(tb.Context(), 1, true, library.Change{Folder: &folder, Name: &name, Text: &text})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestTemplatesAreFoundWrittenAndSaidInABrowser(t *testing.T) {
	if raced {
		t.Skip("a browser is slow beside the race detector")
	}
	t.Parallel()
	h := house(t, demo)
	c := h.Chat(t, "Anna", minutes(5), "Where is my cup?")
	l := h.Desk.Library
	late := kept(t, l, "Delivery", "It is late", "Sorry, {name|friend}: it will be there tomorrow.")
	kept(t, l, "", "Thanks", "Thank you, {name|friend}!")
	b := browse(t, h, 1440, 900)
	b.open("/") // the demo lets in here
	b.open(fmt.Sprintf("/conversations/%d", c.ID))
	b.until("the composer", `document.querySelector("#composer .send")?.disabled === true`)

	b.do("type a stroke", chromedp.SendKeys(`#composer textarea`, "/"))
	b.until("all are listed", `document.querySelectorAll("#library .template-choice").length === 2 && !document.querySelector("#library").hidden`)
	b.shot("picker")
	b.do("narrow it", chromedp.SendKeys(`#composer textarea`, "late"))
	b.until("one is left", `document.querySelectorAll("#library .template-choice").length === 1 && document.querySelector("#library [aria-selected=true] b").innerText === "It is late"`)
	b.do("take it", chromedp.KeyEvent("\r"))
	b.until("it is filled in", `document.querySelector("#composer textarea").value === "Sorry, Anna: it will be there tomorrow."`)
	b.do("say it", chromedp.Click(`#composer .send`))
	b.until("it is queued", `document.querySelector("#recent .ours .text")?.innerText === "Sorry, Anna: it will be there tomorrow."`)
	if said, err := l.Get(t.Context(), 1, late.ID); err != nil || said.Uses != 1 {
		t.Errorf("it was used %d times, %v", said.Uses, err)
	}

	b.do("begin to write", chromedp.SendKeys(`#composer textarea`, "thank y"))
	b.until("what fits is suggested", `document.querySelector("#library-hints .template-hint b")?.innerText === "Thanks" && !document.querySelector("#library-hints").hidden`)
	b.shot("hints")
	b.do("take the suggestion", chromedp.Click(`#library-hints .template-hint`))
	b.until("it stands instead", `document.querySelector("#composer textarea").value === "Thank you, Anna!"`)

	b.open("/settings/templates/new")
	b.do("write one", chromedp.SendKeys(`#template-name`, "Greeting"), chromedp.SendKeys(`#template-text`, "Hello, {name|you}!"))
	b.until("it is seen as it will read", `document.querySelector("#template-preview blockquote")?.innerText === "Hello, Anna!"`)
	b.shot("editor")
	b.do("keep it", chromedp.Click(`#template-form .primary`))
	b.until("it is there", `location.pathname.match(/templates\/\d+$/) && document.querySelector("#template-name")?.value === "Greeting"`)
	b.open("/settings/templates?q=greet")
	b.until("and is found", `document.querySelectorAll(".account-row").length === 1 && document.querySelector(".account-row b").innerText === "Greeting"`)
	b.shot("list")
	b.do("a phone", chromedp.EmulateViewport(390, 844))
	b.shot("list-phone")
	b.open(fmt.Sprintf("/settings/templates/%d", late.ID))
	b.until("the editor", `document.querySelector("#template-preview blockquote") !== null`)
	if wide := value[int](b, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the editor is %d pixels wide on a phone of 390", wide)
	}
	b.shot("editor-phone")
}

func TestATableOfTemplatesIsReadOnItsPageWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	body, kind := multipartForm(t, nil, "file", "texts.csv", "Название;Текст\nДа;Хорошо, {имя|друг}\nНет;{имя}\n")
	v.sendForm("/settings/templates/import", body, kind).has(t, http.StatusOK, "1\u00a0new", "1\u00a0left out", `<td class="tabular">3</td>`)
	v.get("/settings/templates/export").has(t, http.StatusOK, `house,,Да,"Хорошо, {имя|друг}"`)
	body, kind = multipartForm(t, nil, "file", "texts.csv", "nothing at all")
	v.sendForm("/settings/templates/import", body, kind).has(t, http.StatusUnprocessableEntity, "table-wrong")
}

func TestWhatIsWrongWithATemplateStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	v := enter(t, h)
	typed := map[string]string{"house": "yes", "name": "<b>Hello</b>", "folder": "One/Two", "text": "Hello {name}", "kinds": "chat"}
	body, kind := multipartForm(t, typed, "upload", "sizes.txt", "S M L")
	v.sendForm("/settings/templates", body, kind).has(t, http.StatusUnprocessableEntity, "template-text-wrong", "&lt;b&gt;Hello&lt;/b&gt;", "One/Two", "Hello {name}", `value="chat" checked`)
	typed["text"] = "Hello {name|you}"
	body, kind = multipartForm(t, typed, "upload", "sizes.txt", "S M L")
	v.sendForm("/settings/templates", body, kind).has(t, http.StatusOK, "sizes.txt", "&lt;b&gt;Hello&lt;/b&gt;")
	v.get("/settings/templates").has(t, http.StatusOK, "&lt;b&gt;Hello&lt;/b&gt;", "One/Two").lacks(t, "<b>Hello</b>")
}

// multipartForm makes a form with a file.
func multipartForm(tb testing.TB, values map[string]string, field, name, content string) (body *bytes.Buffer, kind string) {
	tb.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	var errs []error
	for k, v := range values {
		errs = append(errs, w.WriteField(k, v))
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err := errors.Join(append(errs, err, w.Close())...); err != nil {
		tb.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// sendForm posts a form with files.
func (v *visitor) sendForm(path string, body *bytes.Buffer, kind string) answer {
	v.tb.Helper()
	r, err := http.NewRequestWithContext(v.tb.Context(), http.MethodPost, v.house.URL+path, body)
	if err != nil {
		v.tb.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	resp, err := v.http.Do(r)
	if err != nil {
		v.tb.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.tb.Fatal(err)
	}
	return answer{status: resp.StatusCode, body: string(b), header: resp.Header, path: resp.Request.URL.Path}
}
