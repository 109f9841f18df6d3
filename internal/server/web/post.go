package web

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// modes are the ways to write here now, the usual one first. An answer that
// was given is changed only when a person asks for it.
func (t threadView) modes() []sellerdesk.Ability {
	var out []sellerdesk.Ability
	for _, kind := range []sellerdesk.ActionKind{sellerdesk.ActionReply, sellerdesk.ActionAnswer, sellerdesk.ActionReject, sellerdesk.ActionEdit} {
		if a, ok := sellerdesk.Find(t.Conversation.Can, kind); ok && a.Reason == "" {
			out = append(out, a)
		}
	}
	return out
}

// usual is the way to write that the composer starts with; "" when it waits to
// be asked.
func (t threadView) usual() sellerdesk.ActionKind {
	for _, a := range t.modes() {
		if a.Action != sellerdesk.ActionEdit {
			return a.Action
		}
	}
	return ""
}

// choices are the ways to write that a person chooses between.
func (t threadView) choices() []sellerdesk.Ability {
	out := slices.DeleteFunc(t.modes(), func(a sellerdesk.Ability) bool { return a.Action == sellerdesk.ActionEdit })
	if len(out) < 2 {
		return nil
	}
	return out
}

// modeHint says what sending does, where it is not plain from the button.
func modeHint(v *View, t threadView, a sellerdesk.Ability) string {
	switch a.Action {
	case sellerdesk.ActionReject:
		return v.RejectHint
	case sellerdesk.ActionEdit:
		return editLine(v, t, a)
	case sellerdesk.ActionAnswer:
		return v.PublicHint
	default:
		return ""
	}
}

// reads tells that a conversation is read as a card from its top, not as a
// chat from its end.
func (t threadView) reads() bool { return t.Conversation.Kind != sellerdesk.KindChat }

// firstWords is the message that a review or question began with.
func (t threadView) firstWords() sellerdesk.MessageID {
	for _, m := range t.Messages {
		if m.Author == sellerdesk.AuthorBuyer {
			return m.ID
		}
	}
	return 0
}

// supplements tells that the buyer's words are a second part of a review.
func (t threadView) supplements(m sellerdesk.Message) bool {
	r := t.Conversation.Review
	return r != nil && r.Supplemented && m.Author == sellerdesk.AuthorBuyer && m.Parent == nil && m.AuthorName == "" && m.ID != t.firstWords()
}

// hasOurs tells whether anything of ours stands here, or may.
func (t threadView) hasOurs() bool {
	return slices.ContainsFunc(t.Messages, func(m sellerdesk.Message) bool {
		return m.Author.Ours() && (m.Status.Answers() || m.Status == sellerdesk.MessageUnknown)
	})
}

// arrived tells whether the remote side has a message of ours.
func arrived(s sellerdesk.MessageStatus) bool {
	return s == sellerdesk.MessageReceived || s == sellerdesk.MessageSent || s == sellerdesk.MessageDelivered || s == sellerdesk.MessageRead
}

// editLine says how often and until when an answer may be changed. Where answers
// are taken all the time, so are changes.
func editLine(v *View, t threadView, a sellerdesk.Ability) string {
	switch {
	case a.Reason != "":
		return v.Why(a.ReasonCode, a.Reason)
	case a.Until != nil:
		at := a.Until.In(v.Zone)
		return v.EditUntil(v.Day(at, at.Year() != v.Now.In(v.Zone).Year()))
	case t.mayAnswer():
		return ""
	default:
		return v.EditOnce
	}
}

// sign is a state in words, with its tone and picture.
type sign struct{ Words, Tone, Picture string }

// answerState says how far an answer is; one to a claim is not public.
func (v *View) answerState(m sellerdesk.Message, claim bool) sign {
	checked := m.ReasonCode == sellerdesk.ReasonModeration
	if m.ReasonCode == sellerdesk.ReasonEditing {
		return sign{v.Why(m.ReasonCode, m.Reason), "wait", "loader-circle"}
	}
	switch m.Status {
	case sellerdesk.MessageRefused:
		if checked {
			return sign{v.ModerationRefused(""), "bad", "circle-x"}
		}
		return sign{v.Statuses[m.Status], "bad", "circle-x"}
	case sellerdesk.MessageUnknown:
		return sign{v.Statuses[m.Status], "soon", "triangle-alert"}
	case sellerdesk.MessageSent:
		if checked {
			return sign{v.InModeration, "wait", "hourglass"}
		}
		return sign{v.Statuses[m.Status], "", "check"}
	case sellerdesk.MessageDelivered, sellerdesk.MessageRead:
		if claim {
			return sign{v.Statuses[m.Status], "good", "check-check"}
		}
		return sign{v.Published, "good", "check-check"}
	case sellerdesk.MessageWithdrawn:
		return sign{v.Statuses[m.Status], "", "ban"}
	case sellerdesk.MessageQueued:
		return sign{v.Statuses[m.Status], "", "clock"}
	case sellerdesk.MessageSending:
		return sign{v.Statuses[m.Status], "", "loader-circle"}
	default:
		return sign{}
	}
}

// editTrouble says why a new text of an answer was not taken; "" when nothing
// is wrong. The answer itself stands.
func editTrouble(v *View, m sellerdesk.Message) string {
	switch {
	case m.Status != sellerdesk.MessageSent && m.Status != sellerdesk.MessageDelivered, m.Reason == "",
		m.ReasonCode == sellerdesk.ReasonEditing, m.ReasonCode == sellerdesk.ReasonModeration:
		return ""
	default:
		return v.refusal(m)
	}
}

// refusal says why the remote side did not take a message.
func (v *View) refusal(m sellerdesk.Message) string {
	if m.ReasonCode == sellerdesk.ReasonModeration {
		return v.ModerationRefused(spokenHere(v, prose.Line(string(m.Reason))))
	}
	return v.RefusedBecause(v.Why(m.ReasonCode, m.Reason))
}

// ratingBefore is how many stars a review had before it was changed; 0 when it
// was not.
func ratingBefore(t threadView) int {
	now := t.Conversation.Rating
	for _, m := range slices.Backward(t.Messages) {
		for _, old := range slices.Backward(m.Versions) {
			if old.Rating != nil && now != nil && *old.Rating != *now {
				return *old.Rating
			}
		}
	}
	return 0
}

// known says a word of a channel in ours where we know it.
func known(names map[string]string, word sellerdesk.Optional) string {
	if s, ok := names[string(word)]; ok {
		return s
	}
	return prose.Line(string(word))
}

// clockFace writes the length of a film: "1:05".
func clockFace(seconds int) string {
	rest := strconv.Itoa(seconds % 60)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	return strconv.Itoa(seconds/60) + ":" + rest
}

// decision is what may be decided about a claim; its zero value when nothing.
func (t threadView) decision() sellerdesk.Ability {
	a, _ := sellerdesk.Find(t.Conversation.Can, sellerdesk.ActionDecide)
	return a
}

func (t threadView) canDecide() bool {
	a := t.decision()
	return a.Action != "" && a.Reason == "" && len(a.Options) > 0
}

// decideBy is until when a claim is to be decided; nil when nobody waits.
func (t threadView) decideBy() *sellerdesk.Time {
	if a := t.decision(); a.Until != nil {
		return a.Until
	}
	return t.Conversation.DueAt
}

// optionNames identify the decisions that are offered, so that the browser
// notices when they change.
func optionNames(a sellerdesk.Ability) string {
	names := make([]string, len(a.Options))
	for i, o := range a.Options {
		names[i] = o.Value
	}
	return strings.Join(names, " ")
}

func optionTitle(v *View, o sellerdesk.Option) string {
	for _, s := range []string{o.Title[v.Language], o.Title[sellerdesk.English]} {
		if s != "" {
			return s
		}
	}
	return o.Value
}

func commentAttributes(o sellerdesk.Option) templ.Attributes {
	if o.Comment == nil {
		return nil
	}
	return templ.Attributes{"data-min": strconv.Itoa(o.Comment.Min), "data-max": strconv.Itoa(o.Comment.Max)}
}

// decidedHere is our action that decided a claim; ok is false when none of ours
// did.
func (t threadView) decidedHere() (i sellerdesk.OutboxItem, ok bool) {
	for _, i := range t.Actions {
		if i.Action == sellerdesk.ActionDecide && i.State == sellerdesk.OutboxSent {
			return i, true
		}
	}
	return i, false
}

// elsewhere tells whether an answer was given without us. The words under a
// claim that we decided are ours, though they come back from the marketplace.
func (t threadView) elsewhere(m sellerdesk.Message) bool {
	if m.Author != sellerdesk.AuthorElsewhere {
		return false
	}
	_, ours := t.decidedHere()
	return !ours
}

// deeds are actions of ours that no line shows and that are not done: they
// wait, were refused, or may have arrived. Of each kind the newest counts.
func (t threadView) deeds() []sellerdesk.OutboxItem {
	var out []sellerdesk.OutboxItem
	seen := map[sellerdesk.ActionKind]bool{sellerdesk.ActionEdit: true} // its answer tells
	for _, i := range t.Actions {
		if i.Message != nil || seen[i.Action] {
			continue
		}
		seen[i.Action] = true
		if i.State != sellerdesk.OutboxSent && i.State != sellerdesk.OutboxWithdrawn {
			out = append(out, i)
		}
	}
	return out
}

// deedWords say how far an action is, and why no further.
func (v *View) deedWords(t threadView, i sellerdesk.OutboxItem) string {
	m := sellerdesk.Message{Status: i.State.Message(), Reason: i.Why.Text, ReasonCode: i.Why.Code}
	words := deedName(v, t, i.Action) + ": " + strings.ToLower(v.Statuses[m.Status])
	why := v.waits(t, m)
	if i.Action == sellerdesk.ActionOpen && i.Why.Code == sellerdesk.ReasonGone {
		why = v.StartUnknown
	}
	if why == "" {
		return words
	}
	return words + ". " + why
}

func deedName(v *View, t threadView, a sellerdesk.ActionKind) string {
	switch a {
	case sellerdesk.ActionDecide:
		return v.Decide
	case sellerdesk.ActionOpen:
		return v.Opens
	case sellerdesk.ActionView:
		return viewName(v, t)
	default:
		return v.Actions[a]
	}
}

// viewName says what telling the remote side "seen" means: a review then no
// longer waits for a reaction.
func viewName(v *View, t threadView) string {
	if t.Conversation.Kind == sellerdesk.KindReview {
		return v.SkipReview
	}
	return v.Actions[sellerdesk.ActionView]
}

// viewHint says what comes of it, where the name alone does not.
func viewHint(v *View, t threadView) string {
	if t.Conversation.Kind == sellerdesk.KindReview {
		return v.SkipHint
	}
	return ""
}

func deedTone(i sellerdesk.OutboxItem) sign {
	switch i.State {
	case sellerdesk.OutboxRefused:
		return sign{Tone: "bad", Picture: "circle-x"}
	case sellerdesk.OutboxUnknown:
		return sign{Tone: "soon", Picture: "triangle-alert"}
	default:
		return sign{Tone: "quiet", Picture: "clock"}
	}
}

// by names the one of us who did an action.
func (v *View) by(t threadView, i sellerdesk.OutboxItem) string {
	author := sellerdesk.AuthorRule
	if i.User != nil {
		author = sellerdesk.AuthorAgent
	}
	return v.authorName(t, sellerdesk.Message{Author: author, User: i.User})
}

// settled is when an action was done.
func settled(i sellerdesk.OutboxItem) sellerdesk.Time {
	if i.SettledAt != nil {
		return *i.SettledAt
	}
	return i.CreatedAt
}

// nextRequest is how long the marketplace makes us wait before the next
// request; zero when it does not. Of several limits the one that something
// waits for counts.
func (t threadView) nextRequest(now time.Time) time.Duration {
	var wait time.Duration
	for _, b := range t.Budget {
		if b.NextFreeAt == nil || b.Waiting == 0 {
			continue
		}
		if d := b.NextFreeAt.Sub(now); d > 0 && (wait == 0 || d < wait) {
			wait = d
		}
	}
	return wait
}

// slotsLeft says how often an action can still be done, where only so many may
// stand; "" where that is not told, or it cannot be done at all.
func slotsLeft(v *View, t threadView, a sellerdesk.Ability) string {
	for _, b := range t.Budget {
		if b.Bucket == string(a.Action) && a.Reason == "" {
			return v.SlotsLeft(b.Remaining, b.Limit)
		}
	}
	return ""
}

// waits says why a message of ours is still here.
func (v *View) waits(t threadView, m sellerdesk.Message) string {
	if m.ReasonCode == sellerdesk.ReasonThrottled || m.ReasonCode == "" && m.Reason == "" {
		if d := t.nextRequest(v.Now); d > 0 {
			return v.LimitLine(v.Wait(d))
		}
	}
	return v.Why(m.ReasonCode, m.Reason)
}

// said tells that the state of a refused answer says everything there is.
func said(v *View, m sellerdesk.Message) bool {
	return m.Status == sellerdesk.MessageRefused && len(m.Can) == 0 && v.refusal(m) == v.answerState(m, false).Words
}

// spokenHere gives words of others only where the reader of a Russian screen
// can read them.
func spokenHere(v *View, words string) string {
	if v.Language == sellerdesk.Russian && !strings.ContainsFunc(words, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		return ""
	}
	return words
}
