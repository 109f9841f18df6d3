package people

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/engine"
)

// mostNames is how many people one call of [Users.Names] looks up.
const mostNames = 200

// Names tells what colleagues call the people with these ids, in one query: the
// name, else the login. Who is gone or has neither is left out; ids past the
// first 200 are not looked up.
func (u Users) Names(ctx context.Context, ids []sellerdesk.UserID) (map[sellerdesk.UserID]string, error) {
	ids = ids[:min(len(ids), mostNames)]
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), int64(id)
	}
	rows, err := u.w.Query(ctx, `SELECT `+userColumns+` FROM users WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
	users, err := engine.Collect(rows, err, scanUser)
	if err != nil {
		return nil, fmt.Errorf("read the names of people: %w", err)
	}
	names := make(map[sellerdesk.UserID]string, len(users))
	for _, p := range users {
		if name := string(p.Name); name != "" {
			names[p.ID] = name
		} else if p.Login != "" {
			names[p.ID] = string(p.Login)
		}
	}
	return names, nil
}
