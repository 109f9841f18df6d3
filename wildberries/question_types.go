package wildberries

// QuestionState is where a question stands. Unknown values pass through.
type QuestionState string

// The states of questions.
const (
	QuestionNew      QuestionState = "suppliersPortalSynch"
	QuestionAnswered QuestionState = "wbRu" // answered and shown to buyers
	QuestionRejected QuestionState = "none" // turned down by the seller, not shown
)

// Question is what a buyer asked about a product. Buyers are not named.
type Question struct {
	ID          string        `json:"id"` // opaque
	Text        string        `json:"text"`
	CreatedDate Time          `json:"createdDate"`
	State       QuestionState `json:"state"`
	// Answer is nil while there is none.
	Answer    *QuestionAnswer `json:"answer"`
	Product   ProductDetails  `json:"productDetails"`
	WasViewed bool            `json:"wasViewed"`
	// IsWarned marks a suspicious question. It is published all the same.
	IsWarned bool `json:"isWarned"`
}

// QuestionAnswer is the seller's answer to a question.
type QuestionAnswer struct {
	Text string `json:"text"`
	// Editable tells whether Edit is still possible. It is the remote side's word: no arithmetic with 60 days beats it.
	Editable   bool `json:"editable"`
	CreateDate Time `json:"createDate"`
}

// ProductDetails is the product that a question or review is about. Names may be "" or start with a blank.
type ProductDetails struct {
	NmID            int64  `json:"nmId"`  // article number
	ImtID           int64  `json:"imtId"` // the group of joined product cards
	ProductName     string `json:"productName"`
	SupplierArticle string `json:"supplierArticle"` // the seller's own article
	SupplierName    string `json:"supplierName"`
	BrandName       string `json:"brandName"`
	Size            string `json:"size"` // reviews only
}

// QuestionsPage is one page of a list of questions.
type QuestionsPage struct {
	Questions []Question
	// CountUnanswered and CountAnswered count all questions of the seller, whatever was asked for.
	CountUnanswered, CountAnswered int64
	// Malformed are questions that could not be decoded; the others are good.
	Malformed []Malformed
}
