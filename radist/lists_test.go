package radist_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk/radist"
)

// contactPages answers the list of chats by cursor; "5,6 next" is a page with
// two contacts and the cursor of the next one.
func contactPages(t testing.TB, byCursor map[string]string) (*radist.Client, *int) {
	t.Helper()
	asked := new(int)
	return scripted(t, func(r *http.Request) (*http.Response, error) {
		if *asked++; *asked > 20 {
			return nil, errors.New("it is asked for ever")
		}
		page, ok := byCursor[r.URL.Query().Get("cursor")]
		if !ok {
			return says(r, 422, `{"detail":"bad cursor"}`), nil
		}
		ids, next, _ := strings.Cut(page, " ")
		var contacts []string
		for _, id := range strings.Split(ids, ",") {
			if id != "-" {
				contacts = append(contacts, `{"contact_id":`+id+`}`)
			}
		}
		return says(r, 200, `{"data":[`+strings.Join(contacts, ",")+`]`+next+`}`), nil
	}, radist.WithAttempts(1)), asked
}

func next(cursor string) string { return ` ,"response_metadata":{"next_cursor":"` + cursor + `"}` }

func TestChatsAreReadToTheirEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		pages map[string]string
		want  []int64
		asked int
		fails bool
	}{
		{"a page without metadata is the last", map[string]string{"": "1,2"}, []int64{1, 2}, 1, false},
		{"so is one with an empty cursor", map[string]string{"": "1" + next("")}, []int64{1}, 1, false},
		{"so is one whose cursor is null", map[string]string{"": `1 ,"response_metadata":{"next_cursor":null}`}, []int64{1}, 1, false},
		{"an empty page with a cursor is not", map[string]string{"": "-" + next("a"), "a": "3"}, []int64{3}, 2, false},
		{"a contact that moved comes once", map[string]string{"": "1,2" + next("a"), "a": "2,3"}, []int64{1, 2, 3}, 2, false},
		{"a page that names itself is the last", map[string]string{"": "1" + next("a"), "a": "2" + next("a")}, []int64{1, 2}, 2, false},
		{"a page that names an earlier one is the last", map[string]string{"": "1" + next("a"), "a": "2" + next("b"), "b": "3" + next("a")}, []int64{1, 2, 3}, 3, false},
		{"cursors are passed on as they are", map[string]string{"": "1" + next("a+/=&?"), "a+/=&?": "2"}, []int64{1, 2}, 2, false},
		{"a page that fails ends it with its error", map[string]string{"": "1" + next("gone")}, []int64{1}, 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, asked := contactPages(t, c.pages)
			contacts, err := collect(client.Chats.All(t.Context(), 3))
			var got []int64
			for _, contact := range contacts {
				got = append(got, contact.ContactID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.fails || *asked != c.asked {
				t.Errorf("%v after %d pages (-want +got):\n%s", err, *asked, diff)
			}
		})
	}
	client, asked := contactPages(t, map[string]string{"": "1,2" + next("a"), "a": "3"})
	for range client.Chats.All(t.Context(), 3) {
		break
	}
	if *asked != 1 {
		t.Errorf("%d pages were asked for", *asked)
	}
	if _, err := scripted(t, always(200, `{"chats":[]}`)).Chats.List(t.Context(), 3, radist.ListChats{}); !errors.Is(err, radist.ErrMalformed) {
		t.Errorf("an answer without data: %v", err)
	}
}

// Catching up reads all with unanswered messages, whatever their age, and ends
// with the first answered one that is too old.
func TestCatchingUpReadsNoFurtherThanNeeded(t *testing.T) {
	t.Parallel()
	contact := func(id, unanswered int, minute int) string {
		return fmt.Sprintf(`{"contact_id":%d,"unanswered_count":%d,"last_chat_updated_at":%q}`, id, unanswered, start.Add(time.Duration(minute)*time.Minute).Format(time.RFC3339))
	}
	pages := map[string]string{
		"":  `{"data":[` + contact(1, 2, 9) + `,` + contact(2, 1, 3) + `,{"contact_id":3,"unanswered_count":1}],"response_metadata":{"next_cursor":"a"}}`,
		"a": `{"data":[` + contact(4, 0, 8) + `,` + contact(5, 0, 5) + `,` + contact(6, 0, 4) + `,` + contact(7, 0, 9) + `],"response_metadata":{"next_cursor":"b"}}`,
	}
	asked := 0
	c := scripted(t, func(r *http.Request) (*http.Response, error) {
		asked++
		return says(r, 200, pages[r.URL.Query().Get("cursor")]), nil
	})
	got, err := collect(c.Chats.Changed(t.Context(), 3, start.Add(5*time.Minute)))
	var ids []int64
	for _, contact := range got {
		ids = append(ids, contact.ContactID)
	}
	if diff := cmp.Diff([]int64{1, 3, 4, 5}, ids); err != nil || diff != "" || asked != 2 {
		t.Errorf("%v after %d pages (-want +got):\n%s", err, asked, diff)
	}
}

// How long pages are, and whether an offset is heard, is not known.
func TestListsByOffset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		longest int
		deaf    bool
		total   int
	}{
		{"pages as asked for", 100, false, 250}, {"shorter ones", 30, false, 95}, {"none", 100, false, 0}, {"an offset that is not heard", 1000, true, 40}, {"a last page that is full", 50, false, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			client := scripted(t, func(r *http.Request) (*http.Response, error) {
				if asked++; asked > 20 {
					return nil, errors.New("it is asked for ever")
				}
				limit, offset := 0, 0
				if _, err := fmt.Sscan(r.URL.Query().Get("limit"), &limit); err != nil {
					t.Error(err)
				}
				if text := r.URL.Query().Get("offset"); text != "" && !c.deaf {
					if _, err := fmt.Sscan(text, &offset); err != nil {
						t.Error(err)
					}
				}
				var items []string
				for n := offset; n < c.total && len(items) < min(limit, c.longest); n++ {
					items = append(items, fmt.Sprintf(`{"id":%d,"name":"x"}`, n+1))
				}
				return says(r, 200, `{"companies":[`+strings.Join(items, ",")+`],"contacts":[`+strings.Join(items, ",")+`]}`), nil
			})
			companies, err := collect(client.Companies.All(t.Context()))
			if err != nil || len(companies) != c.total {
				t.Errorf("%d companies, %v", len(companies), err)
			}
			asked = 0
			contacts, err := collect(client.Contacts.All(t.Context(), 3))
			if err != nil || len(contacts) != c.total {
				t.Errorf("%d contacts, %v", len(contacts), err)
			}
		})
	}
	client := scripted(t, always(403, "{}"))
	if _, err := collect(client.Contacts.All(t.Context(), 3)); !errors.Is(err, radist.ErrForbidden) {
		t.Errorf("a list that may not be read: %v", err)
	}
	full := scripted(t, always(200, `{"companies":[{"id":1}]}`))
	for range full.Companies.All(t.Context()) {
		break
	}
}
