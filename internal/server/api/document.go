package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/reference"
)

// version is that of the contract, not of the program.
const version = "1.0.0"

// written are the texts of the document. overview.md opens it; it is Markdown, of
// which the reference page knows headings, paragraphs, lists and words in
// backticks. words.json holds the comments of the types of the root package, by
// "Type" and "Type.field", as the test that keeps the document fresh wrote them:
// the types are the source, and huma sees no comments.
//
//go:embed overview.md words.json
var written embed.FS

// description opens the document.
func description() string {
	b, _ := written.ReadFile("overview.md") // it is embedded
	return strings.TrimSpace(string(b))
}

// vocabularyWords reads what was written down of the types.
func vocabularyWords() map[string]string {
	words := map[string]string{}
	if b, err := written.ReadFile("words.json"); err == nil {
		_ = json.Unmarshal(b, &words) // a test writes it
	}
	return words
}

// tagOrder lists the groups of operations as a reader meets them.
func tagOrder() []*huma.Tag {
	return []*huma.Tag{
		{Name: "conversations", Description: "Threads with buyers: chats, questions, reviews and return claims, all in one list."},
		{Name: "messages", Description: "The lines of a conversation, and answering."},
		{Name: "notes", Description: "What people here say to one another beside a conversation. No buyer ever gets it."},
		{Name: "tasks", Description: "What is to be done about conversations."},
		{Name: "notifications", Description: "What each person is told of."},
		{Name: "drafts", Description: "Answers that a person has begun."},
		{Name: "presence", Description: "Who has a conversation in front of them now."},
		{Name: "teams", Description: "People who answer together, whom conversations can be given to, and who is at work."},
		{Name: "tags", Description: "Words that people put on conversations and buyers to find them again."},
		{Name: "fields", Description: "What the house keeps of conversations and buyers beside what the channels tell."},
		{Name: "views", Description: "Questions to the list that somebody keeps, with their counters."},
		{Name: "search", Description: "Finding messages by their words, and conversations by what they are about."},
		{Name: "templates", Description: "Texts of ours that are said again and again, filled in for each conversation."},
		{Name: "bulk", Description: "One thing done to all conversations that match, and how far it is."},
		{Name: "contacts", Description: "The people behind conversations: what is known of them, and merging what is one person."},
		{Name: "files", Description: "Attachments, of buyers and of ours."},
		{Name: "products", Description: "What is known about goods from their reviews."},
		{Name: "exports", Description: "Much at once, as a stream of JSON lines or a table."},
		{Name: "events", Description: "What happened, as it happens or by cursor."},
		{Name: "webhooks", Description: "Events sent elsewhere, signed, in order, and repeated until they arrive."},
		{Name: "accounts", Description: "Seller cabinets and the channels they are on."},
		{Name: "people", Description: "Who asks: preferences, password, second factor."},
		{Name: "users", Description: "Those who work here, and the roles that say what they may do."},
		{Name: "sessions", Description: "Browsers that are signed in."},
		{Name: "keys", Description: "Keys of programs, within the rights of a person."},
		{Name: "audit", Description: "Who did what, and what was said to whom."},
		{Name: "house", Description: "The house itself: how it fares, its sealing key."},
	}
}

// failures are the refusals that operations may answer with, by status. Those of
// every operation come first.
func failures() map[int]string {
	return map[int]string{
		http.StatusBadRequest:            "invalid: the body is no JSON or did not arrive whole, or the address holds bytes that are no text",
		http.StatusUnauthorized:          "forbidden: nobody is signed in, or the key is not right",
		http.StatusForbidden:             "forbidden: the rights of whoever asks do not suffice",
		http.StatusNotFound:              "not_found: there is no such thing, or it may not be seen",
		http.StatusConflict:              "conflict: it changed meanwhile, exists already, or the key of the intent was used for another request; unsupported: not possible now",
		http.StatusRequestEntityTooLarge: "invalid: the body is too large",
		http.StatusUnsupportedMediaType:  "invalid: the body is not of the expected type",
		http.StatusUnprocessableEntity:   "invalid: field names what is wrong",
		http.StatusTooManyRequests:       "limited: too much at once; Retry-After says when it will do",
		http.StatusInternalServerError:   "internal: something went wrong on our side; the log tells more under X-Request-Id",
		http.StatusServiceUnavailable:    "unavailable: something we need does not answer; Retry-After says when to come back",
	}
}

// statusesOf are the refusals of one operation.
func statusesOf(op *huma.Operation) []int {
	statuses := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	add := func(when bool, more ...int) {
		if when {
			statuses = append(statuses, more...)
		}
	}
	add(strings.Contains(op.Path, "{") || op.RequestBody != nil || slices.ContainsFunc(op.Parameters, namesThing), http.StatusNotFound)
	add(op.Method != http.MethodGet, http.StatusConflict, http.StatusRequestEntityTooLarge)
	add(op.RequestBody != nil, http.StatusUnsupportedMediaType)
	slices.Sort(statuses)
	return slices.Compact(statuses)
}

// namesThing tells whether a parameter may name what is not there.
func namesThing(p *huma.Param) bool {
	return slices.Contains([]string{"account", "conversation", "user", "contact", "key"}, p.Name)
}

// finish completes what huma made: the groups, the refusals, the words and the
// examples; it takes out what we do not use, and lets clients live with fields
// that come later.
func finish(o *huma.OpenAPI) {
	used := map[string]bool{}
	o.Components.Responses = map[string]*huma.Response{}
	examples := examples()
	for _, op := range operations(o) {
		for _, tag := range op.Tags {
			used[tag] = true
		}
		refuse(o, op)
		illustrate(op, examples[op.OperationID])
	}
	o.Tags = slices.DeleteFunc(tagOrder(), func(t *huma.Tag) bool { return !used[t.Name] })
	for _, t := range o.Tags {
		delete(used, t.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		o.Tags = append(o.Tags, &huma.Tag{Name: name})
	}
	trim(o)
	explain(o.Components.Schemas)
}

// operations gives every operation of the document, in the order of paths.
func operations(o *huma.OpenAPI) (all []*huma.Operation) {
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		item := o.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

// refuse names the refusals of an operation, each by a response that all share.
func refuse(o *huma.OpenAPI, op *huma.Operation) {
	for _, status := range statusesOf(op) {
		code := strconv.Itoa(status)
		if o.Components.Responses[code] == nil {
			shared := problemResponse(o.Components.Schemas)
			shared.Description = failures()[status]
			if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
				shared.Headers = map[string]*huma.Param{"Retry-After": {Schema: &huma.Schema{Type: huma.TypeInteger}, Description: "Seconds to wait"}}
			}
			o.Components.Responses[code] = shared
		}
		if op.Responses[code] == nil {
			op.Responses[code] = &huma.Response{Ref: "#/components/responses/" + code}
		}
	}
}

// illustrate puts an example beside the body of a request.
func illustrate(op *huma.Operation, example any) {
	if op.RequestBody == nil || example == nil {
		return
	}
	if media := op.RequestBody.Content["application/json"]; media != nil {
		media.Example = example
	}
}

// trim takes out of the document what huma puts in and we do not use.
func trim(o *huma.OpenAPI) {
	schemas := o.Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	requests := map[string]bool{}
	for _, op := range operations(o) {
		if op.RequestBody == nil || op.Method == http.MethodGet {
			continue
		}
		for _, media := range op.RequestBody.Content {
			if media.Schema != nil {
				requests[strings.TrimPrefix(media.Schema.Ref, refPrefix)] = true
			}
		}
	}
	for name, s := range schemas {
		if !requests[name] && s.AdditionalProperties == false {
			s.AdditionalProperties = nil
		}
	}
}

// explain puts the comments of the vocabulary where the document has no words of
// its own.
func explain(r huma.Registry) {
	words := vocabularyWords()
	for name, s := range r.Map() {
		t := r.TypeFromRef(refPrefix + name)
		if t == nil || t.PkgPath() != vocabularyPath {
			continue
		}
		if s.Description == "" {
			s.Description = words[t.Name()]
		}
		for field, property := range s.Properties {
			if property.Description == "" {
				property.Description = words[t.Name()+"."+field]
			}
		}
	}
}

// vocabularyPath is the package whose comments are the words of the document.
var vocabularyPath = strings.TrimSuffix(reflect.TypeFor[server.Problem]().PkgPath(), "/internal/server")

// referencePath is where the contract stands as a page.
const referencePath = "/docs"

// mountReference mounts the contract as a page to be read, which is made when it is
// first asked for. It needs nobody signed in, as the document does not.
func mountReference(a *api) {
	made := sync.OnceValues(func() (*reference.Page, error) {
		b, err := json.Marshal(a.huma.OpenAPI())
		if err != nil {
			return nil, fmt.Errorf("write the contract: %w", err)
		}
		return reference.New(b, referencePath)
	})
	show := func(w http.ResponseWriter, r *http.Request) {
		page, err := made()
		if err != nil {
			a.server.Problem(w, r, err)
			return
		}
		page.ServeHTTP(w, r)
	}
	a.server.HandleFunc("GET "+referencePath, show)
	a.server.HandleFunc("GET "+referencePath+"/{file}", show)
}
