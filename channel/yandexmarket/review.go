package yandexmarket

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/yandexmarket"
)

// Titles of the parts of a review, in the language of its readers.
const (
	prosTitle = "Достоинства: "
	consTitle = "Недостатки: "
)

// convertReview makes a row of a review as the list shows it, without its
// comments. Since the list tells neither the comments nor what became of ours,
// a review that has any, or that needs no reaction any more, is to be read by
// itself to know what can be done with it.
func convertReview(r api.Review) (out row, why string) {
	switch {
	case r.ID < 1:
		return out, "a review without an id"
	case r.CreatedAt.IsZero():
		return out, "a review without a date"
	}
	id, at := named(r.ID), sellerdesk.At(r.CreatedAt.Time)
	out.patch = sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindReview, RemoteID: id, CreatedAt: &at, UpdatedAt: &at,
		Rating: stars(r.Statistics.Rating), Product: product(r.Identifiers.OfferID),
		Review: &sellerdesk.Review{Tags: []string{}},
	}
	if name := strings.TrimSpace(r.Author); name != "" {
		out.patch.BuyerName = &name
	}
	if r.Identifiers.OrderID > 0 {
		order := string(named(r.Identifiers.OrderID))
		out.patch.Order = &order
	}
	line := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindReview, Conversation: id, RemoteID: lineReview, Author: sellerdesk.AuthorBuyer,
		Text: reviewText(r), At: at, Rating: stars(r.Statistics.Rating), Files: reviewFiles(r.Media.Photos, r.Media.Videos),
	}
	out.patch.Review.Video = film(r.Media.Videos)
	out.messages = []sellerdesk.MessagePatch{line}
	out.deep = r.Statistics.CommentsCount > 0 || !r.NeedReaction
	if !out.deep {
		out.patch.Offers = reviewOffers(r, false)
	}
	return out, ""
}

func reviewText(r api.Review) string {
	d := r.Description
	var parts []string
	for _, part := range [][2]string{{"", d.Comment}, {prosTitle, d.Advantages}, {consTitle, d.Disadvantages}} {
		if strings.TrimSpace(part[1]) != "" {
			parts = append(parts, part[0]+part[1])
		}
	}
	return strings.Join(parts, "\n")
}

// mostMedia bounds what is kept of the pictures of one review.
const mostMedia = 50

// reviewFiles are the photos, and the films behind the first one.
func reviewFiles(photos, videos []string) []sellerdesk.RemoteFile {
	var out []sellerdesk.RemoteFile
	add := func(what, kind string, place int, address string) {
		if web(address) && len(out) < mostMedia {
			out = append(out, sellerdesk.RemoteFile{
				ID: sellerdesk.RemoteID(fmt.Sprintf("%s/%d", what, place+1)), Type: kind, Remote: link{URL: address}.bytes(),
			})
		}
	}
	for i, address := range photos {
		add("photo", pictureType(address), i, address)
	}
	for i, address := range videos {
		if i > 0 {
			add("video", "video/mp4", i, address)
		}
	}
	return out
}

// pictureType is the type of a photo by its address; it is a picture even where
// that does not tell which.
func pictureType(address string) string {
	if u, err := url.Parse(address); err == nil {
		if kind := typeByName(u.Path); strings.HasPrefix(kind, "image/") {
			return kind
		}
	}
	return "image/jpeg"
}

func film(videos []string) *sellerdesk.Video {
	if len(videos) == 0 || !web(videos[0]) {
		return nil
	}
	return &sellerdesk.Video{Link: videos[0]}
}

// web tells that an address may stand on a page.
func web(address string) bool {
	return len(address) <= 2000 && (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://"))
}

// stars are nil when they are none.
func stars(n int) *int {
	if n < 1 || n > 5 {
		return nil
	}
	return &n
}

// product is what a review or question is about: the seller's own name of it
// is all that is told.
func product(offer string) *sellerdesk.Product {
	if offer = strings.TrimSpace(offer); offer == "" || len(offer) > 300 {
		return nil
	}
	return &sellerdesk.Product{ID: sellerdesk.RemoteID(offer)}
}

func reviewOffers(r api.Review, editable bool) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{{Action: sellerdesk.ActionAnswer}}
	if editable {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionEdit})
	}
	if r.NeedReaction {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionView})
	}
	return &offers
}

// standing is what the words of others and of ours on a thing amount to.
type standing struct {
	mine     sellerdesk.RemoteID // the newest of ours that can be changed
	ours     int64               // the newest of ours that stands, 0 without any
	theirs   int64               // the newest of a buyer
	checking bool
	answered bool // somebody's answer is to be seen
}

// tree makes a post of a review and its comments. They have no dates: what is
// newer than the last one read is of now, and the rest stands right behind the
// review, in the order of the ids.
func (c *cabinet) tree(r row, of api.Review, comments []api.Comment, k kept, who business) post {
	p := r.post
	slices.SortStableFunc(comments, func(x, y api.Comment) int { return cmp.Compare(x.ID, y.ID) })
	var st standing
	start, now := p.messages[0].At, sellerdesk.At(c.clock.Now())
	for i, comment := range comments {
		if comment.ID < 1 || comment.Status == api.CommentDeleted || i > 0 && comment.ID == comments[i-1].ID {
			continue
		}
		line := sellerdesk.MessagePatch{
			Kind: sellerdesk.KindReview, Conversation: p.patch.RemoteID, RemoteID: commentLine(comment.ID), Text: comment.Text,
			At: sellerdesk.At(start.Add(time.Duration(i+1) * afterwards)),
		}
		if k.Last > 0 && comment.ID > k.Last && now.After(line.At.Time) {
			line.At = now
		}
		if comment.ParentID > 0 {
			line.Parent = commentLine(comment.ParentID)
		}
		who.attribute(&line, word{
			id: comment.ID, author: comment.Author, modifiable: comment.CanModify, status: comment.Status, buyer: of.Author,
		}, &st)
		p.newest = max(p.newest, comment.ID)
		p.messages = append(p.messages, line)
	}
	if n := len(p.messages); n > 1 && p.messages[n-1].At.After(p.patch.UpdatedAt.Time) {
		at := p.messages[n-1].At
		p.patch.UpdatedAt = &at
	}
	p.checking = st.checking
	p.patch.Offers = reviewOffers(of, st.mine != "")
	// A buyer who goes on under our answer waits again, whatever the review needs.
	if !of.NeedReaction && (st.ours == 0 || st.theirs < st.ours) {
		p.patch.Settled = yes()
	}
	p.patch.Remote = kept{Of: p.patch.RemoteID, Last: p.newest, Mine: st.mine}.bytes()
	return p
}

// afterwards is the distance of lines without dates. An old answer must not
// look new when history is read.
const afterwards = time.Second

// word is what tells whose an answer or comment is and how it stands.
type word struct {
	id         int64
	answer     bool
	author     *api.Author
	modifiable bool
	status     api.CommentStatus
	buyer      string // the name of the buyer of the conversation
}

// attribute gives a line its author and standing. Of those who sell the same
// thing only we can change our words; others speak like the remote side.
func (b business) attribute(line *sellerdesk.MessagePatch, w word, st *standing) {
	name, kind := "", api.AuthorUser
	if w.author != nil {
		name, kind = strings.TrimSpace(w.author.Name), w.author.Type
	}
	visible := w.status == api.CommentPublished
	switch {
	case w.modifiable, kind == api.AuthorBusiness && b.isOurs(name):
		line.Author = sellerdesk.AuthorElsewhere
		line.Status, line.Why = ownStatus(w.status)
		if line.Status != sellerdesk.MessageRefused {
			st.ours = max(st.ours, w.id)
			st.checking = st.checking || w.status == api.CommentUnmoderated
		}
		if w.modifiable {
			st.mine = line.RemoteID
		}
	case kind == api.AuthorUser || kind == "":
		line.Author = sellerdesk.AuthorBuyer
		if name != strings.TrimSpace(w.buyer) {
			line.AuthorName = name
		}
		if !w.answer {
			st.theirs = max(st.theirs, w.id)
		}
	default:
		line.Author, line.AuthorName = sellerdesk.AuthorPlatform, firstText(name, nameMarket)
	}
	st.answered = st.answered || w.answer && visible
}

// ownStatus is how the remote side treats words of ours.
func ownStatus(s api.CommentStatus) (sellerdesk.MessageStatus, sellerdesk.Why) {
	switch s {
	case api.CommentPublished:
		return sellerdesk.MessageDelivered, sellerdesk.Why{}
	case api.CommentBanned:
		return sellerdesk.MessageRefused, sellerdesk.Why{
			Code: sellerdesk.ReasonModeration, Text: "The moderation of Yandex Market rejected it. Say it in other words.",
		}
	case api.CommentUnmoderated:
		return sellerdesk.MessageSent, sellerdesk.Why{Code: sellerdesk.ReasonModeration, Text: "Yandex Market is checking it."}
	default:
		return sellerdesk.MessageSent, sellerdesk.Why{}
	}
}

const (
	reviewPageSize  = 50
	commentPageSize = 50
	// mostCommentPages bounds the comments of one review.
	mostCommentPages = 40
	// walkSize is how many things with words behind them one step of a walk reads.
	walkSize = 20
	// lately is how long our own words may be hidden from the count of comments.
	lately = 7 * 24 * time.Hour
)

// reviewPage reads a page of reviews.
func (c *board) reviewPage(ctx context.Context, filter api.ListReviews) (rows, []api.Review, error) {
	who, err := c.business(ctx)
	if err != nil {
		return rows{}, nil, err
	}
	got, err := c.client.Reviews.List(ctx, who.id, filter)
	if err != nil {
		return rows{}, nil, c.failure(err, reading)
	}
	out := rows{next: got.Next}
	var good []api.Review
	for _, review := range got.Items {
		r, why := convertReview(review)
		if why != "" {
			out.skipped = append(out.skipped, skippedThing(why, review))
			continue
		}
		out.list, good = append(out.list, r), append(good, review)
	}
	out.skipped = append(out.skipped, malformed("a review that cannot be decoded", got.Malformed)...)
	return out, good, nil
}

// comments reads all comments of a review.
func (c *board) comments(ctx context.Context, review int64) ([]api.Comment, error) {
	who, err := c.business(ctx)
	if err != nil {
		return nil, err
	}
	var all []api.Comment
	page := ""
	for range mostCommentPages {
		got, err := c.client.Reviews.Comments(ctx, who.id, api.ListComments{ReviewID: review, Limit: commentPageSize, Page: page})
		if err != nil {
			return nil, c.failure(err, reading)
		}
		all = append(all, got.Items...)
		if got.Next == "" || got.Next == page {
			break
		}
		page = got.Next
	}
	return all, nil
}

// reviewsWhole reads a page of reviews with all their comments.
func (c *board) reviewsWhole(ctx context.Context, s step) (haul, error) {
	// Both bounds are exclusive.
	filter := api.ListReviews{From: s.from.Add(-time.Second), To: s.to.Add(time.Second), Limit: walkSize, Page: s.page}
	p, reviews, err := c.reviewPage(ctx, filter)
	if err != nil {
		return haul{}, err
	}
	who, err := c.business(ctx)
	if err != nil {
		return haul{}, err
	}
	out := haul{next: p.next, skipped: p.skipped}
	for i, r := range p.list {
		of := reviews[i]
		var comments []api.Comment
		if of.Statistics.CommentsCount > 0 || !of.NeedReaction && c.clock.Now().Sub(of.CreatedAt.Time) < lately {
			if comments, err = c.comments(ctx, of.ID); err != nil {
				if gone(err) {
					continue
				}
				return haul{}, err
			}
		}
		out.posts = append(out.posts, c.tree(r, of, comments, kept{}, who))
	}
	return out, nil
}

// reviewAgain reads one review with its comments.
func (c *board) reviewAgain(ctx context.Context, id int64, k kept) (post, error) {
	p, reviews, err := c.reviewPage(ctx, api.ListReviews{IDs: []int64{id}})
	if err != nil {
		return post{}, err
	}
	who, err := c.business(ctx)
	if err != nil {
		return post{}, err
	}
	for i, r := range p.list {
		if reviews[i].ID != id {
			continue
		}
		comments, err := c.comments(ctx, id)
		if err != nil {
			return post{}, err
		}
		return c.tree(r, reviews[i], comments, k, who), nil
	}
	return post{}, lost("Yandex Market no longer shows this review.")
}
