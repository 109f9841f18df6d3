package finding

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// spot is a place in what was found: a block of messages, and the one in it that
// was shown last. The bounds of the block stay as they were when its first page
// was shown, and so does the moment from which ages are counted: what comes in
// meanwhile moves nothing.
type spot struct {
	before sellerdesk.MessageID // the block has smaller ids only; 0 for the first one
	last   sellerdesk.MessageID // and none below this; 0 where nothing was behind it
	newest int64                // when the newest of the block was written
	points int                  // of the message that was shown last
	at     int64                // when it was written
	id     sellerdesk.MessageID // 0 at the beginning of the block
}

// letter begins the cursors of an order, so that none is taken for one of another.
func letter(sort Sort) string {
	if sort == SortRelevance {
		return "r"
	}
	return "s"
}

func (p spot) cursor(sort Sort) sellerdesk.Optional {
	return sellerdesk.Optional(fmt.Sprintf("%s%d.%d.%d.%d.%d.%d", letter(sort), p.before, p.last, p.newest, p.points, p.at, p.id))
}

// parseSpot reads a cursor of an order; "" is the beginning.
func parseSpot(cursor string, sort Sort) (p spot, err error) {
	if cursor == "" {
		return p, nil
	}
	n, err := fmt.Sscanf(cursor, letter(sort)+"%d.%d.%d.%d.%d.%d", &p.before, &p.last, &p.newest, &p.points, &p.at, &p.id)
	if err != nil || n != 6 || p.before <= 0 || p.last < 0 || p.last >= p.before || p.id < 0 || string(p.cursor(sort)) != cursor {
		return spot{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "This cursor does not belong to this search.").InField("cursor")
	}
	return p, nil
}

// hold fixes the bounds of the block that a page of the index is, and gives its rows.
func (p *spot) hold(page store.SearchPage) []store.SearchRow {
	rows := slices.Clone(page.Rows)
	if p.last > 0 {
		rows = slices.DeleteFunc(rows, func(r store.SearchRow) bool { return r.Message < p.last })
	}
	if page.Partial || p.last == 0 && page.More {
		p.last = max(p.last, page.Last)
	}
	if p.id > 0 {
		return rows
	}
	p.newest = math.MinInt64
	for _, r := range rows {
		p.before, p.newest = max(p.before, r.Message+1), max(p.newest, r.Moment())
	}
	return rows
}

// placed is a hit with what its place goes by.
type placed struct {
	store.SearchRow
	points int
}

// compare puts more points first, then the newer.
func (p placed) compare(than placed) int {
	return cmp.Or(cmp.Compare(than.points, p.points), cmp.Compare(than.Moment(), p.Moment()), cmp.Compare(than.Message, p.Message))
}

// shown tells whether a hit stands before the place, or at it.
func (p spot) shown(one placed) bool {
	return p.id > 0 && cmp.Or(cmp.Compare(p.points, one.points), cmp.Compare(p.at, one.Moment()), cmp.Compare(p.id, one.Message)) <= 0
}

// behind is the place behind a hit of the block.
func (p spot) behind(one placed) spot {
	p.points, p.at, p.id = one.points, one.Moment(), one.Message
	return p
}
