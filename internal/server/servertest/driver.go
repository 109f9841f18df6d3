package servertest

import (
	"net/http"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// Driver offers the channel, with all kinds of conversations. Its token names
// the seller; "bad" is refused.
func Driver() channel.Driver {
	return channel.Driver{
		Kind: Channel, Title: "Post office box",
		Fields: []channel.Field{{Name: "token", Title: map[string]string{"en": "Token", "ru": "Токен"}, Secret: true}},
		Can: map[sellerdesk.Kind][]sellerdesk.Ability{
			sellerdesk.KindChat: {{
				Action: sellerdesk.ActionOpen, Options: []sellerdesk.Option{{
					Value: string(sellerdesk.ChatAboutOrder),
					Title: map[sellerdesk.Language]string{sellerdesk.English: "About an order", sellerdesk.Russian: "О заказе"},
				}},
			}, {
				Action: sellerdesk.ActionReply, MaxLength: characters(1000),
				Files: &sellerdesk.FileLimits{Max: 2, MaxSize: 1 << 20, TotalSize: 2 << 20, Types: []string{"image/png", "application/pdf"}},
			}},
			sellerdesk.KindQuestion: {
				spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit), spoken(sellerdesk.ActionReject), {Action: sellerdesk.ActionView},
			},
			sellerdesk.KindReview: {
				spoken(sellerdesk.ActionAnswer), spoken(sellerdesk.ActionEdit),
				{Action: sellerdesk.ActionPin}, {Action: sellerdesk.ActionUnpin}, {Action: sellerdesk.ActionOrderReturn},
			},
			sellerdesk.KindClaim: {{Action: sellerdesk.ActionDecide}},
		},
		Open: func(s channel.Settings) (channel.Connector, error) {
			return box{token: s.Credentials["token"].Reveal()}, nil
		},
		Ack: acknowledge,
	}
}

// acknowledge keeps every push but "ping", and calls one without words wrong.
func acknowledge(p sellerdesk.Push) channel.Reply {
	if len(p.Body) == 0 {
		return channel.Reply{Status: http.StatusBadRequest}
	}
	return channel.Reply{Status: http.StatusOK, Type: "text/plain", Body: []byte("thanks"), Keep: string(p.Body) != "ping"}
}

// spoken is an action with a text of 2 to 300 characters.
func spoken(a sellerdesk.ActionKind) sellerdesk.Ability {
	return sellerdesk.Ability{Action: a, MinLength: characters(2), MaxLength: characters(300)}
}

func characters(n int) *int { return &n }
