package labelling

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
	"github.com/sellerdesk/sellerdesk/internal/text"
)

// Matches reads filters by fields, as 12=yes. Several values of one field are one
// filter.
func Matches(typed []string) (list []store.FieldMatch) {
	for _, t := range typed {
		number, value, _ := strings.Cut(t, "=")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			continue // the contract lets none through
		}
		i := slices.IndexFunc(list, func(m store.FieldMatch) bool { return m.Field == sellerdesk.FieldID(id) })
		if i < 0 {
			i, list = len(list), append(list, store.FieldMatch{Field: sellerdesk.FieldID(id)})
		}
		list[i].Values = append(list[i].Values, text.Fold(text.Key(value)))
	}
	return list
}

// FieldChange is a change that may be left out.
func FieldChange(in *sellerdesk.FieldChange) sellerdesk.FieldChange {
	if in == nil {
		return sellerdesk.FieldChange{}
	}
	return *in
}
