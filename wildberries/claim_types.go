package wildberries

import "encoding/json"

// ClaimAction is a way to decide a claim. Unknown values pass through.
type ClaimAction string

// The actions.
const (
	ActionApproveWithCheck ClaimAction = "approve1"             // return, then a check for defects; money after the return
	ActionApproveAndTake   ClaimAction = "approve2"             // return to the seller; money after the return
	ActionRefund           ClaimAction = "autorefund1"          // money back, the buyer keeps the goods
	ActionRejectNoDefect   ClaimAction = "reject1"              // refusal with a fixed text: no defect was found
	ActionRejectAskPhoto   ClaimAction = "reject2"              // refusal with a fixed text that asks for photo or video
	ActionRejectService    ClaimAction = "reject3"              // refusal with a fixed text that names the service centre
	ActionRejectCustom     ClaimAction = "rejectcustom"         // refusal with a comment
	ActionApproveInStore   ClaimAction = "approvecc1"           // return to the seller's shop, in-store pickup only
	ActionConfirmReturn    ClaimAction = "confirmreturngoodcc1" // the goods came back to the shop, in-store pickup only
)

// takesComment is also true for actions that the document does not know.
func (a ClaimAction) takesComment() bool {
	switch a {
	case ActionApproveWithCheck, ActionApproveAndTake, ActionRefund, ActionRejectNoDefect, ActionRejectAskPhoto, ActionRejectService,
		ActionConfirmReturn:
		return false
	default:
		return true
	}
}

// ClaimType is where a claim was made. Unknown values pass through.
type ClaimType int64

// The types of claims.
const (
	ClaimFromPortal ClaimType = 1
	ClaimFromChat   ClaimType = 3
)

// ClaimStatus is the decision on a claim. Unknown values pass through.
type ClaimStatus int64

// The statuses of claims.
const (
	ClaimUnderReview ClaimStatus = 0
	ClaimRefused     ClaimStatus = 1
	ClaimApproved    ClaimStatus = 2
)

// GoodsStatus is what becomes of the goods of a claim. Unknown values pass through.
type GoodsStatus int64

// The statuses of goods.
const (
	GoodsUnderReview      GoodsStatus = 0
	GoodsStayRefused      GoodsStatus = 1  // with the buyer, whose claim was refused
	GoodsScrapped         GoodsStatus = 2  // handed to Wildberries and scrapped
	GoodsStayApproved     GoodsStatus = 5  // with the buyer, who gets the money back
	GoodsBackToSale       GoodsStatus = 8  // after a check by Wildberries
	GoodsReturnedToSeller GoodsStatus = 10 // on the way to the seller
)

// Claim is a buyer's claim for return.
type Claim struct {
	ID     string      `json:"id"` // like a UUID, not always one
	Type   ClaimType   `json:"claim_type"`
	Status ClaimStatus `json:"status"`
	Goods  GoodsStatus `json:"status_ex"`
	NmID   int64       `json:"nm_id"` // article number of the product
	// UserComment is what the buyer wrote, WBComment the answer to the buyer, "" while there is none.
	UserComment string `json:"user_comment"`
	WBComment   string `json:"wb_comment"`
	// CreatedAt is when the claim was made, UpdatedAt when it was decided, and CreatedAt again before.
	CreatedAt   NaiveTime `json:"dt"`
	UpdatedAt   NaiveTime `json:"dt_update"`
	OrderedAt   NaiveTime `json:"order_dt"`
	DeliveredAt NaiveTime `json:"delivery_dt"`
	ProductName string    `json:"imt_name"` // may be ""
	Photos      []Link    `json:"photos"`
	Videos      []Link    `json:"video_paths"`
	// Actions are the decisions that are possible now; none when nothing can be done. Refused claims may offer some.
	Actions []ClaimAction `json:"actions"`
	// Price is what the buyer paid, "" when absent; CurrencyCode is a number of ISO 4217, "643" for roubles.
	Price        json.Number `json:"price"`
	CurrencyCode string      `json:"currency_code"`
	// SRID identifies the order; it is GoodCard.RID of the chat.
	SRID string `json:"srid"`
	// OriginIDInfo is the result of comparing the IMEI of dear Apple phones, "" for everything else.
	OriginIDInfo string `json:"origin_id_info"`
}
