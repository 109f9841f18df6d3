package sandbox

import (
	_ "embed"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

//go:embed phrases.txt
var phraseText string

// phrases are the texts of phrases.txt by section.
var phrases = readPhrases(phraseText)

func readPhrases(text string) map[string][]string {
	found, section := map[string][]string{}, ""
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			found[section] = append(found[section], line)
		}
	}
	return found
}

// wearable tells whether a product has a size in the sense of clothes and shoes.
func wearable(p Product) bool { return len(p.Sizes) > 1 && len(p.Sizes[0]) < 5 }

// phrase is one of a section that suits the product.
func phrase(d *scene.Dice, section string, about Product) string {
	for {
		said, starred := strings.CutPrefix(scene.Pick(d, phrases[section]), "*")
		if !starred || wearable(about) {
			return said
		}
	}
}

// What identities name, by kind.
var (
	postIDs     = map[Kind]byte{KindQuestion: 0x11, KindReview: 0x12, KindClaim: 0x13}
	postFileIDs = map[Kind]byte{KindReview: 0x22, KindClaim: 0x23}
)

// postPlan knows every generated post of a board by its number alone, as planner knows conversations.
type postPlan struct {
	planner
	kind  Kind
	ids   sealer
	n     int       // generated posts
	start time.Time // when the history ends
	pairs bool      // some reviews are supplemented
	gap   uint32    // a supplement comes so many reviews after its first one
}

const (
	pairEvery   = 24                  // every so many reviews one is supplemented
	claimWindow = 13 * 24 * time.Hour // generated claims are younger
)

func newPostPlan(a *Account, kind Kind, n int, start time.Time, pairs bool) postPlan {
	p := postPlan{pairs: pairs, planner: a.plan, kind: kind, ids: a.ids, n: n, start: start}
	p.seed = scene.Throw(a.plan.seed, 0xb0a4d, uint64(postIDs[kind])).Next()
	p.waiting = min(max(n/6, min(n, 2)), 12)
	p.span = 40 * 24 * time.Hour
	if n > 2_000 {
		p.span, p.waiting = 365*24*time.Hour, 40
	}
	if kind == KindClaim {
		p.span, p.waiting = claimWindow, max(p.waiting, min(n/2, 20))
	}
	p.gap = max(1, uint32(float64(n)*5*24/max(1, p.span.Hours()))) // about five days
	if p.gap%pairEvery == 0 {
		p.gap++
	}
	return p
}

// age is how old post n is: evenly spread in a large history, thicker towards the end in a small one.
func (p *postPlan) age(n uint32, d *scene.Dice) time.Duration {
	u := (float64(p.n-1-int(n)) + 0.1 + 0.8*d.Unit()) / float64(p.n)
	if p.n <= 2_000 {
		u = math.Pow(u, 1.7)
	}
	return time.Duration(u * float64(p.span))
}

// first is the first review of a pair when n is its supplement.
func (p *postPlan) first(n uint32) (uint32, bool) {
	return n - p.gap, p.pairs && p.kind == KindReview && n >= p.gap && int(n) < p.n && (n-p.gap)%pairEvery == 7
}

// second is the supplement of n.
func (p *postPlan) second(n uint32) (uint32, bool) {
	return n + p.gap, p.pairs && p.kind == KindReview && int(n+p.gap) < p.n && n%pairEvery == 7
}

// row decides what lists and counts need to know of a generated post.
func (p *postPlan) row(n uint32) row {
	d := scene.Throw(p.seed, diceShape, uint64(p.account), uint64(n))
	r := row{at: uint32(p.start.Add(-p.age(n, d)).Unix())}
	of := n
	if first, ok := p.first(n); ok {
		of, r.flags = first, rowSupplement
	}
	r.product = p.productOf(of)
	rank := p.n - 1 - int(n) // from the newest
	waits := rank < 2*p.waiting && (rank%2 == 0 || d.Chance(0.1))
	bare := false
	if p.kind == KindReview {
		r.stars = uint8(5 - scene.PickWeighted(d, 68, 13, 7, 4, 8))
		_, pair := p.second(n)
		bare = r.flags == 0 && !pair && d.Chance(map[bool]float64{true: 0.26, false: 0.1}[r.stars == 5])
		waits = waits || r.stars > 3 && d.Chance(0.06) // few answer each praise
	}
	if bare {
		r.flags |= rowBare
	}
	if bare || !waits {
		r.flags |= rowDone
	}
	if bare && !d.Chance(0.7) || !bare && waits && d.Chance(0.55) {
		return r
	}
	r.flags |= rowViewed
	return r
}

// productOf is the place in the shop of what post n is about; some articles sell much better than others.
func (p *postPlan) productOf(n uint32) uint8 {
	d := scene.Throw(p.seed, diceProduct, uint64(p.account), uint64(n))
	k := len(p.shop.Products)
	return uint8(min(d.Below(k), d.Below(k)))
}

// blank is a post without words: who, what and which order.
func (p *postPlan) blank(n uint32) Post {
	of := n
	if first, ok := p.first(n); ok {
		of = first
	}
	who := p.party(of)
	post := Post{
		ID: p.ids.seal(place{postIDs[p.kind], p.account, n, 0, 0}), Kind: p.kind, Buyer: who.buyer, Product: who.product, Size: who.size,
		Order: who.order, Luck: scene.Throw(p.seed, diceBuyer, uint64(p.account), uint64(n), 1).Next(),
	}
	if p.kind == KindQuestion {
		post.Order = ""
	}
	return post
}

func (p *postPlan) fileID(n uint32, i int) ID {
	return p.ids.seal(place{postFileIDs[p.kind], p.account, n, 0, byte(i)})
}

// post makes a generated post that nobody changed.
func (p *postPlan) post(n uint32, r row) Post {
	post := p.blank(n)
	post.At, post.Stars, post.Viewed = time.Unix(int64(r.at), 0).UTC(), int(r.stars), r.flags&rowViewed != 0
	of := n
	if first, ok := p.first(n); ok {
		of, post.Parent = first, p.ids.seal(place{postIDs[p.kind], p.account, first, 0, 0})
	}
	if second, ok := p.second(n); ok {
		post.Child = p.ids.seal(place{postIDs[p.kind], p.account, second, 0, 0})
	}
	w := p.party(of).words()
	d := scene.Throw(p.seed, diceText, uint64(p.account), uint64(n))
	answer := ""
	switch p.kind {
	case KindReview:
		answer = p.review(d, &post, w, n, r.flags&rowBare != 0)
	case KindQuestion:
		answer = p.question(d, &post, w)
	case KindClaim:
		text, photo := scene.Cut(phrase(d, "заявка", post.Product), "{фото}")
		post.Text = scene.Capital(w.Fill(text, d))
		p.photos(d, &post, n, max(d.Between(0, 3), map[bool]int{true: 1}[photo]))
		if d.Chance(0.15) {
			post.Video = time.Duration(d.Between(4, 20)) * time.Second
		}
	}
	if r.flags&rowDone != 0 && !post.Bare() {
		after := time.Duration(d.Between(10, 40*60)) * time.Minute
		post.Answer = &Reply{Text: answer, At: post.At.Add(min(after, p.start.Sub(post.At)/2)).Truncate(time.Second), Edits: scene.PickWeighted(d, 9, 1)}
	}
	return post
}

func (p *postPlan) question(d *scene.Dice, post *Post, w scene.Words) (answer string) {
	asked, answer, _ := strings.Cut(phrase(d, "вопрос", post.Product), "|")
	post.Text = scene.Capital(w.Fill(asked, d))
	if !strings.HasPrefix(asked, "Здравствуйте") && !strings.HasPrefix(asked, "Добрый") && d.Chance(0.5) {
		post.Text = scene.Pick(d, scene.Hello) + post.Text
	}
	if post.Luck%40 == 3 {
		post.Text = "Оставьте телефон, предложу " + w.Product.Word.Acc + " дешевле: пишите в мессенджер"
		answer = "Мы отвечаем только на вопросы о товаре."
	}
	return scene.Capital(w.Fill(answer, d))
}

// review writes the words of a review and returns what the seller answers to such a one.
func (p *postPlan) review(d *scene.Dice, post *Post, w scene.Words, n uint32, bare bool) (answer string) {
	if d.Chance(0.08) {
		post.Buyer.Name, w.Name = "", "уважаемый покупатель"
	}
	photo := false
	say := func(section string) string {
		text, wanted := scene.Cut(phrase(d, section, post.Product), "{фото}")
		photo = photo || wanted
		return scene.Capital(w.Fill(text, d))
	}
	post.Bought = scene.Pick(d, []string{"kept", "kept", "kept", "kept", "kept", "kept", "", "returned", "refused"})
	if post.Stars > 3 {
		post.Bought = scene.Pick(d, []string{"kept", "kept", "kept", "kept", "kept", ""})
	}
	if wearable(post.Product) {
		post.Fit = []string{"ok", "smaller", "bigger"}[scene.PickWeighted(d, 12*post.Stars, 12, 8)]
	}
	if bare {
		return ""
	}
	good, minus, closing := "хорошо", "недостатки", []string{" 😊", " Спасибо!", "))", " 👍"}
	if post.Stars <= 3 {
		good, minus, closing = "плохо", "недостатки плохо", []string{" 😔", " Обидно.", ""}
	}
	post.Text = p.opinion(d, post, say, good, closing)
	if post.Parent == (ID{}) && d.Chance(0.35) {
		post.Pros, post.Cons = say("достоинства"), say(minus)
		if !photo && d.Chance(0.12) {
			post.Text = "" // pros and cons alone
		}
	}
	if d.Chance(0.4) {
		post.Tags = []string{scene.Pick(d, phrases["теги "+good])}
	}
	if photo || d.Chance(0.25) {
		p.photos(d, post, n, 1+scene.PickWeighted(d, 60, 25, 10, 5))
	}
	if d.Chance(0.02) {
		post.Video = time.Duration(d.Between(5, 40)) * time.Second
	}
	return say([]string{"", "ответ 1", "ответ 1", "ответ 3", "ответ 5", "ответ 5"}[post.Stars])
}

// opinion is the text of a review: a phrase that suits the stars, sometimes two if it is a good one, and an ending.
func (p *postPlan) opinion(d *scene.Dice, post *Post, say func(string) string, good string, closing []string) string {
	if post.Parent != (ID{}) {
		return say("дополнение " + good)
	}
	stars := fmt.Sprintf("отзыв %d", post.Stars)
	text := say(stars)
	if post.Stars > 3 && d.Chance(0.5) {
		if more := say(stars); more != text {
			text += " " + more
		}
	}
	if d.Chance(0.3) {
		text += scene.Pick(d, closing)
	}
	return text
}

// changeMind gives a review other stars, with a word why.
func (p *postPlan) changeMind(d *scene.Dice, post *Post) {
	at, _ := p.ids.open(post.ID, postIDs[p.kind])
	why := "звёзд меньше"
	if post.Stars = (post.Stars+d.Between(1, 4)-1)%5 + 1; post.Stars > 3 {
		why = "звёзд больше"
	}
	post.Text = strings.TrimSpace(post.Text + "\n\n" + scene.Capital(p.party(at.conversation).words().Fill(scene.Pick(d, phrases[why]), d)))
	post.Viewed = false
}

func (p *postPlan) photos(d *scene.Dice, post *Post, n uint32, count int) {
	for i := range count {
		post.Files = append(post.Files, File{
			ID: p.fileID(n, i), Name: fmt.Sprintf("%d.jpg", i+1), Type: "image/jpeg", look: post.Product.Look(), at: post.At, seed: d.Next() / 50 * 50,
		})
	}
}
