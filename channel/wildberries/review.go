package wildberries

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// Titles of the parts of a review, in the language of its readers.
const (
	prosTitle = "Достоинства: "
	consTitle = "Недостатки: "
)

// reviews converts reviews with what is known of pins.
type reviews struct{ pins pinState }

// convert makes a post of a review. The two of a supplemented pair may come in
// either order and in different batches, so that each tells what is its own:
// the first one the buyer, the product and the beginning, the second one how
// the conversation stands now.
func (c reviews) convert(r api.Review) (post, string) {
	if why := unusableID(r.ID, "a review"); why != "" {
		return post{}, why
	}
	if r.CreatedDate.IsZero() {
		return post{}, "a review without a date"
	}
	p := post{id: r.ID, created: sellerdesk.At(r.CreatedDate.Time), undated: -1, answered: !r.Unanswered()}
	of, first := sellerdesk.RemoteID(r.ID), r.ParentFeedbackID == ""
	if !first && len(r.ParentFeedbackID) <= longestID {
		of = sellerdesk.RemoteID(r.ParentFeedbackID)
	}
	p.patch = sellerdesk.ConversationPatch{Kind: sellerdesk.KindReview, RemoteID: of, UpdatedAt: &p.created, Product: product(r.Product)}
	if first {
		p.patch.CreatedAt = &p.created
		if name := strings.TrimSpace(r.UserName); name != "" {
			p.patch.BuyerName = &name
		}
	}
	if r.ChildFeedbackID == "" {
		c.stand(&p.patch, r, first)
	}
	p.messages = append(p.messages, words(of, p.created, r))
	if r.Answer != nil {
		answer := answerOf(of, p.created, r)
		p.undated, p.checking = 1, answer.Status == sellerdesk.MessageSent && answer.Why.Code == sellerdesk.ReasonModeration
		p.messages = append(p.messages, answer)
		p.patch.UpdatedAt = &answer.At
	}
	return p, ""
}

// stand tells how the conversation stands by its newest part.
func (c reviews) stand(to *sellerdesk.ConversationPatch, r api.Review, first bool) {
	to.Rating = stars(r.ProductValuation)
	to.Remote = keptPost{Of: to.RemoteID, Part: r.ID}.bytes()
	_, pinned := c.pins.ids[string(to.RemoteID)]
	to.Review = &sellerdesk.Review{
		Tags: r.Tags, Size: sellerdesk.Optional(r.MatchingSize), OrderStatus: sellerdesk.Optional(r.OrderStatus),
		Supplemented: !first, Pinned: pinned, Video: video(r.Video),
	}
	if to.Review.Tags == nil {
		to.Review.Tags = []string{}
	}
	if !r.ReturnOrderedAt.IsZero() {
		at := sellerdesk.At(r.ReturnOrderedAt.Time)
		to.Review.ReturnOrdered = &at
	}
	to.Offers = c.offers(r, pinned)
	// Wildberries treats stars alone as processed, and what nobody answered
	// within 30 days.
	if r.Answer == nil && (!r.HasContent() || r.State == api.ReviewProcessed) {
		to.Settled = yes()
	}
}

func (c reviews) offers(r api.Review, pinned bool) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{}
	switch {
	case r.Unanswered():
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionAnswer})
	case r.Answer.Editable:
		// The answer has no date, so that nobody knows until when.
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionEdit})
	}
	if r.CanOrderReturn {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionOrderReturn})
	}
	switch {
	case pinned:
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionUnpin})
	case c.pins.paid():
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionPin, Why: c.pins.full()})
	}
	return &offers
}

// words are the buyer's line of a review.
func words(of sellerdesk.RemoteID, at sellerdesk.Time, r api.Review) sellerdesk.MessagePatch {
	m := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindReview, Conversation: of, RemoteID: sellerdesk.RemoteID(r.ID), Author: sellerdesk.AuthorBuyer,
		Text: reviewText(r), At: at, Rating: stars(r.ProductValuation),
	}
	for i, photo := range r.Photos {
		m.Files = append(m.Files, picture(r.ID, i, photo.FullSize))
	}
	return m
}

func reviewText(r api.Review) string {
	var parts []string
	for _, part := range [][2]string{{"", r.Text}, {prosTitle, r.Pros}, {consTitle, r.Cons}} {
		if strings.TrimSpace(part[1]) != "" {
			parts = append(parts, part[0]+part[1])
		}
	}
	return strings.Join(parts, "\n")
}

// answerOf is the seller's line. It has no date, and is shown to buyers only
// when moderation let it through.
func answerOf(of sellerdesk.RemoteID, at sellerdesk.Time, r api.Review) sellerdesk.MessagePatch {
	m := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindReview, Conversation: of, RemoteID: answerID(r.ID), Author: sellerdesk.AuthorElsewhere,
		Text: r.Answer.Text, At: sellerdesk.At(at.Add(afterwards)), Status: sellerdesk.MessageSent,
	}
	switch state := r.Answer.State; {
	case state == api.AnswerPublished:
		m.Status = sellerdesk.MessageDelivered
	case state.Rejected():
		m.Status = sellerdesk.MessageRefused
		m.Why = sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "The moderation of Wildberries rejected the answer. Answer in other words."}
	case state == api.AnswerNew, state == api.AnswerReviewRequired:
		m.Why = sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "Wildberries is checking the answer."}
	}
	return m
}

// answerID names the answer to a review: it has no id of its own.
func answerID(review string) sellerdesk.RemoteID { return sellerdesk.RemoteID("answer:" + review) }

// stars are nil when they are none.
func stars(n int64) *int {
	if n < 1 || n > 5 {
		return nil
	}
	v := int(n)
	return &v
}

func video(v *api.Video) *sellerdesk.Video {
	if v == nil || !web(v.Link) {
		return nil
	}
	out := &sellerdesk.Video{Link: string(v.Link), Seconds: int(min(max(v.DurationSec, 0), 1<<20))}
	if web(v.PreviewImage) {
		out.Poster = sellerdesk.Optional(v.PreviewImage)
	}
	return out
}

// web tells that an address may stand on a page.
func web(l api.Link) bool {
	return len(l) <= 2000 && (strings.HasPrefix(string(l), "https://") || strings.HasPrefix(string(l), "http://"))
}

// picture names a photo by where it stands; its address is how it is fetched.
func picture(of string, i int, at api.Link) sellerdesk.RemoteFile {
	name := fileName(api.FileInfo{URL: string(at)})
	out := sellerdesk.RemoteFile{ID: sellerdesk.RemoteID(fmt.Sprintf("%s/photo/%d", of, i+1)), Name: name, Type: pictureType(name)}
	if b, err := json.Marshal(link{URL: string(at)}); err == nil {
		out.Remote = b
	}
	return out
}

func number(n int64) sellerdesk.RemoteID { return sellerdesk.RemoteID(strconv.FormatInt(n, 10)) }
