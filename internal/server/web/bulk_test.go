package web_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/bulk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/search"
)

// jobs lets the jobs of a house go on until the test ends.
func jobs(tb testing.TB, h *servertest.House) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = bulk.New(bulk.Deps{Jobs: h.Desk.Jobs, Live: h.Hub}).Run(ctx) }()
	tb.Cleanup(func() { cancel(); <-ended })
}

func TestManyAreDoneAndUndoneInABrowser(t *testing.T) {
	if raced {
		t.Skip("a browser tells the race detector nothing new")
	}
	t.Parallel()
	h := house(t, demo)
	for i := range 30 {
		h.Review(t, fmt.Sprint("Buyer ", i), minutes(60-i), 5, "Fine shoes")
	}
	h.Chat(t, "Anna", minutes(90), "Where is my cup?")
	jobs(t, h)
	b := browse(t, h, 1440, 900)
	b.open("/?kind=review")
	b.until("the list", `document.querySelectorAll("#rows .row").length === 30`)

	press := func(keys string) { b.do("press "+keys, chromedp.KeyEvent(keys)) }
	counted := func(words string) {
		t.Helper()
		b.until(words, fmt.Sprintf(`!document.querySelector("#bulk-bar").hidden && document.querySelector("#bulk-count").innerText === %q`, words))
	}
	waiting := func(n string) {
		t.Helper()
		b.until(n+" wait", fmt.Sprintf(`document.querySelector("#kinds [data-kind=review] .count").innerText === %q`, n))
	}
	b.do("stand on the first", chromedp.Focus("#rows .row"))
	press("x")
	counted("Выбрано: 1")
	b.do("stand on the fifth", chromedp.Focus("#rows .row:nth-child(5)"))
	press("X")
	counted("Выбрано: 5")
	b.do("all that match", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	counted("Все подходящие: 30")
	press("\x1b")
	b.until("nothing is selected", `document.querySelector("#bulk-bar").hidden && !document.querySelector("#rows .picked")`)

	// What is ours is undone exactly.
	b.do("all again, into the archive", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	counted("Все подходящие: 30")
	b.do("the dialog", chromedp.Click(`#bulk-bar [data-bulk=archive]`))
	b.until("says what will be done", `document.querySelector("#bulk-title")?.innerText === "Архивировать 30\u00a0обращений" && document.querySelectorAll("#bulk-samples li").length === 5`)
	b.shot("archive")
	press("\r")
	b.until("it is done", `document.querySelector("#bulk-jobs .job .pill")?.innerText === "Готово"`)
	waiting("0")
	b.do("undo", chromedp.Click(`#bulk-jobs [data-steer$=undo]`))
	b.until("it is undone", `document.querySelector("#bulk-jobs .job .pill")?.innerText === "Отменено"`)
	waiting("30")
	b.do("hide it", chromedp.Click(`#bulk-jobs [data-job-hide]`))
	b.open("/?kind=review")
	b.until("the list again", `document.querySelectorAll("#rows .row.needs").length === 30 && document.querySelector("#bulk-foot").parentElement.matches(".list")`)

	// Answers wait here as long as they are paused, and are withdrawn.
	b.do("all, answered", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	counted("Все подходящие: 30")
	b.do("the dialog", chromedp.Click(`#bulk-bar [data-bulk=answer]`))
	b.until("asks for texts", `document.activeElement?.name === "text-0"`)
	b.do("write", chromedp.KeyEvent("Thank you, {name|friend"))
	b.until("it is judged", `document.querySelector("#bulk-samples .field-error")`)
	b.do("write on", chromedp.KeyEvent("}!"), chromedp.Click(`[data-bulk-add]`), chromedp.KeyEvent("{Glad|Happy} to hear it"))
	b.until("each reads as it will", `document.querySelectorAll("#bulk-samples blockquote").length === 5 && /Thank you, Buyer \d|Glad|Happy/.test(document.querySelector("#bulk-samples blockquote").innerText)`)
	b.shot("answer")
	b.do("begin", chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.until("some are on their way", `document.querySelector("#bulk-jobs .job:not([hidden]) .job-figures")?.innerText.includes("в очереди: 20")`)
	b.do("pause", chromedp.Click(`#bulk-jobs [data-steer$=pause]`))
	b.until("paused", `document.querySelector("#bulk-jobs [data-steer$=resume]")`)
	b.shot("paused")
	b.do("stop", chromedp.Click(`#bulk-jobs [data-steer$=stop]`))
	b.until("taken back", `document.querySelector("#bulk-jobs .job:not([hidden]) .job-figures")?.innerText.includes("возвращено: 20")`)
	waiting("30")
	b.open("/jobs")
	b.until("both jobs", `document.querySelectorAll("#jobs .job").length === 2 && document.querySelector("#jobs").innerText.includes("вид:отзыв")`)
	b.shot("jobs")
	b.do("look at one", chromedp.Click(`#jobs .job-entry:last-child .job-name`))
	b.until("its page", `location.pathname === "/jobs/1" && document.querySelector(".job-page .job")`)

	b.do("on a phone", chromedp.EmulateViewport(390, 844))
	b.open("/?kind=review")
	b.do("choose", chromedp.Click("[data-bulk-start]"), chromedp.Click("#rows .row:nth-child(2)"))
	counted("Выбрано: 1")
	if small := slices.DeleteFunc(b.small(), func(s string) bool { return !strings.Contains(s, "bulk") }); len(small) > 0 {
		t.Errorf("too small for a finger: %s", strings.Join(small, "\n"))
	}
	press("e")
	b.until("the dialog", `document.querySelector("#bulk").open`)
	if got := value[[]float64](b, `[document.documentElement.scrollWidth, document.querySelector("#bulk").getBoundingClientRect().left, document.querySelector("#bulk").getBoundingClientRect().right]`); got[0] > 390 || got[1] < 0 || got[2] > 390 {
		t.Errorf("the dialog does not fit: %v", got)
	}
	b.shot("phone")
}

var (
	filterIn = regexp.MustCompile(`id="rows"[^>]*data-filter="([^"]*)"`)
	rowIn    = regexp.MustCompile(`<a id="c(\d+)"`)
)

func TestAllThatMatchAreTheRowsOfTheList(t *testing.T) {
	t.Parallel()
	h := house(t, demo)
	h.Chat(t, "Anna", minutes(90), "Where is my cup?")
	done := h.Chat(t, "Boris", minutes(80), "Is it blue?")
	h.Question(t, "Vera", minutes(70), "Does it fit?")
	for i := range 5 {
		h.Review(t, fmt.Sprint("Gleb ", i), minutes(60+60*24*i), i+1, "Well")
	}
	h.Claim(t, "Daria", minutes(50), "It is broken")
	answered := h.Review(t, "Elena", minutes(40), 5, "Fine")
	h.Answered(t, answered, servertest.Start(), "Thank you")
	if err := h.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.Conversations.MarkRead(t.Context(), 1, answered.ID); err != nil {
			return err
		}
		return tx.Conversations.SetStatus(t.Context(), done.ID, sellerdesk.ConversationClosed)
	}); err != nil {
		t.Fatal(err)
	}
	v := visit(t, h)
	v.do(http.MethodGet, "/", nil) // the demo lets in here
	for _, query := range []string{
		"", "filter=all", "filter=unread", "filter=closed", "filter=all&kind=review", "filter=all&stars=1,2,4", "filter=all&answered=yes", "answered=no",
		"filter=unread&kind=review&stars=5", "filter=all&from=2026-10-30&to=2026-11-01", fmt.Sprint("filter=all&account=", h.Account.ID), "filter=all&channel=" + string(servertest.Channel),
		"filter=all&channel=nowhere", "filter=all&photo=yes",
	} {
		body := v.do(http.MethodGet, "/?"+query, nil).body
		filter := filterIn.FindStringSubmatch(body)
		if filter == nil {
			t.Fatalf("%s: the list has no filter", query)
		}
		var rows []string
		for _, m := range rowIn.FindAllStringSubmatch(body, -1) {
			rows = append(rows, m[1])
		}
		typed, err := search.Parse(html.UnescapeString(filter[1]))
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		found := targets(t, h, typed)
		slices.Sort(rows)
		slices.Sort(found)
		if diff := cmp.Diff(rows, found); diff != "" {
			t.Errorf("%q shows other rows than %q finds (-rows +found):\n%s", query, filter[1], diff)
		}
		if query == "filter=all" && len(rows) != 10 {
			t.Errorf("%d rows of all", len(rows))
		}
	}
}

// targets are the conversations that a job for a question would be about.
func targets(tb testing.TB, h *servertest.House, q search.Query) (found []string) {
	tb.Helper()
	ctx := sellerdesk.WithAccess(tb.Context(), sellerdesk.FullAccess(1))
	job, err := h.Desk.Jobs.Start(ctx, desk.BulkInput{User: 1, Filter: q, Action: sellerdesk.ActionMarkRead})
	if sellerdesk.CodeOf(err) == sellerdesk.CodeInvalid {
		return nil // nothing matches
	}
	if err != nil {
		tb.Fatal(err)
	}
	err = h.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := tx.Jobs.Next(ctx, job.ID, store.JobItemWaiting, nil, 100)
		for _, item := range items {
			found = append(found, fmt.Sprint(item.Conversation))
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}
