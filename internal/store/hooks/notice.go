package hooks

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// NewNotice makes a delivery of an event, due at once. Its id is random: numbers
// of events come again after a backup was put back, and receivers would take
// other events for repetitions.
func NewNotice(e sellerdesk.Event, now sellerdesk.Time) (Item, error) {
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("null")
	}
	key := e.OrderKey()
	body, err := json.Marshal(sellerdesk.Notice{Type: e.Kind, At: e.At, Data: sellerdesk.NoticeData{Event: e, Key: key}})
	if err != nil {
		return Item{}, fmt.Errorf("write notice %s: %w", e.Kind, err)
	}
	return Item{
		Event: e.Seq, Account: e.Account, Kind: e.Kind, MsgID: "msg_" + rand.Text(), Key: key, Body: string(body),
		At: e.At, Due: now, Until: sellerdesk.At(now.Add(TryFor)),
	}, nil
}
