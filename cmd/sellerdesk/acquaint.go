package main

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

const (
	// acquaintEvery and acquaintFor are how often and how long the demo looks for
	// two buyers of one name.
	acquaintEvery = 500 * time.Millisecond
	acquaintFor   = time.Minute
	// peoplePage is how many people are looked at in one transaction.
	peoplePage = 200
)

// acquaint puts a buyer of a marketplace and one of a messenger who bear the
// same name into one person, as somebody who knows both does by hand: so the
// demo has a person whose history goes through two channels, and who can be
// taken apart again.
func (d *demo) acquaint(ctx context.Context) error {
	tick := time.NewTicker(acquaintEvery)
	defer tick.Stop()
	for range acquaintFor / acquaintEvery {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		into, from, err := d.namesakes(ctx)
		if err == nil && into != 0 {
			err = d.Desk.Contacts.Merge(ctx, demoOwner, into, from)
		}
		switch {
		case err != nil && ctx.Err() == nil:
			d.options.Log.Warn("two buyers of one name could not be made one person", "op", "demo", "err", err)
			return nil
		case into != 0:
			return nil
		}
	}
	return nil
}

// namesakes finds a person of a messenger, who is known by a phone, and one of a
// marketplace, who is known by nothing but the name, that is the same; 0 when
// there are none.
func (d *demo) namesakes(ctx context.Context) (messenger, marketplace sellerdesk.ContactID, err error) {
	byName := map[sellerdesk.Optional]sellerdesk.ContactID{}
	var strangers []sellerdesk.Contact
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page []sellerdesk.Contact
		err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
			page, cursor, err = tx.Contacts.List(ctx, store.ContactQuery{User: demoOwner, Limit: peoplePage, Cursor: cursor})
			return err
		})
		if err != nil {
			return 0, 0, err
		}
		for _, c := range page {
			switch {
			case len(c.Identities) > 0:
				byName[c.Name] = c.ID
			case len(c.Conversations) > 0 && c.Conversations[0].Kind == sellerdesk.KindChat:
				strangers = append(strangers, c)
			}
		}
	}
	for _, c := range strangers {
		if id := byName[c.Name]; id != 0 {
			return id, c.ID, nil
		}
	}
	return 0, 0, nil
}
