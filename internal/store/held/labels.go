package held

import (
	"slices"

	"github.com/sellerdesk/sellerdesk"
)

// restoreLabels takes back what a change did to tags and fields: what else was
// changed since stays.
func (h *Held) restoreLabels(before, after Held) {
	if before.Labels == after.Labels {
		return
	}
	var all [3]Labels
	for i, o := range []Held{*h, before, after} {
		var err error
		if all[i], err = o.ReadLabels(); err != nil {
			return // nobody can tell what there was
		}
	}
	now, was, became := all[0], all[1], all[2]
	now.Tags = slices.DeleteFunc(now.Tags, func(id sellerdesk.TagID) bool {
		return slices.Contains(became.Tags, id) && !slices.Contains(was.Tags, id)
	})
	for _, id := range was.Tags {
		if !slices.Contains(became.Tags, id) && !slices.Contains(now.Tags, id) {
			now.Tags = append(now.Tags, id)
		}
	}
	for _, fields := range []map[sellerdesk.FieldID]string{was.Fields, became.Fields} {
		for id := range fields {
			if was.Fields[id] != became.Fields[id] && now.Fields[id] == became.Fields[id] {
				now.SetField(id, was.Fields[id])
			}
		}
	}
	_ = h.SetLabels(now) // numbers and texts: nothing in it can fail
}

// SetField keeps a value; "" removes it.
func (l *Labels) SetField(id sellerdesk.FieldID, value string) {
	if l.Fields == nil {
		l.Fields = map[sellerdesk.FieldID]string{}
	}
	if l.Fields[id] = value; value == "" {
		delete(l.Fields, id)
	}
}
