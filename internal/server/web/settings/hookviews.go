package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

// deliveryStates are what the log is filtered by; "" is all.
func deliveryStates() []sellerdesk.DeliveryState {
	return []sellerdesk.DeliveryState{"", sellerdesk.DeliveryWaiting, sellerdesk.DeliveryDelivered, sellerdesk.DeliveryFailed}
}

func (p hookView) stateName(v *View, s sellerdesk.DeliveryState) string {
	return orElse(v.Hooks.DeliveryStates[s], v.Hooks.All)
}

// address is that of the page with its filter, and more.
func (p hookView) address(more url.Values) string {
	if p.State != "" {
		more.Set("state", string(p.State))
	}
	path := hooksPath + "/" + id(p.Hook.ID)
	if len(more) == 0 {
		return path
	}
	return path + "?" + more.Encode()
}

// here is the address of what is shown now.
func (p hookView) here() string {
	more := url.Values{}
	if p.Cursor != "" {
		more.Set("cursor", p.Cursor)
	}
	return p.address(more)
}

// filtered is the address of the log of one state.
func (p hookView) filtered(s sellerdesk.DeliveryState) string {
	p.State = s
	return p.address(url.Values{}) + "#log"
}

// kinds names what a webhook tells.
func (p hookView) kinds(v *View, h sellerdesk.Webhook) string { return kindWords(v, h) }

func (p hooksView) kinds(v *View, h sellerdesk.Webhook) string { return kindWords(v, h) }

func kindWords(v *View, h sellerdesk.Webhook) string {
	if len(h.Kinds) == 0 {
		return v.Hooks.AllKinds
	}
	words := make([]string, len(h.Kinds))
	for i, k := range h.Kinds {
		words[i] = eventName(v, k)
	}
	return strings.Join(words, ", ")
}

// eventName names a kind of events, or all those of a noun.
func eventName(v *View, k sellerdesk.EventKind) string {
	if noun, ok := strings.CutSuffix(string(k), ".*"); ok {
		return orElse(v.Hooks.Nouns[noun], string(k))
	}
	return orElse(v.Hooks.Events[k], string(k))
}

// kindOptions are the kinds of events, each with its word for programs.
func kindOptions(v *View) []option {
	var out []option
	for _, k := range sellerdesk.EventKinds() {
		out = append(out, option{Value: string(k), Label: string(k), Hint: eventName(v, k)})
	}
	return out
}

// expanded are single kinds, in the order of the form, for those that stand for
// several.
func expanded(kinds []sellerdesk.EventKind) []sellerdesk.EventKind {
	out := []sellerdesk.EventKind{}
	if len(kinds) == 0 {
		return out
	}
	told := sellerdesk.Webhook{Kinds: kinds}
	for _, k := range sellerdesk.EventKinds() {
		if told.Wants(sellerdesk.Event{Kind: k}) {
			out = append(out, k)
		}
	}
	return out
}

func (p hookView) chosenKinds() []string {
	var out []string
	for _, k := range expanded(p.Hook.Kinds) {
		out = append(out, string(k))
	}
	return out
}

// readKinds reads chosen kinds in the order of the form.
func readKinds(values []string) []sellerdesk.EventKind {
	out := []sellerdesk.EventKind{}
	for _, k := range sellerdesk.EventKinds() {
		if slices.Contains(values, string(k)) {
			out = append(out, k)
		}
	}
	return out
}

func idWords[T ~int64](list []T) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = id(n)
	}
	return out
}

// host is where a webhook goes; what follows it may be a secret of the receiver.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return prose.Clip(prose.Line(address), 60)
	}
	return prose.Line(u.Host)
}

func hookTone(h sellerdesk.Webhook) string {
	switch h.State {
	case sellerdesk.WebhookActive:
		if h.FailingSince != nil {
			return "state-soon"
		}
		return "state-ok"
	case sellerdesk.WebhookFailed:
		return "state-broken"
	default:
		return "state-paused"
	}
}

func deliveryTone(d sellerdesk.Delivery) string {
	switch d.State {
	case sellerdesk.DeliveryDelivered:
		return "state-ok"
	case sellerdesk.DeliveryFailed:
		return "state-broken"
	case sellerdesk.DeliveryWaiting:
		if d.Attempt > 0 {
			return "state-soon"
		}
	}
	return "state-paused"
}

// answer says what the receiver said to the last try.
func answer(v *View, d sellerdesk.Delivery) string {
	switch {
	case d.Status != nil && http.StatusText(*d.Status) != "":
		return strconv.Itoa(*d.Status) + " " + http.StatusText(*d.Status)
	case d.Status != nil:
		return strconv.Itoa(*d.Status)
	case d.Error != "":
		return prose.Clip(prose.Line(string(d.Error)), 120)
	case d.Attempt > 0:
		return v.Hooks.NoAnswer
	default:
		return "—"
	}
}
