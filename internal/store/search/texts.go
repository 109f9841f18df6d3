package search

import (
	"context"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// textCompared is how many characters of a text are compared with a question.
const textCompared = 1000

// Hits are messages that were found, to be looked at more closely.
type Hits struct {
	w    *engine.Work
	rows []Row
}

// Of looks at rows that [Search.Find] found: it trusts that whoever asks sees them.
func Of(s Search, rows []Row) Hits { return Hits{s.w, rows} }

// Texts gives what they say, cut to what is compared with a question.
func (h Hits) Texts(ctx context.Context) (map[sellerdesk.MessageID]string, error) {
	ids := make([]sellerdesk.MessageID, len(h.rows))
	for i, r := range h.rows {
		ids[i] = r.Message
	}
	texts := make(map[sellerdesk.MessageID]string, len(ids))
	for _, piece := range engine.Padded(ids) {
		rows, err := h.w.Query(ctx, `SELECT id, SUBSTR(body, 1, $1) FROM messages WHERE id IN (`+engine.Placeholders(2, len(piece))+`)`,
			append([]any{int64(textCompared)}, engine.Anys(piece)...)...)
		_, err = engine.Collect(rows, err, func(e engine.Scanner) (id sellerdesk.MessageID, err error) {
			var body string
			err = e.Scan(&id, &body)
			texts[id] = body
			return id, err
		})
		if err != nil {
			return nil, fmt.Errorf("read what was found: %w", err)
		}
	}
	return texts, nil
}

// TagCount is how many hits are of conversations that carry a tag.
type TagCount struct {
	Tag   sellerdesk.TagID
	Name  string
	Count int
}

// Tags counts them by the tags of their conversations, in the order of tags.
func (h Hits) Tags(ctx context.Context) ([]TagCount, error) {
	hits := map[sellerdesk.ConversationID]int{}
	var ids []sellerdesk.ConversationID
	for _, r := range h.rows {
		if hits[r.Conversation] == 0 {
			ids = append(ids, r.Conversation)
		}
		hits[r.Conversation]++
	}
	var counts []TagCount
	at := map[sellerdesk.TagID]int{}
	for _, piece := range engine.Padded(ids) {
		rows, err := h.w.Query(ctx, `SELECT g.tag_id, t.name, g.conversation_id FROM conversation_tags g JOIN tags t ON t.id = g.tag_id AND NOT t.removed
			WHERE g.conversation_id IN (`+engine.Placeholders(1, len(piece))+`) ORDER BY g.tag_id`, engine.Anys(piece)...)
		_, err = engine.Collect(rows, err, func(e engine.Scanner) (id sellerdesk.TagID, err error) {
			var name string
			var conversation sellerdesk.ConversationID
			err = e.Scan(&id, &name, &conversation)
			i, ok := at[id]
			if !ok {
				i = len(counts)
				at[id] = i
				counts = append(counts, TagCount{Tag: id, Name: name})
			}
			counts[i].Count += hits[conversation]
			return id, err
		})
		if err != nil {
			return nil, fmt.Errorf("count tags: %w", err)
		}
	}
	return counts, nil
}
