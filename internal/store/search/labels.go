package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
	"github.com/sellerdesk/sellerdesk/search"
)

// Labels are the tags and fields that a question names. Empty lists mean "any".
type Labels struct {
	Tags   []sellerdesk.TagID // of which a conversation carries one at least
	Fields []LabelField       // each of which it meets
}

// LabelField is a field that holds one of some values, as they are compared.
type LabelField struct {
	Field  sellerdesk.FieldID
	Values []string
}

// spaced makes names and values equal that differ in case, in ё and е, or in spaces
// only, as they are kept.
func spaced(s string) string { return strings.Join(strings.Fields(folded(s)), " ") }

// Labels finds the tags and fields that a question names, by number or by name
// whatever the case. None is true when nothing can carry what it names.
func (s Search) Labels(ctx context.Context, q search.Query) (l Labels, none bool, err error) {
	if len(q.Tags) > 0 {
		l.Tags, err = namedBy[sellerdesk.TagID](ctx, s, `SELECT id, folded FROM tags WHERE NOT removed ORDER BY id`, q.Tags)
		if err != nil || len(l.Tags) == 0 {
			return l, true, err
		}
	}
	for _, f := range q.Fields {
		ids, err := namedBy[sellerdesk.FieldID](ctx, s, `SELECT id, folded FROM fields WHERE target = 'conversation' AND NOT removed ORDER BY id`, []string{f.Name})
		if err != nil || len(ids) == 0 {
			return l, true, err
		}
		i := slices.IndexFunc(l.Fields, func(m LabelField) bool { return m.Field == ids[0] })
		if i < 0 {
			i, l.Fields = len(l.Fields), append(l.Fields, LabelField{Field: ids[0]})
		}
		l.Fields[i].Values = append(l.Fields[i].Values, spaced(f.Value))
	}
	return l, false, nil
}

// namedBy gives the ids whose number or kept name is among words.
func namedBy[T ~int64](ctx context.Context, s Search, query string, words []string) (ids []T, err error) {
	rows, err := s.w.Query(ctx, query)
	_, err = engine.Collect(rows, err, func(e engine.Scanner) (id int64, err error) {
		var kept string
		err = e.Scan(&id, &kept)
		if slices.ContainsFunc(words, func(w string) bool { return w == strconv.FormatInt(id, 10) || spaced(w) == kept }) {
			ids = append(ids, T(id))
		}
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for the labels a question names: %w", err)
	}
	return ids, nil
}

// labelled leaves those rows whose conversations carry what is asked for.
func (s Search) labelled(ctx context.Context, l Labels, rows []Row) ([]Row, error) {
	if len(l.Tags)+len(l.Fields) == 0 || len(rows) == 0 {
		return rows, nil
	}
	ids := make([]sellerdesk.ConversationID, len(rows))
	for i, r := range rows {
		ids[i] = r.Conversation
	}
	slices.Sort(ids)
	carry := map[sellerdesk.ConversationID]int{} // how many of the conditions each meets
	ask := func(query string, args []any, piece []sellerdesk.ConversationID) error {
		found, err := s.w.Query(ctx, query+`(`+engine.Placeholders(len(args)+1, len(piece))+`)`, append(args, engine.Anys(piece)...)...)
		_, err = engine.Collect(found, err, func(e engine.Scanner) (id sellerdesk.ConversationID, err error) {
			err = e.Scan(&id)
			carry[id]++
			return id, err
		})
		return err
	}
	conditions := len(l.Fields)
	if len(l.Tags) > 0 {
		conditions++
	}
	for _, piece := range engine.Padded(slices.Compact(ids)) {
		if n := len(l.Tags); n > 0 {
			if err := ask(`SELECT DISTINCT conversation_id FROM conversation_tags WHERE tag_id IN (`+engine.Placeholders(1, n)+`) AND conversation_id IN `, engine.Anys(l.Tags), piece); err != nil {
				return nil, fmt.Errorf("look for tags: %w", err)
			}
		}
		for _, f := range l.Fields {
			args := append([]any{int64(f.Field)}, engine.Anys(f.Values)...)
			if err := ask(`SELECT target_id FROM field_values WHERE field_id = $1 AND folded IN (`+engine.Placeholders(2, len(f.Values))+`) AND target_id IN `, args, piece); err != nil {
				return nil, fmt.Errorf("look for fields: %w", err)
			}
		}
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return carry[r.Conversation] < conditions }), nil
}
