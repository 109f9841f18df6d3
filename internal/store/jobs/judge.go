package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// judge gives a condition that leaves out the jobs of a person with a
// conversation of an account where the access of the context may not do what
// they are about: a key may less than its person, who may less than before.
// Nothing is left out for user 0.
func judge(ctx context.Context, user sellerdesk.UserID, args []any) (string, []any) {
	if user == 0 {
		return "", args
	}
	access := sellerdesk.AccessOf(ctx)
	many, args := where(access, args, sellerdesk.RightSee, sellerdesk.RightBulk)
	work, args := where(access, args, sellerdesk.RightSee, sellerdesk.RightBulk, sellerdesk.RightWork)
	if work == everywhere {
		return "", args
	}
	return ` AND NOT EXISTS (SELECT 1 FROM job_items i WHERE i.job_id = j.id
		AND NOT (` + many + ` AND (j.action = '` + string(sellerdesk.ActionMarkRead) + `' OR ` + work + `)))`, args
}

const (
	everywhere = `1 = 1`
	nowhere    = `1 = 0`
)

// where gives the condition that all of the rights are held in the account of an
// item.
func where(access sellerdesk.Access, args []any, rights ...sellerdesk.Right) (string, []any) {
	lacks := func(may func(sellerdesk.Right) bool) bool {
		return slices.ContainsFunc(rights, func(r sellerdesk.Right) bool { return !may(r) })
	}
	if !lacks(access.May) {
		return everywhere, args
	}
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(access.Accounts)), func(id sellerdesk.AccountID) bool {
		return lacks(func(r sellerdesk.Right) bool { return access.MayIn(r, id) })
	})
	if len(ids) == 0 {
		return nowhere, args
	}
	list := engine.Padded(ids[:min(len(ids), engine.ListSize)])[0]
	return `i.account_id IN (` + engine.Placeholders(len(args)+1, len(list)) + `)`, append(args, engine.Anys(list)...)
}

// accounts lists the accounts that a job has conversations of.
func (j Jobs) accounts(ctx context.Context, id sellerdesk.JobID) ([]sellerdesk.AccountID, error) {
	rows, err := j.w.Query(ctx, `SELECT DISTINCT i.account_id FROM job_items i WHERE i.job_id = $1 ORDER BY i.account_id`, int64(id))
	list, err := engine.Collect(rows, err, func(s engine.Scanner) (id sellerdesk.AccountID, err error) {
		err = s.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the accounts of a job: %w", err)
	}
	return list, nil
}
