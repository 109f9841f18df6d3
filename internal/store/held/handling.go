package held

import (
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// Assign gives a conversation to a person, a team, both or nobody, in place of whom
// it belonged to.
func (h *Held) Assign(to sellerdesk.Assignment) {
	h.Assignee, h.Team = nil, nil
	if to.User != nil {
		id := int64(*to.User)
		h.Assignee = &id
	}
	if to.Team != nil {
		id := int64(*to.Team)
		h.Team = &id
	}
}

// Assignment is whom a conversation belongs to.
func (h *Held) Assignment() (a sellerdesk.Assignment) {
	if h.Assignee != nil {
		id := sellerdesk.UserID(*h.Assignee)
		a.User = &id
	}
	if h.Team != nil {
		id := sellerdesk.TeamID(*h.Team)
		a.Team = &id
	}
	return a
}

// PutOff keeps until when a conversation is put off. Whoever does it has dealt with
// why it came back before.
func (h *Held) PutOff(s sellerdesk.Snooze) error {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keep until when a conversation is put off: %w", err)
	}
	h.Snooze, h.Until, h.Woke = string(b), nil, ""
	if s.Until != nil {
		ms := s.Until.Millis()
		h.Until = &ms
	}
	return nil
}

// Asleep is how a conversation is put off; the zero value when it is not, or
// nobody can tell.
func (h *Held) Asleep() (s sellerdesk.Snooze) {
	if h.Snooze != "" {
		_ = json.Unmarshal([]byte(h.Snooze), &s)
	}
	return s
}

// Rouse forgets that a conversation was put off.
func (h *Held) Rouse() { h.Snooze, h.Until = "", nil }

// Wake takes a conversation back and keeps why, until [Held.Dealt].
func (h *Held) Wake(reason sellerdesk.WokeReason, at int64) {
	h.Rouse()
	b, _ := json.Marshal(sellerdesk.Woke{Reason: reason, At: sellerdesk.AtMillis(at)}) // nothing in it can fail
	h.Woke = string(b)
}

// Dealt forgets why a conversation came back: somebody has dealt with it.
func (h *Held) Dealt() { h.Woke = "" }

// Restore puts back what was so before, as far as it is still so as after.
func (h *Held) Restore(before, after Held) {
	restore := func(now **int64, before, after *int64) {
		if same(*now, after) {
			*now = before
		}
	}
	restore(&h.Assignee, before.Assignee, after.Assignee)
	restore(&h.Team, before.Team, after.Team)
	if h.Priority == after.Priority {
		h.Priority = before.Priority
	}
	if h.Snooze == after.Snooze {
		h.Snooze, h.Until = before.Snooze, before.Until
	}
	if h.Woke == after.Woke {
		h.Woke = before.Woke
	}
	h.restoreLabels(before, after)
}

// Unite takes over what is held of the same conversation under another id, where
// nobody has said anything here.
func (h *Held) Unite(from Held) {
	if h.Assignee == nil && h.Team == nil {
		h.Assignee, h.Team = from.Assignee, from.Team
	}
	if h.Priority == 0 {
		h.Priority = from.Priority
	}
	if h.Woke == "" {
		h.Woke = from.Woke
	}
}
