package yandexmarket

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// LooseID is an id that comes as a number or as a string.
type LooseID int64

// UnmarshalJSON reads both forms; null leaves the id as it is.
func (id *LooseID) UnmarshalJSON(raw []byte) error {
	s := string(raw)
	if s == "null" {
		return nil
	}
	if len(s) > 1 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return errors.New("an id is not a whole number")
	}
	*id = LooseID(n)
	return nil
}

// Notification is a push of any type, unknown ones included. It is unsigned: treat it as a hint and read the object itself.
// Members that the type does not bear are zero; Raw holds all of it.
type Notification struct {
	Type       string          `json:"notificationType"`
	BusinessID LooseID         `json:"businessId"`
	CampaignID LooseID         `json:"campaignId"`
	ChatID     LooseID         `json:"chatId"`
	MessageID  LooseID         `json:"messageId"`
	FeedbackID LooseID         `json:"feedbackId"`
	CommentID  LooseID         `json:"commentId"`
	QuestionID LooseID         `json:"questionId"`
	AnswerID   LooseID         `json:"answerId"`
	OrderID    LooseID         `json:"orderId"`
	ReturnID   LooseID         `json:"returnId"`
	Raw        json.RawMessage `json:"-"`
}

// ParseNotification decodes a push. The caller bounds its size.
func ParseNotification(body []byte) (Notification, error) {
	var n Notification
	if err := json.Unmarshal(body, &n); err != nil {
		return Notification{}, fmt.Errorf("decoding a notification: %w", ErrMalformed)
	}
	if n.Type == "" {
		return Notification{}, fmt.Errorf("decoding a notification without type: %w", ErrMalformed)
	}
	n.Raw = append(json.RawMessage(nil), body...)
	return n, nil
}
