package web_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// TestTwoPeopleSeeEachOther lets two people work on one conversation, each in a
// browser of their own.
func TestTwoPeopleSeeEachOther(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("two browsers are left to the run without the race detector")
	}
	h := house(t, nil)
	anna := h.Chat(t, "Anna", minutes(20), "Where is my cup?")
	olga, ivan := twoBrowsers(t, h)
	page := fmt.Sprintf("/conversations/%d", anna.ID)
	olga.open(page)
	ivan.open(page)
	olga.until("Ivan is here", `document.querySelector("#presence").innerText.includes("Ivan is here")`)
	ivan.until("Olga is here", `document.querySelector("#presence").innerText.includes("Olga is here")`)
	began := time.Now()
	ivan.do("Ivan types", chromedp.SendKeys("#composer textarea", "It comes"))
	olga.until("Ivan types", `document.querySelector("#presence").innerText.includes("Ivan is writing…")`)
	t.Logf("seen typing after %s", time.Since(began))
	olga.until("the row tells too", `document.querySelector("#rows .row-here.types")?.title.includes("Ivan")`)
	olga.shot("presence")
	olga.until("and that he has begun an answer", `document.querySelector(".presence-drafts")?.innerText.includes("Ivan")`)
	theDraftFollows(t, h, ivan, page)
	aConflictStopsOnce(t, h, ivan, anna)
	aNoteNamesSomebody(t, olga, ivan, page)
	tasksAreDone(olga)
	olga.open("/")
	ivan.until("Olga has left", `!document.querySelector("#presence").innerText.includes("Olga")`)
}

// TestWhoHasAnsweredAtOnceIsSeenToWriteNoMore: an answer that left before its draft
// was kept leaves nothing behind at a colleague.
func TestWhoHasAnsweredAtOnceIsSeenToWriteNoMore(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("two browsers are left to the run without the race detector")
	}
	h := house(t, nil)
	anna := h.Chat(t, "Anna", minutes(20), "Where is my cup?")
	olga, ivan := twoBrowsers(t, h)
	page := fmt.Sprintf("/conversations/%d", anna.ID)
	olga.open(page)
	ivan.open(page)
	olga.until("Ivan is here", `document.querySelector("#presence").innerText.includes("Ivan is here")`)
	ivan.do("Ivan answers at once", chromedp.SendKeys("#composer textarea", "Soon"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	olga.until("the answer is there", `document.querySelector("#recent").innerText.includes("Soon")`)
	olga.until("and nothing of its writing", `document.querySelector("#presence").innerText.trim() === "Ivan is here"`)
}

// twoBrowsers signs the owner and somebody who works in.
func twoBrowsers(t *testing.T, h *servertest.House) (olga, ivan *tab) {
	t.Helper()
	token, err := h.Desk.Users.OwnerLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	olga = browseFor(t, h, 1440, 900, 8*patience)
	olga.comeIn("/link/"+token, "Olga", "olga")
	invited, err := h.Desk.Users.Invite(t.Context(), desk.InviteInput{Name: "Ivan", Grants: []sellerdesk.Grant{{Role: sellerdesk.RoleOperator}}})
	if err != nil {
		t.Fatal(err)
	}
	ivan = browseFor(t, h, 1440, 900, 8*patience)
	ivan.comeIn("/link/"+invited.Token, "Ivan", "ivan")
	return olga, ivan
}

// theDraftFollows: what was begun is there in a browser that never saw it.
func theDraftFollows(t *testing.T, h *servertest.House, ivan *tab, page string) {
	t.Helper()
	ivan.until("nothing waits in the browser any more", `Object.keys(localStorage).filter((k) => k.startsWith("sellerdesk.draft")).length === 0`)
	ivan.open(page)
	ivan.until("the draft is back", `document.querySelector("#composer textarea").value === "It comes"`)
}

// aConflictStopsOnce: the buyer writes while somebody answers.
func aConflictStopsOnce(t *testing.T, h *servertest.House, ivan *tab, anna sellerdesk.Conversation) {
	t.Helper()
	h.Chat(t, "Anna", minutes(1), "I do not want it any more")
	ivan.until("her words are there", `document.querySelector("#recent").innerText.includes("any more")`)
	ivan.do("send", chromedp.Click("#composer .send"))
	ivan.until("it stops", `document.querySelector("#composer .composer-error").innerText.includes("wrote meanwhile")`)
	ivan.until("and shows what is new", `document.querySelector("#recent .fresh").innerText.includes("any more")`)
	ivan.shot("conflict")
	if n := said(t, h, anna.ID); n != 0 {
		t.Errorf("%d answers left although the buyer wrote meanwhile", n)
	}
	ivan.do("send all the same", chromedp.Click("#composer .send"))
	ivan.until("it goes", `document.querySelector("#recent .ours .text")?.innerText === "It comes"`)
	ivan.until("the draft is used up", `document.querySelector("#composer textarea").value === ""`)
	if n := said(t, h, anna.ID); n != 1 {
		t.Errorf("%d answers left, want one", n)
	}
}

// said counts what was said to the buyer.
func said(t *testing.T, h *servertest.House, id sellerdesk.ConversationID) (n int) {
	t.Helper()
	err := h.Store.Read(t.Context(), func(tx *store.Tx) error {
		list, _, err := tx.Messages.List(t.Context(), id, "", 50)
		for _, m := range list {
			if m.Author == sellerdesk.AuthorAgent {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// aNoteNamesSomebody: a note is written by the keyboard, and rings the bell of the
// one it names.
func aNoteNamesSomebody(t *testing.T, olga, ivan *tab, page string) {
	t.Helper()
	olga.until("nobody is told of anything", `document.querySelector("#rail-bell .badge").hidden`)
	olga.do("leave the fields", chromedp.Focus("#messages"))
	olga.key("KeyN", "n")
	olga.until("the note", `!document.querySelector("#note-form").hidden && document.activeElement.closest("#note-form")`)
	olga.do("name Ivan", chromedp.SendKeys("#note-form textarea", "Please call her, @Iv"))
	olga.until("Ivan is offered", `document.querySelector("#mentions li")?.innerText === "Ivan"`)
	olga.shot("mention")
	olga.key("Enter", "Enter")
	olga.until("his name", `document.querySelector("#note-form textarea").value === "Please call her, @Ivan "`)
	olga.do("save", chromedp.Click(".note-save"))
	olga.until("the note is there", `document.querySelector(".note-band .mention")?.innerText === "@Ivan"`)
	olga.until("and the form is closed", `document.querySelector("#note-form").hidden`)
	ivan.until("Ivan reads it", `document.querySelector(".note-band")?.innerText.includes("Please call her, @Ivan")`)
	ivan.until("and his bell rings", `document.querySelector("#rail-bell .badge").dataset.count === "1"`)
	olga.shot("note")
	ivan.open("/notifications")
	ivan.until("he was named", `document.querySelector(".bell-row.new").innerText.includes("Olga named you in a note")`)
	ivan.shot("bell")
	ivan.do("go there", chromedp.Click(".bell-row"))
	ivan.until("the note in the conversation", `location.pathname === "`+page+`" && document.querySelector(".note-band:target") && document.querySelector("#rail-bell .badge").hidden`)
	if value[bool](ivan, `document.querySelector("[data-note-edit]") !== null`) {
		t.Error("somebody may change the note of another")
	}
}

// tasksAreDone: a task is set and done in the card.
func tasksAreDone(olga *tab) {
	olga.do("add a task", chromedp.Click(".task-add summary"), chromedp.SendKeys(".task-add [name=text]", "Ask the supplier"), chromedp.Click(".task-add .primary"))
	olga.until("the task", `document.querySelector("#tasks .task")?.innerText.includes("Ask the supplier")`)
	olga.shot("task")
	olga.do("do it", chromedp.Click("#tasks .task input"))
	olga.until("done", `document.querySelector("#tasks .task.done small")?.innerText.includes("Done")`)
}
