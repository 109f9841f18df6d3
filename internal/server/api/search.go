package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/finding"
	"github.com/sellerdesk/sellerdesk/search"
)

// searching is the operation that finds.
func (a *api) searching() {
	register(a, sellerdesk.RightSee, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/v1/search", Tags: []string{"search"},
		Summary: "Find messages and conversations",
		Description: "Words are joined by AND and found in all their forms, newest first; also names of buyers, articles and orders. " +
			"With sort=relevance the newest 300 hits are compared with each other, and as many older ones behind them as one reads on (ranked tells how many): " +
			"first the very forms that were typed, words near each other and in their order, what is new, and short texts. " +
			"\"Side by side\", -without, begin* (from 4 letters). Filters are typed among the words or given beside them, which means the same: " +
			"channel:, cabinet: (name or id), kind: (chat, question, review, claim), stars: (5, 1-3), article:, " +
			"state: (open, snoozed, closed, archived, waiting, unread, answered, unanswered), assignee: and team: (name or id, me, none), priority: (low, normal, high, urgent), tag:, field:\"Name=value\", from: and to: (days in UTC), author: (buyer, agent, rule, platform, elsewhere), has:photo, " +
			"conversation: (ids, for their messages only); " +
			"in Russian канал:, кабинет:, вид:, звёзд:, артикул:, статус:, ответственный:, команда:, важность:, метка:, поле:, с:, по:, автор:, есть:фото, обращение:. " +
			"Filters without words find conversations, each with its newest message; their days are those when the conversation began. " +
			"The first page counts up to 300 hits by their properties. A search ends after a second with what it found; partial says so, and also that words of old messages are being made anew.",
	}, a.search)
}

// FilterQuery are the filters of a search beside its words.
type FilterQuery struct {
	Channel string `query:"channel" maxLength:"1000" doc:"As channel: in q; several with commas"`
	Cabinet string `query:"cabinet" maxLength:"1000" doc:"Names or ids of accounts"`
	Kind    string `query:"kind" maxLength:"200"`
	Stars   string `query:"stars" maxLength:"50" doc:"1 to 5, or a span such as 1-3"`
	Article string `query:"article" maxLength:"1000"`
	State   string `query:"state" maxLength:"200"`
	From    string `query:"from" maxLength:"20" doc:"A day such as 2026-11-21"`
	To      string `query:"to" maxLength:"20" doc:"A day, itself included"`
	Author  string `query:"author" maxLength:"200"`
	Has     string `query:"has" maxLength:"20" doc:"photo"`

	Assignee     string `query:"assignee" maxLength:"1000" doc:"Names or ids of people, me, none"`
	Team         string `query:"team" maxLength:"1000" doc:"Names or ids of teams, none"`
	Priority     string `query:"priority" maxLength:"200"`
	Tag          string `query:"tag" maxLength:"1000" doc:"Names or ids of tags"`
	Field        string `query:"field" maxLength:"1000" doc:"Name=value"`
	Conversation string `query:"conversation" maxLength:"1000" doc:"Ids of conversations: their messages only"`
}

// narrow adds the filters to what was typed.
func (f FilterQuery) narrow(typed string) (search.Query, error) {
	q, err := search.Parse(typed)
	if err != nil {
		return q, err
	}
	for _, one := range [...]struct{ name, values string }{
		{"channel", f.Channel}, {"cabinet", f.Cabinet}, {"kind", f.Kind}, {"stars", f.Stars}, {"article", f.Article},
		{"state", f.State}, {"from", f.From}, {"to", f.To}, {"author", f.Author}, {"has", f.Has},
		{"assignee", f.Assignee}, {"team", f.Team}, {"priority", f.Priority}, {"tag", f.Tag}, {"field", f.Field}, {"conversation", f.Conversation},
	} {
		if strings.TrimSpace(one.values) == "" {
			continue
		}
		values := strings.Split(strings.ReplaceAll(one.values, `"`, ""), ",")
		more, err := search.Parse(one.name + `:"` + strings.Join(values, `","`) + `"`)
		if err != nil {
			return q, inField(err, one.name)
		}
		q = q.And(more)
	}
	return q, q.Check()
}

// inField tells which field of the request an error is about.
func inField(err error, field string) error {
	var e *sellerdesk.Error
	if errors.As(err, &e) {
		return e.InField(field)
	}
	return err
}

type searchInput struct {
	PageQuery
	FilterQuery
	Q    string `query:"q" maxLength:"2000" doc:"Words and filters, as a person types them"`
	Sort string `query:"sort" enum:"newest,relevance" default:"newest" doc:"Filters without words find conversations, the newest first whatever it says"`
}

func (a *api) search(ctx context.Context, in *searchInput) (*output[sellerdesk.Found], error) {
	q, err := in.narrow(in.Q)
	if err != nil {
		return nil, err
	}
	found, err := a.desk.Search.Find(ctx, finding.Input{User: actor(ctx), Query: q, Sort: finding.Sort(in.Sort), Cursor: in.Cursor, Limit: in.Limit})
	for i := range found.Items {
		found.Items[i].Conversation = thread(found.Items[i].Conversation)
	}
	return &output[sellerdesk.Found]{Body: found}, err
}
