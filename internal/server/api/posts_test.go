package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// can lists what may be done with a conversation at the remote side.
func can(t *testing.T, c thing) map[string]thing {
	t.Helper()
	all := map[string]thing{}
	for _, a := range c["can"].([]any) {
		ability := shape(t, "ability", abilityShape, a)
		all[ability["action"].(string)] = ability
	}
	return all
}

func TestPostsHaveThePromisedShapes(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	get := func(conv sellerdesk.Conversation) (one thing) {
		c.ask("GET", fmt.Sprint("/v1/conversations/", conv.ID), nil).want(t, 200, &one)
		return shape(t, "conversation", conversationShape, one)
	}
	review := get(c.h.Review(t, "Olga", at, 2, "It broke."))
	shape(t, "review", reviewShape, review["review"])
	if review["kind"] != "review" || review["rating"] != 2.0 || review["question"] != nil || review["claim"] != nil {
		t.Errorf("the review is %v", review)
	}
	if answer := can(t, review)["answer"]; answer["min_length"] != 2.0 || answer["max_length"] != 300.0 {
		t.Errorf("the answer is bounded by %v", answer)
	}
	question := get(c.h.Question(t, "Ivan", at, "Does it fit?"))
	shape(t, "question", questionShape, question["question"])
	claim := get(c.h.Claim(t, "Anna", at, "It is torn."))
	shape(t, "claim", claimShape, claim["claim"])
	decide := can(t, claim)["decide"]
	options := decide["options"].([]any)
	for _, o := range options {
		shape(t, "option", optionShape, o)
	}
	shape(t, "comment", commentShape, shape(t, "option", optionShape, options[1])["comment"])
	if decide["until"] == nil {
		t.Errorf("the decision has no end: %v", decide)
	}
	for _, post := range []thing{review, question, claim} {
		var l list
		c.ask("GET", "/v1/conversations/"+post.id()+"/messages", nil).want(t, 200, &l)
		shape(t, "message", messageShape, l.Items[0])
	}
}

func TestAReviewThatWasChangedKeepsWhatItSaid(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	c.h.Review(t, "Olga", at, 2, "It broke.")
	conv := c.h.Review(t, "Olga", at, 5, "They replaced it.")
	var l list
	c.ask("GET", fmt.Sprint("/v1/conversations/", conv.ID, "/messages"), nil).want(t, 200, &l)
	if len(l.Items) != 1 || l.Items[0]["text"] != "They replaced it." || conv.Rating == nil || *conv.Rating != 5 {
		t.Fatalf("messages %v", l.Items)
	}
	before := shape(t, "version", versionShape, first(t, "version", l.Items[0]["versions"]))
	if before["text"] != "It broke." || before["rating"] != 2.0 {
		t.Errorf("the version is %v", before)
	}
}

func TestActionsAtTheRemoteSideAreQueued(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	review := c.h.Review(t, "Olga", at, 2, "It broke.")
	question := c.h.Question(t, "Ivan", at, "Does it fit?")
	declined := c.h.Question(t, "Boris", at, "Nonsense")
	claim := c.h.Claim(t, "Anna", at, "It is torn.")
	answered := c.h.Answered(t, c.h.Review(t, "Vera", at, 4, "Good."), servertest.Start().Add(time.Hour), "Thanks")
	for _, step := range []struct {
		conv sellerdesk.Conversation
		body thing
	}{
		{review, thing{"action": "pin"}},
		{review, thing{"action": "order_return"}},
		{review, thing{"action": "answer", "text": "We replace it."}},
		{question, thing{"action": "view"}},
		{declined, thing{"action": "reject", "text": "Not ours."}},
		{answered, thing{"action": "edit", "text": "Thank you."}},
		{claim, thing{"action": "decide", "decision": "refuse", "comment": "It was worn."}},
		{review, thing{"action": "archive"}},
		{review, thing{"action": "unarchive"}},
	} {
		path := fmt.Sprint("/v1/conversations/", step.conv.ID, "/actions")
		var got thing
		key := fmt.Sprint(step.body["action"])
		c.ask("POST", path, step.body, idem, key).want(t, 202, &got)
		if got.id() != fmt.Sprint(step.conv.ID) {
			t.Errorf("%v gives conversation %v", step.body, got["id"])
		}
		c.ask("POST", path, step.body, idem, key).want(t, 202, nil)
	}
	var m thing
	c.ask("POST", fmt.Sprint("/v1/conversations/", question.ID, "/messages"), thing{"text": "Yes, it does."}).want(t, 202, &m)
	if m["status"] != "queued" || m["text"] != "Yes, it does." {
		t.Errorf("the answer is %v", m)
	}
	var events struct{ Items []thing }
	c.ask("GET", "/v1/events?limit=200", nil).want(t, 200, &events)
	queued := 0
	for _, e := range events.Items {
		if e["kind"] == "outbox.queued" {
			queued++
		}
	}
	if queued != 8 {
		t.Errorf("%d actions are queued, want 8", queued)
	}
}

func TestActionsAtTheRemoteSideAreRefused(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	review := fmt.Sprint("/v1/conversations/", c.h.Review(t, "Olga", at, 2, "It broke.").ID)
	claim := fmt.Sprint("/v1/conversations/", c.h.Claim(t, "Anna", at, "It is torn.").ID)
	for _, w := range []struct {
		name, path  string
		body        thing
		status      int
		code, field string
	}{
		{"an answer of one character", review + "/actions", thing{"action": "answer", "text": "x"}, 422, "invalid", "text"},
		{"a message of one character", review + "/messages", thing{"text": "x"}, 422, "invalid", "text"},
		{"an answer of 301", review + "/messages", thing{"text": strings.Repeat("ы", 301)}, 422, "invalid", "text"},
		{"an answer with a file", review + "/messages", thing{"text": "Here", "files": []int{1}}, 422, "invalid", "files"},
		{"a change where nothing stands", review + "/actions", thing{"action": "edit", "text": "Thanks"}, 409, "unsupported", ""},
		{"words to a claim", claim + "/messages", thing{"text": "Hello"}, 409, "unsupported", ""},
		{"no decision", claim + "/actions", thing{"action": "decide"}, 422, "invalid", "decision"},
		{"another decision", claim + "/actions", thing{"action": "decide", "decision": "sue"}, 422, "invalid", "decision"},
		{"a short comment", claim + "/actions", thing{"action": "decide", "decision": "refuse", "comment": "No"}, 422, "invalid", "comment"},
		{"a comment that nobody takes", claim + "/actions", thing{"action": "decide", "decision": "agree", "comment": "Fine"}, 422, "invalid", "comment"},
		{"a decision after its end", claim + "/actions", thing{"action": "decide", "decision": "agree"}, 409, "unsupported", ""},
	} {
		if w.name == "a decision after its end" {
			c.h.Later(49 * time.Hour)
		}
		t.Run(w.name, func(t *testing.T) {
			caller{t, c.h, c.spec}.ask("POST", w.path, w.body).problem(t, w.status, w.code, w.field)
		})
	}
}

func TestPostsAreFiltered(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	c.h.Review(t, "Olga", at, 2, "It broke.")
	c.h.Review(t, "Ivan", at.Add(time.Minute), 4, "Good.")
	c.h.Answered(t, c.h.Review(t, "Vera", at.Add(2*time.Minute), 5, "Very good."), servertest.Start(), "Thanks")
	c.h.Question(t, "Anna", at.Add(3*time.Minute), "Does it fit?")
	moment := func(d time.Duration) string { return url.QueryEscape(at.Add(d).Format(time.RFC3339)) }
	for query, want := range map[string]int{
		"rating=2": 1, "rating=4,5": 2, "rating=4&rating=5": 2, "rating=2&rating=4,5": 3, "rating=1": 0,
		"product=4711": 4, "product=4711&kind=review": 3, "product=12": 0,
		"from=" + moment(time.Minute): 3, "to=" + moment(time.Minute): 2, "from=" + moment(time.Minute) + "&to=" + moment(2*time.Minute): 2,
		"answered=true": 1, "answered=false&kind=review": 2, "has_photo=true": 0, "has_photo=false": 4,
	} {
		var l list
		c.ask("GET", "/v1/conversations?"+query, nil).want(t, 200, &l)
		if len(l.Items) != want {
			t.Errorf("%q gives %d, want %d", query, len(l.Items), want)
		}
	}
	for query, field := range map[string]string{
		"rating=6": "rating", "rating=x": "rating", "from=yesterday": "from", "has_photo=maybe": "has_photo", "limit=1&limit=2": "limit",
	} {
		c.ask("GET", "/v1/conversations?"+query, nil).problem(t, 422, "invalid", field)
	}
}

func TestAProductIsSummedUp(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	c.h.Review(t, "Olga", at, 2, "It broke.")
	c.h.Answered(t, c.h.Review(t, "Vera", at, 5, "Very good."), servertest.Start(), "Thanks")
	var got thing
	c.ask("GET", "/v1/products/1/4711", nil).want(t, 200, &got)
	shape(t, "summary", summaryShape, got)
	shape(t, "product", productShape, got["product"])
	said := shape(t, "answer", saidShape, first(t, "answer", got["answers"]))
	if got["reviews"] != 2.0 || got["average"] != 3.5 || said["text"] != "Thanks" {
		t.Errorf("the summary is %v", got)
	}
	months := got["months"].([]any)
	last := shape(t, "month", monthShape, months[len(months)-1])
	if diff := cmp.Diff(thing{"month": "2026-11", "reviews": 2.0, "average": 3.5}, last); diff != "" {
		t.Errorf("the last month (-want +got):\n%s", diff)
	}
	c.ask("GET", "/v1/products/1/12", nil).problem(t, 404, "not_found", "")
	c.ask("GET", "/v1/products/9/4711", nil).problem(t, 404, "not_found", "")
	c.ask("GET", "/v1/products/x/4711", nil).problem(t, 422, "invalid", "account")
}
