package sandbox_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk/sandbox"
)

func TestPersonPlaysQuestionsReviewsAndClaimsInABrowser(t *testing.T) {
	ctx, heard := browser(t)
	w := newWorld(t, 7, sandbox.Options{})
	p := play(t, w)
	board := func(kind sandbox.Kind) *sandbox.Board { return w.Accounts("wildberries")[0].Board(kind) }
	newest := func(kind sandbox.Kind) sandbox.Post {
		return board(kind).List(sandbox.Query{Newest: true, Take: 1})[0]
	}
	must(ctx, t, chromedp.EmulateViewport(1440, 900), chromedp.Navigate(p.server.URL))
	holds(ctx, t, "the chats are listed", `document.querySelectorAll("#chats button").length >= 20`)

	must(ctx, t, chromedp.Click(".tabs [data-kind=question]"))
	holds(ctx, t, "a question is open", `document.querySelector("#lines li.buyer p")?.textContent.length > 5 && document.querySelector("#starsField").hidden`)
	must(ctx, t, chromedp.Click("#fresh"), chromedp.SendKeys("#text", "Есть ли чёрный?"), chromedp.Click("#write .main"))
	holds(ctx, t, "the question is shown", `document.querySelector("#lines li.buyer p")?.textContent === "Есть ли чёрный?"`)
	must(ctx, t, chromedp.Click("input[value=seller] + span"), chromedp.SendKeys("#text", "Есть, с понедельника"), chromedp.Click("#write .main"))
	holds(ctx, t, "the answer is shown", `document.querySelector("#lines li.seller p")?.textContent === "Есть, с понедельника"`)
	shot(ctx, t, "page-question")
	if q := newest(sandbox.KindQuestion); q.Text != "Есть ли чёрный?" || q.Answer == nil || q.Answer.Text != "Есть, с понедельника" {
		t.Errorf("question in the world: %+v", q)
	}

	must(ctx, t, chromedp.Click(".tabs [data-kind=review]"), chromedp.Click("#fresh"))
	must(ctx, t, chromedp.SetValue("#stars", "2"), chromedp.SendKeys("#text", "<b>Так себе</b>"), chromedp.Click("#photo"), chromedp.Click("#write .main"))
	holds(ctx, t, "the review is shown as text with stars and its photo", `document.querySelector("#lines li.buyer p")?.textContent.includes("★★☆☆☆\n<b>Так себе</b>") && document.querySelector("#lines li.buyer img")?.naturalWidth > 0`)
	must(ctx, t, chromedp.SetValue("#stars", "4"), chromedp.Click("#write .main"))
	holds(ctx, t, "the stars were changed", `document.querySelector("#lines li.buyer p")?.textContent.includes("★★★★☆")`)
	shot(ctx, t, "page-review")
	if r := newest(sandbox.KindReview); r.Stars != 4 || r.Text != "<b>Так себе</b>" || len(r.Files) != 1 {
		t.Errorf("review in the world: %+v", r)
	}

	must(ctx, t, chromedp.Click(".tabs [data-kind=claim]"), chromedp.Click("#fresh"), chromedp.SendKeys("#text", "Сломалось сразу"), chromedp.Click("#write .main"))
	holds(ctx, t, "the claim is shown", `document.querySelector("#lines li.buyer p")?.textContent === "Сломалось сразу" && document.querySelectorAll("#decision option").length >= 0`)
	must(ctx, t, chromedp.Click("input[value=seller] + span"))
	shot(ctx, t, "page-claim")
	holds(ctx, t, "a claim that can be decided is open", `(() => {
		if (!document.querySelector("#decisionField").hidden && document.querySelectorAll("#decision option").length > 1) return true;
		[...document.querySelectorAll("#chats button")].find((b) => b.getAttribute("aria-current") !== "true" && !b.textContent.includes("✓"))?.click();
		return false;
	})()`)
	must(ctx, t, chromedp.SetValue("#decision", "rejectcustom"), chromedp.SendKeys("#text", "Следы носки, бирка срезана"), chromedp.Click("#write .main"))
	holds(ctx, t, "the decision is shown", `document.querySelector("#lines li.seller p")?.textContent === "Отклонить с комментарием\nСледы носки, бирка срезана"`)

	must(ctx, t, chromedp.EmulateViewport(390, 844), chromedp.Navigate(p.server.URL))
	holds(ctx, t, "the tabs fit on a phone", `document.querySelectorAll("#chats button").length >= 20 && document.documentElement.scrollWidth <= 390`)
	must(ctx, t, chromedp.Click(".tabs [data-kind=review]"))
	holds(ctx, t, "the reviews on a phone", `document.querySelector("#chats .say")?.textContent.includes("★") && document.documentElement.scrollWidth <= 390`)
	shot(ctx, t, "page-390-reviews")
	for _, text := range heard.list() {
		t.Error("the browser complained: " + text)
	}
}
