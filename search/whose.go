package search

import "github.com/sellerdesk/sellerdesk"

// Words that stand for somebody in the filters assignee and team.
const (
	WordMe   = "me"   // whoever asks
	WordNone = "none" // nobody, or no team
)

func whoseNames() []valueName[string] {
	return []valueName[string]{
		{WordMe, "me", "я", []string{"мои", "мне", "mine"}},
		{WordNone, "none", "никто", []string{"нет", "ничьи", "nobody"}},
	}
}

func priorityNames() []valueName[sellerdesk.Priority] {
	return []valueName[sellerdesk.Priority]{
		{sellerdesk.PriorityLow, "low", "низкая", []string{"низкий"}},
		{sellerdesk.PriorityNormal, "normal", "обычная", []string{"обычный"}},
		{sellerdesk.PriorityHigh, "high", "высокая", []string{"высокий"}},
		{sellerdesk.PriorityUrgent, "urgent", "срочная", []string{"срочно", "срочный", "срочные"}},
	}
}

// whose reads a name, or a word that stands for somebody.
func whose(typed string) string {
	if w, ok := named(whoseNames(), typed); ok {
		return w
	}
	return typed
}

// typedWhose writes names and words that stand for somebody.
func typedWhose(names []string, l sellerdesk.Language) (out []string) {
	for _, n := range names {
		if w := nameOf(whoseNames(), n, l); w != n || n == WordMe || n == WordNone {
			out = append(out, w)
			continue
		}
		out = append(out, quotedValues([]string{n})...)
	}
	return out
}

// state reads one of the states, or what is typed as one.
func (q *Query) state(typed string) error {
	states, err := withNamed(nil, stateNames(), filterState, typed)
	if err != nil {
		return err
	}
	yes, no := true, false
	switch states[0] {
	case stateWaiting:
		q.Waiting = true
	case stateUnread:
		q.Unread = true
	case stateAnswered:
		q.Answered = &yes
	case stateUnanswered:
		q.Answered = &no
	default:
		q.States = with(q.States, states[0])
	}
	return nil
}

// typedStates writes the states with what is typed as one.
func (q Query) typedStates(l sellerdesk.Language) []string {
	states := namesOf(stateNames(), q.States, l)
	say := func(state sellerdesk.ConversationStatus) { states = append(states, nameOf(stateNames(), state, l)) }
	if q.Waiting {
		say(stateWaiting)
	}
	if q.Unread {
		say(stateUnread)
	}
	if q.Answered != nil && *q.Answered {
		say(stateAnswered)
	} else if q.Answered != nil {
		say(stateUnanswered)
	}
	return states
}
