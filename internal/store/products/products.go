package products

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// Products are what conversations are about.
type Products struct{ w *engine.Work }

// New makes the handle of a transaction.
func New(w *engine.Work) Products { return Products{w} }

// summaryMonths is how many months of stars a summary has, summaryAnswers how
// many answers.
const (
	summaryMonths  = 12
	summaryAnswers = 3
)

// Summary tells what is known about a product of an account: its stars by month,
// in UTC, and the newest answers about it. A product that nobody wrote about is
// not found.
func (p Products) Summary(ctx context.Context, product sellerdesk.RemoteID, account sellerdesk.AccountID) (sellerdesk.ProductSummary, error) {
	if err := engine.Seen(ctx).Check(account, "product"); err != nil {
		return sellerdesk.ProductSummary{}, err
	}
	out := sellerdesk.ProductSummary{Product: sellerdesk.Product{ID: product}, Answers: []sellerdesk.ProductReply{}}
	about := []any{string(product), int64(account)}
	var told string
	err := p.w.One(ctx, `SELECT product FROM conversations WHERE product_id = $1 AND product_id <> '' AND account_id = $2 ORDER BY sort_at DESC, id DESC LIMIT 1`, about, &told)
	if err != nil {
		return out, engine.Found(err, "product")
	}
	if err := json.Unmarshal([]byte(told), &out.Product); err != nil {
		return out, fmt.Errorf("read a product: %w", err)
	}
	if err := p.stars(ctx, &out, about); err != nil {
		return out, err
	}
	return out, p.answers(ctx, &out, about)
}

// stars counts the reviews by month in one walk along the index of products.
func (p Products) stars(ctx context.Context, out *sellerdesk.ProductSummary, about []any) error {
	now := p.w.Now().Time
	first := time.Date(now.Year(), now.Month()-summaryMonths+1, 1, 0, 0, 0, 0, time.UTC)
	args := about[:2:2]
	var months strings.Builder
	for i := range summaryMonths {
		begin := first.AddDate(0, i, 0)
		out.Months = append(out.Months, sellerdesk.ProductMonth{Month: begin.Format("2006-01")})
		args = append(args, begin.UnixMilli())
		fmt.Fprintf(&months, " WHEN created_at < $%d THEN %d", len(args), i-1)
	}
	rows, err := p.w.Query(ctx, `SELECT month, COUNT(*), SUM(rating) FROM (SELECT CASE`+months.String()+fmt.Sprintf(` ELSE %d END AS month, rating
		FROM conversations WHERE product_id = $1 AND product_id <> '' AND account_id = $2 AND kind = 'review' AND rating IS NOT NULL) r GROUP BY month`, summaryMonths-1), args...)
	sum := 0
	_, err = engine.Collect(rows, err, func(s engine.Scanner) (none struct{}, err error) {
		var month, n, stars int
		if err = s.Scan(&month, &n, &stars); err != nil {
			return none, err
		}
		out.Reviews, sum = out.Reviews+n, sum+stars
		if month >= 0 && month < summaryMonths {
			out.Months[month].Reviews, out.Months[month].Average = n, average(stars, n)
		}
		return none, nil
	})
	if err != nil {
		return fmt.Errorf("count the stars of a product: %w", err)
	}
	out.Average = average(sum, out.Reviews)
	return nil
}

// average gives nil for the average of nothing.
func average(sum, n int) *float64 {
	if n == 0 {
		return nil
	}
	a := float64(sum) / float64(n)
	return &a
}

// answers reads the newest answer of each of the conversations answered last.
func (p Products) answers(ctx context.Context, out *sellerdesk.ProductSummary, about []any) error {
	rows, err := p.w.Query(ctx, `SELECT answered.id, answered.kind, m.body, m.at FROM
		(SELECT id, kind FROM conversations WHERE product_id = $1 AND product_id <> '' AND account_id = $2 AND answered_at IS NOT NULL
			ORDER BY answered_at DESC, id DESC LIMIT $3) answered
		JOIN messages m ON m.id = (SELECT a.id FROM messages a WHERE a.conversation_id = answered.id AND a.author IN ('agent', 'rule', 'elsewhere')
			AND a.status NOT IN ('refused', 'withdrawn') ORDER BY a.at DESC, a.id DESC LIMIT 1)
		ORDER BY m.at DESC, m.id DESC`, append(about[:2:2], summaryAnswers)...)
	out.Answers, err = engine.Collect(rows, err, func(s engine.Scanner) (r sellerdesk.ProductReply, err error) {
		var at int64
		err = s.Scan(&r.Conversation, &r.Kind, &r.Text, &at)
		r.At = sellerdesk.AtMillis(at)
		return r, err
	})
	if err != nil {
		return fmt.Errorf("read the answers about a product: %w", err)
	}
	if out.Answers == nil {
		out.Answers = []sellerdesk.ProductReply{}
	}
	return nil
}
