package wildberries

import (
	"context"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// History reads one question, review or claim again. A chat has no history of
// its own: its batch is empty.
//
// While an answer of ours is checked, or does not show at all, the batch asks
// to look again, each time later. An answer to a review is taken for any id, so
// that one that does not show after a while was not taken; a review is read
// back by its own id here, which proves that it is there.
func (c *connector) History(ctx context.Context, ref sellerdesk.RemoteRef, _ sellerdesk.Cursor) (sellerdesk.Batch, error) {
	posts, err := c.board.again(ctx, ref)
	if err != nil {
		return sellerdesk.Batch{}, err
	}
	var b sellerdesk.Batch
	if len(posts) == 0 {
		return b, nil
	}
	now := sellerdesk.At(c.clock.Now())
	checking, answered := false, false
	for i := range posts {
		posts[i].now(now)
		if posts[i].patch.Offers != nil { // the part by which the conversation stands
			checking, answered = posts[i].checking, posts[i].answered
		}
	}
	kept, _ := keptOf(ref)
	wait := time.Duration(0)
	if checking || kept.Sent && !answered {
		wait = patiently(kept.Looks, checking)
		kept.Looks++
	}
	for i := range posts {
		p := &posts[i].patch
		if p.Offers == nil {
			continue
		}
		next, _ := keptOf(sellerdesk.RemoteRef{ID: p.RemoteID, Remote: p.Remote})
		if wait > 0 {
			next.Sent, next.Looks = kept.Sent, kept.Looks
		}
		p.Remote, p.Reread = next.bytes(), &wait
	}
	bring(&b, posts)
	b.Reached, b.Newest = &now, &now
	return b, nil
}

// patiently is how long to wait for the next look; zero means no more. What is
// checked shows one day; what does not show at all is given up after minutes.
func patiently(looks int, checking bool) time.Duration {
	pauses := []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute}
	switch {
	case looks < 0:
		return pauses[0]
	case looks < len(pauses):
		return pauses[looks]
	case checking:
		return time.Hour
	default:
		return 0
	}
}

// again reads the posts of a conversation.
func (c *board) again(ctx context.Context, ref sellerdesk.RemoteRef) ([]post, error) {
	switch ref.Kind {
	case sellerdesk.KindQuestion:
		q, err := c.client.Questions.One(ctx, string(ref.ID))
		if err != nil {
			return nil, c.failure(err, reading, api.BucketFeedbacks)
		}
		return one(convertQuestion(q))
	case sellerdesk.KindReview:
		pins, err := c.pins.known(ctx)
		if err != nil {
			return nil, err
		}
		return c.reviewAgain(ctx, string(ref.ID), pins)
	case sellerdesk.KindClaim:
		return c.claimAgain(ctx, string(ref.ID))
	default:
		return nil, nil
	}
}

// claimAgain looks for a claim among those under review, then among the decided
// ones. Both lists show the last 14 days only.
func (c *board) claimAgain(ctx context.Context, id string) ([]post, error) {
	for _, archive := range []bool{false, true} {
		got, err := c.client.Claims.List(ctx, api.ListClaims{ID: id, Archive: archive, Limit: 1})
		if err != nil {
			return nil, c.failure(err, reading, api.BucketClaimList)
		}
		for _, claim := range got.Claims {
			if claim.ID == id {
				return one(convertClaim(claim))
			}
		}
	}
	return nil, &channel.Error{
		Class: channel.Gone,
		Why:   sellerdesk.Why{Code: sellerdesk.ReasonGone, Text: "Wildberries no longer shows this claim: it keeps them for 14 days."},
	}
}

func one(p post, why string) ([]post, error) {
	if why != "" {
		return nil, &channel.Error{
			Class: channel.Malformed, Why: sellerdesk.Why{Code: sellerdesk.ReasonMalformed, Text: "The answer of Wildberries was not understood."},
		}
	}
	return []post{p}, nil
}
