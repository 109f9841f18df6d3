package search

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// TestAFullSampleSaysNothingOfWhatIsBehindIt walks through an index of a word that
// all messages have, by samples as the engine gives them.
func TestAFullSampleSaysNothingOfWhatIsBehindIt(t *testing.T) {
	t.Parallel()
	const newest = 40 * engine.SearchSpan
	w := &window{least: 8 * engine.SearchBlock, ask: engine.SearchQuestion{Before: newest, Limit: 1000}}
	for w.ask.Before > 1 {
		if w.sample == nil || w.ask.Before <= w.floor {
			var ids []sellerdesk.MessageID
			for span := (w.ask.Before - 1) / engine.SearchSpan; span >= 0; span-- {
				for id := min(w.ask.Before, span*engine.SearchSpan+engine.SearchBlock) - 1; id >= max(1, span*engine.SearchSpan) && len(ids) < mostSampled; id-- {
					ids = append(ids, sellerdesk.MessageID(id))
				}
			}
			w.sampled(ids)
		}
		before, after := w.ask.Before, w.reach()
		if hits := before - 1 - after; hits < 1 || hits > 2*engine.SearchSpan {
			t.Fatalf("before %d, as far as %d: %d hits are gathered and sorted", before, after, hits)
		}
		w.ask.Before = after + 1
	}
}
