package gate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// maxTags bounds the marks of a review.
const maxTags = 100

// short cleans a text of a remote side that stands on one line.
func short(o sellerdesk.Optional) sellerdesk.Optional {
	return sellerdesk.Optional(text.Cut(text.Clean(string(o)), 500))
}

// long cleans a text that may have lines, as remarks have.
func long(o sellerdesk.Optional) sellerdesk.Optional {
	return sellerdesk.Optional(text.Clean(string(o)))
}

func cleanVideo(v *sellerdesk.Video) *sellerdesk.Video {
	if v == nil {
		return nil
	}
	return &sellerdesk.Video{Link: strings.TrimSpace(text.Clean(v.Link)), Poster: long(v.Poster), Seconds: max(v.Seconds, 0)}
}

// Part encodes what a remote side told of what only one kind has; "" when
// it told nothing.
func Part(c sellerdesk.ConversationPatch) string {
	var part any
	switch {
	case c.Kind == sellerdesk.KindChat && c.Chat != nil:
		k := *c.Chat
		k.State = sellerdesk.ChatState(short(sellerdesk.Optional(k.State)))
		k.Subject = sellerdesk.ChatSubject(short(sellerdesk.Optional(k.Subject)))
		k.Return, k.Shop = short(k.Return), short(k.Shop)
		part = k
	case c.Kind == sellerdesk.KindReview && c.Review != nil:
		r := *c.Review
		tags := make([]string, 0, len(r.Tags))
		for _, tag := range r.Tags[:min(len(r.Tags), maxTags)] {
			tags = append(tags, string(short(sellerdesk.Optional(tag))))
		}
		r.Tags, r.Size, r.OrderStatus, r.Video = tags, short(r.Size), short(r.OrderStatus), cleanVideo(r.Video)
		part = r
	case c.Kind == sellerdesk.KindQuestion && c.Question != nil:
		part = *c.Question
	case c.Kind == sellerdesk.KindClaim && c.Claim != nil:
		k := *c.Claim
		k.Price, k.Decision, k.Note, k.Video = short(k.Price), short(k.Decision), long(k.Note), cleanVideo(k.Video)
		k.Status = string(short(sellerdesk.Optional(k.Status)))
		part = k
	default:
		return ""
	}
	return encode(part)
}

// ReadPart gives a conversation what only its kind has, as [Part] encoded it.
func ReadPart(part string, c *sellerdesk.Conversation) error {
	if part == "" {
		return nil
	}
	var to any
	switch c.Kind {
	case sellerdesk.KindChat:
		c.Chat = &sellerdesk.Chat{}
		to = c.Chat
	case sellerdesk.KindReview:
		c.Review = &sellerdesk.Review{}
		to = c.Review
	case sellerdesk.KindQuestion:
		c.Question = &sellerdesk.Question{}
		to = c.Question
	case sellerdesk.KindClaim:
		c.Claim = &sellerdesk.Claim{}
		to = c.Claim
	default:
		return nil
	}
	if err := json.Unmarshal([]byte(part), to); err != nil {
		return fmt.Errorf("read the %s of conversation %d: %w", c.Kind, c.ID, err)
	}
	return nil
}

// Offers encodes what the remote side allows; "" while it allows all.
func Offers(offers []sellerdesk.Offer) string {
	if offers == nil {
		return ""
	}
	clean := make([]sellerdesk.Offer, len(offers))
	for i, o := range offers {
		o.Why = Why(o.Why)
		clean[i] = o
	}
	return encode(clean)
}

// ReadOffers gives what the remote side allows now; nil while it allows all.
func ReadOffers(encoded string) (offers []sellerdesk.Offer, err error) {
	if encoded == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(encoded), &offers); err != nil {
		return nil, fmt.Errorf("read what is offered: %w", err)
	}
	return offers, nil
}
