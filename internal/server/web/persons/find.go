package persons

import (
	"context"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store/contacts"
)

// Bounds of a look for people: of the list so many pages, of those found so many.
const (
	pagesLooked   = 10
	peopleOfAPage = 200
	mostFound     = 20
)

// Find looks for people by a part of their name, or by their phone: first
// those who wait, then the most recent, as far back as the bounds allow.
func Find(ctx context.Context, from contacts.Contacts, user sellerdesk.UserID, words string) (found []sellerdesk.Contact, err error) {
	if _, ok := sellerdesk.NormalPhone(words); ok {
		root, err := from.ByPhone(ctx, words)
		if err == nil {
			c, err := from.Get(ctx, root, user)
			return []sellerdesk.Contact{c}, err
		}
		if sellerdesk.CodeOf(err) != sellerdesk.CodeNotFound {
			return nil, err
		}
	}
	q := contacts.Query{User: user, Limit: peopleOfAPage}
	for range pagesLooked {
		page, next, err := from.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			if Fits(c, words) && len(found) < mostFound {
				found = append(found, c)
			}
		}
		if q.Cursor = next; next == "" || len(found) == mostFound {
			break
		}
	}
	return found, nil
}
