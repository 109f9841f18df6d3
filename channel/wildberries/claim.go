package wildberries

import (
	"fmt"
	"strings"

	"github.com/sellerdesk/sellerdesk"
	api "github.com/sellerdesk/sellerdesk/wildberries"
)

// convertClaim makes a post of a return claim.
func convertClaim(c api.Claim) (post, string) {
	if why := unusableID(c.ID, "a claim"); why != "" {
		return post{}, why
	}
	if c.CreatedAt.IsZero() {
		return post{}, "a claim without a date"
	}
	id, at := sellerdesk.RemoteID(c.ID), sellerdesk.At(c.CreatedAt.Time)
	p := post{id: c.ID, created: at, undated: -1, answered: c.Status != api.ClaimUnderReview}
	updated := at
	if c.UpdatedAt.After(at.Time) {
		updated = sellerdesk.At(c.UpdatedAt.Time)
	}
	p.patch = sellerdesk.ConversationPatch{
		Kind: sellerdesk.KindClaim, RemoteID: id, CreatedAt: &at, UpdatedAt: &updated, Claim: claimPart(c), Offers: claimOffers(c),
	}
	if c.NmID > 0 {
		p.patch.Product = &sellerdesk.Product{
			ID: number(c.NmID), Name: sellerdesk.Optional(strings.TrimSpace(c.ProductName)), Price: p.patch.Claim.Price,
		}
	}
	if c.SRID != "" {
		order := c.SRID
		p.patch.Order = &order
	}
	if len(c.Actions) == 0 || p.answered {
		p.patch.Settled = yes()
	}
	asked := sellerdesk.MessagePatch{
		Kind: sellerdesk.KindClaim, Conversation: id, RemoteID: lineClaim, Author: sellerdesk.AuthorBuyer, Text: c.UserComment, At: at,
	}
	for i, photo := range c.Photos {
		asked.Files = append(asked.Files, picture(c.ID, i, photo))
	}
	p.messages = append(p.messages, asked)
	if strings.TrimSpace(c.WBComment) != "" {
		p.messages = append(p.messages, sellerdesk.MessagePatch{
			Kind: sellerdesk.KindClaim, Conversation: id, RemoteID: lineComment, Author: sellerdesk.AuthorElsewhere, Text: c.WBComment,
			At: answeredAt(at, updated.Time), Status: sellerdesk.MessageDelivered,
		})
	}
	return p, ""
}

func claimPart(c api.Claim) *sellerdesk.Claim {
	out := &sellerdesk.Claim{
		Price:   sellerdesk.Optional(price(c.Price, currency(c.CurrencyCode))),
		Decided: c.Status != api.ClaimUnderReview, Status: claimStatus(c.Status), Decision: claimDecision(c.Goods),
		Note: sellerdesk.Optional(strings.TrimSpace(c.OriginIDInfo)),
	}
	if !c.OrderedAt.IsZero() {
		at := sellerdesk.At(c.OrderedAt.Time)
		out.Ordered = &at
	}
	if !c.DeliveredAt.IsZero() {
		at := sellerdesk.At(c.DeliveredAt.Time)
		out.Received = &at
	}
	for _, film := range c.Videos {
		if web(film) && out.Video == nil {
			out.Video = &sellerdesk.Video{Link: string(film)}
		}
	}
	return out
}

// claimStatus names the numbers of the remote side; an unknown one stays a number.
func claimStatus(s api.ClaimStatus) string {
	switch s {
	case api.ClaimUnderReview:
		return "under_review"
	case api.ClaimRefused:
		return "refused"
	case api.ClaimApproved:
		return "approved"
	default:
		return fmt.Sprint(int64(s))
	}
}

// claimDecision names what becomes of the goods, "" while nothing is decided.
func claimDecision(g api.GoodsStatus) sellerdesk.Optional {
	switch g {
	case api.GoodsUnderReview:
		return ""
	case api.GoodsStayRefused:
		return "stays_with_buyer"
	case api.GoodsScrapped:
		return "scrapped"
	case api.GoodsStayApproved:
		return "refunded_stays_with_buyer"
	case api.GoodsBackToSale:
		return "back_to_sale"
	case api.GoodsReturnedToSeller:
		return "returned_to_seller"
	default:
		return sellerdesk.Optional(fmt.Sprint(int64(g)))
	}
}

// currency gives the letters of the currencies in which Wildberries sells.
func currency(code string) string {
	names := map[string]string{"643": "RUB", "933": "BYN", "398": "KZT", "051": "AMD", "51": "AMD", "417": "KGS", "860": "UZS", "944": "AZN", "972": "TJS", "981": "GEL", "156": "CNY"}
	if name, ok := names[strings.TrimSpace(code)]; ok {
		return name
	}
	return strings.TrimSpace(code)
}

// claimOffers is the decision with the ways that the claim allows now.
func claimOffers(c api.Claim) *[]sellerdesk.Offer {
	offers := []sellerdesk.Offer{}
	var options []sellerdesk.Option
	for _, a := range c.Actions {
		if a != "" {
			options = append(options, option(a))
		}
	}
	if len(options) > 0 {
		offers = append(offers, sellerdesk.Offer{Action: sellerdesk.ActionDecide, Options: options})
	}
	return &offers
}

// option says in both languages what a decision means. One that is not known
// is offered by its name, with a comment if somebody wants to give one.
func option(a api.ClaimAction) sellerdesk.Option {
	say := func(ru, en string) sellerdesk.Option {
		return sellerdesk.Option{Value: string(a), Title: map[sellerdesk.Language]string{sellerdesk.Russian: ru, sellerdesk.English: en}}
	}
	var o sellerdesk.Option
	switch a {
	case api.ActionApproveWithCheck:
		return say("Одобрить: возврат с проверкой брака на складе", "Approve: return with a check for defects at the warehouse")
	case api.ActionApproveAndTake:
		return say("Одобрить: вернуть товар продавцу", "Approve: goods return to the seller")
	case api.ActionRefund:
		return say("Вернуть деньги, товар остаётся у покупателя", "Refund, the buyer keeps the goods")
	case api.ActionRejectNoDefect:
		return say("Отклонить: брак не обнаружен", "Refuse: no defect found")
	case api.ActionRejectAskPhoto:
		return say("Отклонить: нужны фото или видео", "Refuse: ask for photos or a video")
	case api.ActionRejectService:
		return say("Отклонить: обратиться в сервисный центр", "Refuse: go to the service centre")
	case api.ActionConfirmReturn:
		return say("Подтвердить: товар получен в магазине", "Confirm: the goods came back to the shop")
	case api.ActionRejectCustom:
		o = say("Отклонить со своим комментарием", "Refuse with a comment of your own")
		o.Comment = &sellerdesk.TextLimits{Min: api.MinCommentLength, Max: api.MaxCommentLength}
		return o
	case api.ActionApproveInStore:
		o = say("Одобрить возврат в магазин (комментарий от 10 знаков)", "Approve: return to the shop (a comment has 10 characters or more)")
	default:
		o = say(cut(string(a), 60), cut(string(a), 60))
	}
	o.Comment = &sellerdesk.TextLimits{Max: api.MaxCommentLength}
	return o
}
