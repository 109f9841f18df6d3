package api_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/sellerdesk/sellerdesk/internal/server/api"
)

// reads are the operations that only read, straight from the store.
func reads() []string {
	return []string{
		"getAccount", "getContact", "getContactHistory", "getConversation", "getCounters", "getFile", "getProduct", "getStatus", "getThumbnail",
		"listAccounts", "listAudit", "listContacts", "listConversations", "listEvents", "listMessages",
		"getPresence", "tellPresence",
	}
}

// TestEveryOperationDoesAVerb is the other way round: what neither does a verb
// nor is known to read only was forgotten in the table of verbs.
func TestEveryOperationDoesAVerb(t *testing.T) {
	t.Parallel()
	done := slices.Concat(slices.Collect(maps.Values(verbs())), reads())
	known := map[string]bool{}
	for _, op := range operations(t) {
		known[op.id] = true
		if !slices.Contains(done, op.id) {
			t.Errorf("the operation %s does no verb and is no reading", op.id)
		}
	}
	for _, id := range reads() {
		if !known[id] {
			t.Errorf("there is no operation %s", id)
		}
	}
}

// TestEveryWriteCanBeNamed: every write takes the key of its intent, and no
// reading does.
func TestEveryWriteCanBeNamed(t *testing.T) {
	t.Parallel()
	for _, item := range document(t).Paths.Map() {
		for method, op := range item.Operations() {
			if named := op.Parameters.GetByInAndName("header", "Idempotency-Key") != nil; named != (method != "GET") {
				t.Errorf("%s %s: takes the key of an intent: %v", method, op.OperationID, named)
			}
		}
	}
}

// TestEveryBodyHasAnExampleThatFits holds the examples against their schemas.
func TestEveryBodyHasAnExampleThatFits(t *testing.T) {
	t.Parallel()
	for _, item := range document(t).Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody == nil {
				continue
			}
			media := op.RequestBody.Value.Content["application/json"]
			if media == nil {
				continue
			}
			if media.Example == nil {
				t.Errorf("the body of %s has no example", op.OperationID)
				continue
			}
			if err := media.Schema.Value.VisitJSON(media.Example); err != nil {
				t.Errorf("the example of %s does not fit: %v", op.OperationID, err)
			}
		}
	}
}

// TestTheContractSpeaksOfEverything looks for what a reader would miss.
func TestTheContractSpeaksOfEverything(t *testing.T) {
	t.Parallel()
	doc := document(t)
	tags := map[string]bool{}
	for _, tag := range doc.Tags {
		tags[tag.Name] = tag.Description != ""
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" || strings.HasSuffix(op.Summary, ".") {
				t.Errorf("%s %s: the summary is a title without a full stop, not %q", method, path, op.Summary)
			}
			if len(op.Tags) != 1 || !tags[op.Tags[0]] {
				t.Errorf("%s %s: its group %v is not described", method, path, op.Tags)
			}
			if op.Responses.Value("default") == nil || op.Responses.Value("401") == nil {
				t.Errorf("%s %s does not tell of its refusals", method, path)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		for field, property := range doc.Components.Schemas[name].Value.Properties {
			if s := property.Value; s.Type.Is("array") && s.Nullable {
				t.Errorf("the list %s.%s may be null", name, field)
			}
			if field != strings.ToLower(field) || strings.Contains(field, "-") {
				t.Errorf("%s.%s is not written as the others", name, field)
			}
		}
	}
}

// document reads the contract.
func document(t *testing.T) *openapi3.T {
	t.Helper()
	b, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
