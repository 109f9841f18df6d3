package wildberries

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// kept is what stays on a conversation for us. The signature alone decides who
// gets a message, so it names its chat and is good for no other.
type kept struct {
	Chat sellerdesk.RemoteID `json:"chat"`
	Sign string              `json:"sign"` // the signature a message needs
}

func keep(chat sellerdesk.RemoteID, sign string) []byte {
	b, err := json.Marshal(kept{chat, sign})
	if err != nil {
		return nil // never: two strings
	}
	return b
}

// signOf is the signature kept on a conversation, "" when there is none.
func signOf(ref sellerdesk.RemoteRef) string {
	var k kept
	if json.Unmarshal(ref.Remote, &k) != nil || k.Chat != ref.ID {
		return ""
	}
	return k.Sign
}

// fresh is how old an event may be for its signature and product to be
// believed. Older ones come up again when history is read, while the list of
// chats has newer ones.
const fresh = time.Hour

// convertEvents makes a batch of a page. Events up to known were read before:
// what is wrong with them has been recorded.
func convertEvents(page api.EventsPage, known int64, now time.Time) sellerdesk.Batch {
	var b sellerdesk.Batch
	events := slices.Clone(page.Events)
	slices.SortStableFunc(events, func(x, y api.Event) int { return moment(x).Compare(moment(y).Time) })
	seen := make(map[string]bool, len(events))
	chats := map[string]int{} // where in b.Conversations
	for _, e := range events {
		if e.ID != "" && seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		if why := unusable(e); why != "" {
			if e.AddTimestamp == 0 || int64(e.AddTimestamp) > known {
				b.Skipped = append(b.Skipped, skippedEvent(why, e))
			}
			continue
		}
		i, ok := chats[e.ChatID]
		if !ok {
			i = len(b.Conversations)
			chats[e.ChatID] = i
			b.Conversations = append(b.Conversations, sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(e.ChatID)})
		}
		patchConversation(&b.Conversations[i], e, now)
		if m, ok := convertMessage(e); ok {
			b.Messages = append(b.Messages, m)
		}
	}
	for _, m := range page.Malformed {
		if momentOf(m.Raw) > known || known == 0 {
			b.Skipped = append(b.Skipped, skipped("an event that cannot be decoded", m.Raw))
		}
	}
	return b
}

// unusable says why an event cannot be shown; "" when it can.
func unusable(e api.Event) string {
	switch {
	case e.ChatID == "" || e.ID == "":
		return "an event without the id of its own or of its chat"
	case e.AddTimestamp <= 0 && e.AddTime.IsZero():
		return "an event without a time"
	case e.Type != api.EventMessage:
		return fmt.Sprintf("an event of the unknown type %q", cut(string(e.Type), 40))
	default:
		return ""
	}
}

// momentOf finds the time of an event that cannot be decoded, 0 when there is none.
func momentOf(raw []byte) int64 {
	var e struct {
		AddTimestamp json.Number `json:"addTimestamp"`
	}
	_ = json.Unmarshal(raw, &e) // what is there is taken
	at, err := e.AddTimestamp.Int64()
	if err != nil {
		return latest // unknown counts as new
	}
	return at
}

func moment(e api.Event) sellerdesk.Time {
	if e.AddTimestamp > 0 {
		return sellerdesk.At(e.AddTimestamp.Time())
	}
	return sellerdesk.At(e.AddTime.Time)
}

// patchConversation adds what an event tells about its chat; later events win.
func patchConversation(c *sellerdesk.ConversationPatch, e api.Event, now time.Time) {
	at := moment(e)
	c.UpdatedAt = &at
	if e.IsNewChat {
		c.CreatedAt = &at
	}
	if name := strings.TrimSpace(e.ClientName); name != "" && e.Sender != api.SenderSeller {
		c.BuyerName = &name
	}
	if now.Sub(at.Time) > fresh {
		return
	}
	if e.ReplySign != "" {
		c.Remote = keep(c.RemoteID, e.ReplySign)
	}
	if e.Message != nil {
		patchCard(c, e.Message.Attachments.Card)
	}
}

func patchCard(c *sellerdesk.ConversationPatch, g *api.GoodCard) {
	if g == nil {
		return
	}
	if g.NmID > 0 {
		c.Product = &sellerdesk.Product{
			ID: number(g.NmID), Price: sellerdesk.Optional(price(g.Price, g.PriceCurrency)), Size: sellerdesk.Optional(size(g.Size)),
		}
	}
	if g.RID != "" {
		order := g.RID
		c.Order = &order
	}
}

// size drops "0", which is what goods without sizes have.
func size(s string) string {
	if s = strings.TrimSpace(s); s == "0" {
		return ""
	}
	return s
}

// price writes a price with thin groups and its currency, as "1 299 RUB"; ""
// for what is no price.
func price(amount json.Number, currency string) string {
	text := amount.String()
	if len(text) > 32 || strings.ContainsAny(text, "eE") {
		return "" // an exponent could ask for a number without end
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok || n.Sign() <= 0 {
		return ""
	}
	whole, cents := n.FloatString(0), ""
	if !n.IsInt() {
		whole, cents, _ = strings.Cut(n.FloatString(2), ".")
		cents = "." + cents
	}
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	groups = append([]string{whole}, groups...)
	return strings.TrimSpace(strings.Join(groups, " ") + cents + " " + cut(currency, 10))
}

// convertMessage makes the line of an event; false when it carries none, which
// the official example has.
func convertMessage(e api.Event) (sellerdesk.MessagePatch, bool) {
	if e.Message == nil {
		return sellerdesk.MessagePatch{}, false
	}
	m := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindChat, Conversation: sellerdesk.RemoteID(e.ChatID), RemoteID: sellerdesk.RemoteID(e.ID),
		Author: author(e), Foreign: foreign(e), Text: e.Message.Text, At: moment(e),
	}
	for i, f := range slices.Concat(e.Message.Attachments.Files, e.Message.Attachments.Images) {
		m.Files = append(m.Files, convertFile(e, i, f, i >= len(e.Message.Attachments.Files)))
	}
	// A line of nothing but the product card is kept: the buyer waits all the same.
	if m.Text == "" && len(m.Files) == 0 && e.Message.Attachments.Card == nil {
		return sellerdesk.MessagePatch{}, false
	}
	return m, true
}

// author tells whose words an event holds. An unknown sender counts as the
// buyer when the event came from a buyer's program, so that nobody waits
// unseen, and as the platform otherwise.
func author(e api.Event) sellerdesk.Author {
	switch e.Sender {
	case api.SenderClient:
		return sellerdesk.AuthorBuyer
	case api.SenderSeller:
		return sellerdesk.AuthorElsewhere
	case api.SenderWildberries:
		return sellerdesk.AuthorPlatform
	}
	switch e.Source {
	case api.SourceSite, api.SourceGlobal, api.SourceIOS, api.SourceAndroid:
		return sellerdesk.AuthorBuyer
	case api.SourceSellerPortal, api.SourceSellerPublicAPI:
		return sellerdesk.AuthorElsewhere
	default:
		return sellerdesk.AuthorPlatform
	}
}

// foreign tells that a line of the seller was surely not written through the
// API. A source that is absent or new proves nothing: it may be our own line.
func foreign(e api.Event) bool {
	if author(e) != sellerdesk.AuthorElsewhere {
		return false
	}
	switch e.Source {
	case api.SourceSellerPortal, api.SourceSite, api.SourceGlobal, api.SourceIOS, api.SourceAndroid:
		return true
	default:
		return false
	}
}

// link is what stays on a file for us.
type link struct {
	Download string `json:"download,omitempty"`
	URL      string `json:"url,omitempty"`
}

// convertFile names a file by what it is fetched with. Images come without
// name, type and size.
func convertFile(e api.Event, i int, f api.FileInfo, picture bool) sellerdesk.RemoteFile {
	out := sellerdesk.RemoteFile{Name: fileName(f), Type: f.ContentType, Size: max(f.Size, 0)}
	switch {
	case f.DownloadID != "":
		out.ID = sellerdesk.RemoteID(f.DownloadID)
	case f.URL != "":
		out.ID = sellerdesk.RemoteID(f.URL)
	default:
		out.ID = sellerdesk.RemoteID(fmt.Sprintf("%s/%d", e.ID, i))
	}
	if picture && out.Type == "" {
		out.Type = pictureType(out.Name)
	}
	if b, err := json.Marshal(link{Download: f.DownloadID, URL: f.URL}); err == nil {
		out.Remote = b
	}
	return out
}

// fileName is the given name, else the end of the address.
func fileName(f api.FileInfo) string {
	if name := strings.TrimSpace(f.Name); name != "" {
		return name
	}
	u, err := url.Parse(f.URL)
	if err != nil || path.Ext(u.Path) == "" {
		return ""
	}
	return path.Base(u.Path)
}

func pictureType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	default:
		return ""
	}
}

// convertChats makes patches of a list, the chat with the oldest word first.
func convertChats(chats []api.Chat) []sellerdesk.ConversationPatch {
	chats = slices.Clone(chats)
	slices.SortStableFunc(chats, func(x, y api.Chat) int { return cmp.Compare(lastAt(x), lastAt(y)) })
	var out []sellerdesk.ConversationPatch
	for _, chat := range chats {
		if chat.ID == "" {
			continue
		}
		c := sellerdesk.ConversationPatch{Kind: sellerdesk.KindChat, RemoteID: sellerdesk.RemoteID(chat.ID)}
		if name := strings.TrimSpace(chat.ClientName); name != "" {
			c.BuyerName = &name
		}
		if chat.ReplySign != "" {
			c.Remote = keep(c.RemoteID, chat.ReplySign)
		}
		if last := lastAt(chat); last > 0 {
			at := sellerdesk.AtMillis(int64(last))
			c.UpdatedAt = &at
		}
		patchCard(&c, chat.Card)
		out = append(out, c)
	}
	return out
}

func lastAt(c api.Chat) api.Millis {
	if c.LastMessage == nil {
		return 0
	}
	return c.LastMessage.AddTimestamp
}

const rawLimit = 4 << 10

func skipped(what string, raw []byte) sellerdesk.Skipped {
	return sellerdesk.Skipped{What: what, Raw: raw[:min(len(raw), rawLimit)]}
}

// skippedEvent keeps an event that is not shown, as far as it was decoded.
func skippedEvent(what string, e api.Event) sellerdesk.Skipped {
	raw, err := json.Marshal(e)
	if err != nil {
		raw = nil
	}
	return skipped(what, raw)
}
