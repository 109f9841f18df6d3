package yandexmarket

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// NotificationType tells what happened, an open set.
type NotificationType string

// The types of notifications.
const (
	NotificationPing                         NotificationType = "PING"
	NotificationChatCreated                  NotificationType = "CHAT_CREATED"
	NotificationChatMessageSent              NotificationType = "CHAT_MESSAGE_SENT" // not for stickers
	NotificationChatArbitrageStarted         NotificationType = "CHAT_ARBITRAGE_STARTED"
	NotificationChatArbitrageFinished        NotificationType = "CHAT_ARBITRAGE_FINISHED"
	NotificationGoodsFeedbackCreated         NotificationType = "GOODS_FEEDBACK_CREATED"
	NotificationGoodsFeedbackCommentCreated  NotificationType = "GOODS_FEEDBACK_COMMENT_CREATED"
	NotificationQuestionCreated              NotificationType = "QUESTION_CREATED"
	NotificationQuestionAnswerCreated        NotificationType = "QUESTION_ANSWER_CREATED"
	NotificationQuestionCommentCreated       NotificationType = "QUESTION_COMMENT_CREATED"
	NotificationOrderCreated                 NotificationType = "ORDER_CREATED"
	NotificationOrderCancelled               NotificationType = "ORDER_CANCELLED"
	NotificationOrderStatusUpdated           NotificationType = "ORDER_STATUS_UPDATED"
	NotificationOrderUpdated                 NotificationType = "ORDER_UPDATED"
	NotificationOrderCancellationRequest     NotificationType = "ORDER_CANCELLATION_REQUEST"
	NotificationOrderReturnCreated           NotificationType = "ORDER_RETURN_CREATED"
	NotificationOrderReturnStatusUpdated     NotificationType = "ORDER_RETURN_STATUS_UPDATED"
	NotificationOrderLineServiceStatusUpdate NotificationType = "ORDER_LINE_SERVICE_STATUS_UPDATED"
)

// Notification is something that the Market pushed. Nothing in it proves who
// sent it: take it for a hint, and read what it names through the API. Fields
// that a type does not have are zero.
type Notification struct {
	Type       NotificationType
	BusinessID int64
	CampaignID int64
	ChatID     int64
	MessageID  int64 // comes as text in a push and as a number elsewhere
	FeedbackID int64
	CommentID  int64
	QuestionID int64
	AnswerID   int64
	OrderID    int64
	ReturnID   int64
	// At is when it happened: the one date of its type. Several notifications
	// for one event are normal, and the later date is the present state.
	At Time
	// Raw is the whole body, for what is not listed above and for types that
	// came after this package was written.
	Raw json.RawMessage
}

// ErrNotification: a body that is no notification.
var ErrNotification = errors.New("not a notification")

// Number is an id that comes as a number or as a text with digits.
type number int64

func (n *number) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "" || text == "null" {
		*n = 0
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("an id is not a whole number")
	}
	*n = number(v)
	return nil
}

type wireNotification struct {
	Type       NotificationType `json:"notificationType"`
	BusinessID number           `json:"businessId"`
	CampaignID number           `json:"campaignId"`
	ChatID     number           `json:"chatId"`
	MessageID  number           `json:"messageId"`
	FeedbackID number           `json:"feedbackId"`
	CommentID  number           `json:"commentId"`
	QuestionID number           `json:"questionId"`
	AnswerID   number           `json:"answerId"`
	OrderID    number           `json:"orderId"`
	ReturnID   number           `json:"returnId"`

	Time        Time `json:"time"`
	CreatedAt   Time `json:"createdAt"`
	SentAt      Time `json:"sentAt"`
	StartedAt   Time `json:"startedAt"`
	FinishedAt  Time `json:"finishedAt"`
	UpdatedAt   Time `json:"updatedAt"`
	CancelledAt Time `json:"cancelledAt"`
	RequestedAt Time `json:"requestedAt"`
}

// ParseNotification reads the body of a push. Unknown types are kept; a body
// that is no JSON object, has no type or names something with no number is
// ErrNotification.
func ParseNotification(body []byte) (Notification, error) {
	var w wireNotification
	if err := json.Unmarshal(body, &w); err != nil {
		return Notification{}, fmt.Errorf("%w: %w", ErrNotification, err)
	}
	if w.Type == "" {
		return Notification{}, fmt.Errorf("%w: notificationType is missing", ErrNotification)
	}
	n := Notification{
		Type: w.Type, BusinessID: int64(w.BusinessID), CampaignID: int64(w.CampaignID), ChatID: int64(w.ChatID), MessageID: int64(w.MessageID),
		FeedbackID: int64(w.FeedbackID), CommentID: int64(w.CommentID), QuestionID: int64(w.QuestionID), AnswerID: int64(w.AnswerID),
		OrderID: int64(w.OrderID), ReturnID: int64(w.ReturnID), Raw: append(json.RawMessage(nil), body...),
	}
	for _, at := range []Time{w.Time, w.CreatedAt, w.SentAt, w.StartedAt, w.FinishedAt, w.UpdatedAt, w.CancelledAt, w.RequestedAt} {
		if at.After(n.At.Time) || n.At.IsZero() && at.Raw != "" {
			n.At = at
		}
	}
	return n, nil
}

// Receiver answers the Market's notifications. It is an [http.Handler] for
// programs that use this package alone; mount it on the address that the
// cabinet was given and on everything below, since the Market appends
// /notification to it.
//
// The Market sends nothing else until it gets a good answer, waits ten seconds
// for it (one for a PING) and repeats what failed for up to 14 days. So Take
// must be quick: put the notification somewhere durable and return.
type Receiver struct {
	// Name and Version say who answers, 1 to 100 characters each.
	Name, Version string
	// Take keeps a notification. An error makes the Market repeat it, and hold
	// back all that come after. PINGs are answered without it.
	Take func(*http.Request, Notification) error
	// From lists the networks that may call; empty means any. See [SourceNetworks].
	From []netip.Prefix
	// Address tells where a request comes from, for programs behind a proxy;
	// nil takes the connection's own address.
	Address func(*http.Request) netip.Addr
	// Now is the clock; nil means the system's.
	Now func() time.Time
}

// MaxNotification bounds the body of a notification, in bytes.
const MaxNotification = 1 << 20

// SourceNetworks are those the Market says that it calls from, as of 2026-09.
func SourceNetworks() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("5.45.207.0/25"), netip.MustParsePrefix("141.8.142.0/25"), netip.MustParsePrefix("5.255.253.0/25"),
	}
}

// ServeHTTP answers one notification.
func (s *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	began := now()
	switch {
	case !s.mayCall(r):
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "a notification is a POST", http.StatusMethodNotAllowed)
		return
	}
	n, err := readNotification(w, r)
	if err != nil {
		answerWrong(w, http.StatusBadRequest, "WRONG_EVENT_FORMAT", err)
		return
	}
	if n.Type != NotificationPing && s.Take != nil {
		if err := s.Take(r, n); err != nil {
			answerWrong(w, http.StatusInternalServerError, "UNKNOWN", errors.New("it could not be kept"))
			return
		}
	}
	answer(w, http.StatusOK, struct {
		Version string `json:"version"`
		Name    string `json:"name"`
		Time    string `json:"time"`
	}{s.Version, s.Name, began.UTC().Format(time.RFC3339)})
}

func (s *Receiver) mayCall(r *http.Request) bool {
	if len(s.From) == 0 {
		return true
	}
	var from netip.Addr
	if s.Address != nil {
		from = s.Address(r)
	} else if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		from, _ = netip.ParseAddr(host)
	}
	for _, network := range s.From {
		if network.Contains(from.Unmap()) {
			return true
		}
	}
	return false
}

func readNotification(w http.ResponseWriter, r *http.Request) (Notification, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return Notification{}, fmt.Errorf("%w: its type is not application/json", ErrNotification)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxNotification))
	if err != nil {
		return Notification{}, fmt.Errorf("%w: its body cannot be read", ErrNotification)
	}
	return ParseNotification(body)
}

func answerWrong(w http.ResponseWriter, status int, kind string, err error) {
	type wrong struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	answer(w, status, struct {
		Error wrong `json:"error"`
	}{wrong{kind, oneLine(err.Error(), longestErrorText)}})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller is gone: nobody to tell
}
