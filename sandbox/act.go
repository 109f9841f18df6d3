package sandbox

import (
	"errors"
	"strings"
	"unicode/utf8"
)

const (
	maxPhotos    = 10    // of a review or claim
	maxPostRunes = 5_000 // of a buyer's text
)

// buyerPosts writes a question, review or claim, or changes a review in place: its text, its stars or both.
func buyerPosts(w *World, m *mounted, a *Account, in BuyerMessage) (Written, error) {
	if err := in.fits(); err != nil {
		return Written{}, err
	}
	files, err := w.parts(in.Files)
	if err != nil {
		return Written{}, err
	}
	b := a.Board(in.Kind)
	if in.Conversation == "" {
		p := b.Add(w.clock.Now().Add(w.faults.standingSkew(a.API)), func(p *Post) {
			p.Text, p.Files = in.Text, files
			if in.From != nil {
				p.Buyer = *in.From
			}
			if in.Kind == KindReview {
				p.Bought, p.Stars = "kept", 5
				if in.Rating != nil {
					p.Stars = *in.Rating
				}
			}
		})
		return wrote(m, p), nil
	}
	if in.Kind != KindReview {
		return Written{}, refuse("a %s cannot be changed by the buyer: leave conversation out to write a new one", in.Kind)
	}
	if in.From != nil {
		return Written{}, refuse("from is for a new conversation only")
	}
	id, err := m.ParseID(in.Kind, in.Conversation)
	if err != nil {
		return Written{}, refuse("conversation is not an id of %s", in.API)
	}
	p, err := b.Change(id, func(p *Post) error {
		if len(p.Files)+len(files) > maxPhotos {
			return refuse("a %s has at most %d photos", in.Kind, maxPhotos)
		}
		if in.Text != "" {
			p.Text = in.Text
		}
		if in.Rating != nil {
			p.Stars = *in.Rating
		}
		p.Files = b.attach(id, p, files)
		p.Viewed = false
		return nil
	})
	return written(m, p, err)
}

// fits refuses what the kind does not have.
func (in BuyerMessage) fits() error {
	switch {
	case in.Rating != nil && in.Kind != KindReview:
		return refuse("a %s has no rating", in.Kind)
	case in.Rating != nil && (*in.Rating < 1 || *in.Rating > 5):
		return refuse("rating must lie between 1 and 5")
	case in.Kind == KindQuestion && len(in.Files) > 0:
		return refuse("a question has no files")
	case len(in.Files) > maxPhotos:
		return refuse("a %s has at most %d photos", in.Kind, maxPhotos)
	case in.Text == "" && in.Kind != KindReview:
		return refuse("text is needed")
	case in.Text == "" && len(in.Files) == 0 && in.Rating == nil:
		return refuse("text, files or a rating are needed")
	case utf8.RuneCountInString(in.Text) > maxPostRunes:
		return refuse("text must have at most %d characters", maxPostRunes)
	}
	return nil
}

func wrote(m *mounted, p Post) Written { return Written{m.RemoteID(p.Kind, p.ID), p.ID.String()} }

func written(m *mounted, p Post, err error) (Written, error) {
	if errors.Is(err, ErrNoConversation) {
		err = refuse("no such conversation")
	}
	if err != nil {
		return Written{}, err
	}
	return wrote(m, p), nil
}

// sellerPosts puts in an answer from the cabinet, which edits one that is there already, or a decision: its name, then a comment.
func sellerPosts(w *World, m *mounted, a *Account, in SellerMessage) (Written, error) {
	id, err := m.ParseID(in.Kind, in.Conversation)
	if err != nil {
		return Written{}, refuse("conversation is not an id of %s", in.API)
	}
	now := w.clock.Now()
	p, err := a.Board(in.Kind).Change(id, func(p *Post) error {
		p.Viewed = true
		if in.Kind == KindClaim {
			action, comment, _ := strings.Cut(in.Text, " ")
			made, why := m.Decide(*p, action, strings.TrimSpace(comment))
			if why != "" {
				return refuse("%s", why)
			}
			made.At = now
			p.Answer = &made
			return nil
		}
		edits := 0
		if p.Answer != nil && !p.Answer.Turned(now) {
			edits = p.Answer.Edits + 1
		}
		p.Answer = &Reply{Text: in.Text, At: now, Edits: edits}
		return nil
	})
	return written(m, p, err)
}
