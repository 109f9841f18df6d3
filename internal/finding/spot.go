package finding

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// spot is a place in what was found: a block of messages, and the message in it
// that was shown last.
type spot struct {
	before sellerdesk.MessageID // the block has smaller ids only; 0 for the first one
	at     int64                // when the message was written
	id     sellerdesk.MessageID // 0 at the beginning of the block
}

func (p spot) cursor() sellerdesk.Optional {
	return sellerdesk.Optional(fmt.Sprintf("s%d.%d.%d", p.before, p.at, p.id))
}

// parseSpot reads a cursor; "" is the beginning.
func parseSpot(cursor string) (p spot, err error) {
	if cursor == "" {
		return p, nil
	}
	n, err := fmt.Sscanf(cursor, "s%d.%d.%d", &p.before, &p.at, &p.id)
	if err != nil || n != 3 || p.before < 0 || p.id < 0 || string(p.cursor()) != cursor {
		return spot{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "This cursor does not belong to this search.").InField("cursor")
	}
	return p, nil
}

// behind gives the rows of a block that come behind the place, newest first.
func (p spot) behind(block []store.SearchRow) []store.SearchRow {
	rows := slices.Clone(block)
	slices.SortFunc(rows, func(a, b store.SearchRow) int {
		return cmp.Or(cmp.Compare(b.Moment(), a.Moment()), cmp.Compare(b.Message, a.Message))
	})
	if p.id == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(r store.SearchRow) bool {
		return r.Moment() > p.at || r.Moment() == p.at && r.Message >= p.id
	})
}
