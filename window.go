package sellerdesk

// Window tells whether we may write freely in a conversation now, where the
// channel bounds that: some messengers take texts only for a while after the
// buyer wrote, and afterwards nothing but texts that they approved in advance.
type Window struct {
	// Open: texts of our own may be sent now.
	Open bool `json:"open"`
	// TemplatesOnly: nothing but an approved template may be sent now.
	TemplatesOnly bool `json:"templates_only"`
	// Until is when texts of our own stop to be taken; nil: they are not taken
	// now, or there is no end.
	Until *Time `json:"until"`
	// Unbounded: texts of our own are taken at any time.
	Unbounded bool `json:"unbounded"`
	// Balance tells whether what was paid in advance suffices; nil when the
	// channel does not say. Without it nothing is taken at all.
	Balance *bool `json:"balance_sufficient"`
	// CheckedAt is when the remote side said so.
	CheckedAt Time `json:"checked_at"`
}

// Seen is the window as it stands at a moment: it shuts by itself.
func (w Window) Seen(now Time) Window {
	paid := w.Balance == nil || *w.Balance
	free := w.Unbounded || w.Until != nil && now.Before(w.Until.Time)
	w.Open, w.TemplatesOnly = paid && free, paid && !free
	return w
}

// refusal says why an action cannot be done in a window as [Window.Seen] gave
// it; empty when it can.
func (w Window) refusal(action ActionKind) Why {
	switch {
	case w.Balance != nil && !*w.Balance:
		return Why{Code: ReasonBalance, Text: "The balance of the messenger is used up: nothing can be sent until it is topped up."}
	case w.TemplatesOnly && action == ActionReply:
		return Why{Code: ReasonWindowShut, Text: "The window is closed: only an approved template can be sent."}
	default:
		return Why{}
	}
}
