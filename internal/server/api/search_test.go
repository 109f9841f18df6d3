package api_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/servertest"
)

// searched asks for what is found.
func searched(t *testing.T, c caller, query string) (f sellerdesk.Found) {
	t.Helper()
	c.ask("GET", "/v1/search?"+query, nil).want(t, 200, &f)
	return f
}

func TestSearchFindsFormsFiltersAndNames(t *testing.T) {
	t.Parallel()
	c := call(t, nil)
	at := servertest.Start().Add(-time.Hour)
	c.h.Chat(t, "Пётр Иванов", at, "Вернула кроссовки, деньги не пришли", "Жду денег")
	c.h.Review(t, "Ольга", at.Add(time.Minute), 2, "Возврат кроссовок оформили за день")
	c.h.Review(t, "Анна", at.Add(2*time.Minute), 5, "Отличные кроссовки AB-123")
	for _, one := range []struct {
		name, query string
		want        int
	}{
		{"another form of a verb and a noun", "q=вернуть кроссовку", 2},
		{"a phrase", `q="вернула кроссовки"`, 2},
		{"without a word", "q=кроссовки -возврат", 1},
		{"an article by its part", "q=123", 1},
		{"an article as a whole", "q=ab-123", 1},
		{"the name of a buyer", "q=иванов", 2},
		{"stars typed", "q=кроссовки звёзд:1-3", 1},
		{"stars beside the words", "q=кроссовки&stars=1-3", 1},
		{"filters alone find conversations", "q=вид:отзыв", 2},
		{"who wrote it", "q=author:buyer", 4},
		{"a beginning", "q=отличн*", 1},
		{"nothing", "q=самолёт", 0},
	} {
		t.Run(one.name, func(t *testing.T) {
			name, words, _ := strings.Cut(one.query, "=")
			if words, more, ok := strings.Cut(words, "&"); ok {
				one.query = name + "=" + url.QueryEscape(words) + "&" + more
			} else {
				one.query = name + "=" + url.QueryEscape(words)
			}
			f := searched(t, c, one.query)
			if len(f.Items) != one.want || f.Facets.Total != one.want || !f.Facets.Exact || f.Partial {
				t.Errorf("%d items, facets %+v, partial %v; want %d", len(f.Items), f.Facets, f.Partial, one.want)
			}
		})
	}
	f := searched(t, c, "q="+url.QueryEscape("деньги"))
	if got := f.Items[0].Snippet; !strings.Contains(got, sellerdesk.FoundMark+"денег"+sellerdesk.FoundEnd) {
		t.Errorf("snippet %q", got)
	}
	c.ask("GET", "/v1/search?q="+url.QueryEscape("вид:груша"), nil).want(t, 422, nil)
	c.ask("GET", "/v1/search?q=x&sort=best", nil).want(t, 422, nil)
	if f := searched(t, c, "limit=1&q="+url.QueryEscape("возврат")); f.Ranked != 0 || !strings.Contains(f.Items[0].Message.Text, "Возврат") {
		t.Errorf("newest first: %+v", f)
	}
	first := searched(t, c, "limit=1&sort=relevance&q="+url.QueryEscape("вернула кроссовки"))
	if first.Ranked != sellerdesk.FacetsCounted || !strings.Contains(first.Items[0].Message.Text, "Вернула") || first.Next == "" {
		t.Errorf("by relevance: %+v", first)
	}
	second := searched(t, c, "limit=1&sort=relevance&q="+url.QueryEscape("вернула кроссовки")+"&cursor="+url.QueryEscape(string(first.Next)))
	if len(second.Items) != 1 || !strings.Contains(second.Items[0].Message.Text, "Возврат") {
		t.Errorf("the page behind it: %+v", second)
	}
	c.ask("GET", "/v1/search?q=x&cursor="+url.QueryEscape(string(first.Next)), nil).want(t, 422, nil)
}
