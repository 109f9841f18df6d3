package sandbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

// planner knows every generated conversation of one account by its number alone. It keeps nothing:
// a conversation's shape and each of its texts are made again whenever somebody asks.
type planner struct {
	seed    uint64
	account uint16
	shop    scene.Shop
	span    time.Duration // how far back the history goes
	waiting int           // how many of the first conversations are made to wait for an answer
}

// Streams of dice, so that a change in one does not move the others.
const (
	diceShape uint64 = iota + 1
	diceBuyer
	diceText
	diceFile
	diceLive
	diceFault
	diceProduct
)

const maxLines = 40

// Lines that are not a turn of a scenario.
const (
	lineOpening = -1 // the text with the product card which the marketplace's app puts first
	lineEmpty   = -2 // an event without a message
	lineNotice  = -3 // a word of the marketplace itself
)

// shape is a conversation without its texts.
type shape struct {
	n     int
	lines [maxLines]line
	start time.Duration // before the start of the world
}

type line struct {
	scenario, turn int8
	gap            int64 // ms since the line before
}

func (l *shape) add(scenario, turn int, gap time.Duration) {
	if l.n < maxLines {
		l.lines[l.n] = line{int8(scenario), int8(turn), gap.Milliseconds()}
		l.n++
	}
}

// length is the time from the first line to the last.
func (l *shape) length() time.Duration {
	var ms int64
	for _, x := range l.lines[1:max(l.n, 1)] {
		ms += x.gap
	}
	return time.Duration(ms) * time.Millisecond
}

// shape makes the course of a conversation. The first few hundred conversations hold those that wait now: every fourth of them
// ends with the buyer, minutes to days ago. The others are spread over the span, thicker around a sale eleven days ago,
// and one in twenty belongs to an angry night six days ago.
func (p *planner) shape(conversation uint32) shape {
	d := scene.Throw(p.seed, diceShape, uint64(p.account), uint64(conversation))
	sized := len(p.product(conversation).Sizes) > 1
	var l shape
	if conversation%4 == 1 && int(conversation/4) < p.waiting {
		p.waitingShape(d, &l, int(conversation/4), sized)
		return l
	}
	if d.Chance(0.7) {
		l.add(0, lineOpening, 0)
	}
	angry := d.Chance(0.05)
	for episodes := scene.PickWeighted(d, 55, 30, 15) + 1; episodes > 0; episodes-- {
		n := scene.Choose(d, sized)
		if angry {
			n, episodes = scene.Pick(d, scene.AngryOnes), 1
		}
		p.episode(d, &l, n)
	}
	l.start = p.age(d)
	if angry {
		l.start = time.Duration(d.Between(6*24*3600, 6*24*3600+8*3600)) * time.Second
	}
	if least := l.length() + time.Duration(d.Between(2, 60))*time.Hour; l.start < least {
		l.start = least
	}
	return l
}

// episode adds one scenario, sometimes cut after an answer of the seller's.
func (p *planner) episode(d *scene.Dice, l *shape, n int) {
	turns := scene.Scenarios[n].Turns
	last := len(turns)
	if last > 2 && d.Chance(0.25) {
		last = 2
	}
	if last == len(turns) && d.Chance(0.05) {
		last-- // the buyer's thanks stay without an answer
	}
	for i, t := range turns[:last] {
		gap := time.Duration(d.Between(t.From*60_000, t.To*60_000)) * time.Millisecond
		if i == 0 && l.n > 0 {
			gap = time.Duration(d.Between(20, 4000)) * time.Second
			if l.n > 1 {
				gap = time.Duration(d.Between(600, 7000)) * time.Minute
			}
		}
		l.add(n, i, gap)
	}
	switch roll := d.Below(100); {
	case roll < 4:
		l.add(n, lineEmpty, time.Duration(d.Between(60, 4000))*time.Second)
	case roll < 6:
		l.add(n, lineNotice, time.Duration(d.Between(60, 4000))*time.Second)
	}
}

// waitingShape makes the k-th of the conversations that wait for an answer: from three minutes to five days.
func (p *planner) waitingShape(d *scene.Dice, l *shape, k int, sized bool) {
	if d.Chance(0.7) {
		l.add(0, lineOpening, 0)
	}
	n := scene.Choose(d, sized)
	for len(scene.Scenarios[n].Turns) < 3 { // thanks can wait
		n = scene.Choose(d, sized)
	}
	if k == 0 {
		n = scene.DefectWithPhotos
	}
	turns := 1
	if len(scene.Scenarios[n].Turns) > 2 && d.Chance(0.45) {
		turns = 3
	}
	for i, t := range scene.Scenarios[n].Turns[:turns] {
		gap := time.Duration(d.Between(t.From*60_000, t.To*60_000)) * time.Millisecond
		if i == 0 {
			gap = time.Duration(d.Between(15, 240)) * time.Second
		}
		l.add(n, i, gap)
	}
	ages := [...]time.Duration{3 * time.Minute, 7 * time.Hour, 25 * time.Minute, 2 * 24 * time.Hour, 70 * time.Minute, 9 * time.Minute, 16 * time.Hour, 3 * time.Hour, 5 * 24 * time.Hour, 45 * time.Minute}
	age := ages[k%len(ages)]
	l.start = l.length() + age + time.Duration(d.Below(int(age/time.Millisecond)/3))*time.Millisecond
}

func (p *planner) age(d *scene.Dice) time.Duration {
	if d.Chance(0.15) {
		return time.Duration(d.Between(9*24, 13*24)) * time.Hour
	}
	return time.Duration(float64(p.span) * d.Unit() * d.Unit())
}

// party is who and what a conversation is about.
type party struct {
	buyer   Person
	product Product
	size    string
	other   string // the size next to it
	order   string
	source  Source

	town, event string
}

// product is what a conversation is about. Some articles sell much better than others.
func (p *planner) product(conversation uint32) Product {
	d := scene.Throw(p.seed, diceProduct, uint64(p.account), uint64(conversation))
	n := len(p.shop.Products)
	return p.shop.Products[min(d.Below(n), d.Below(n))]
}

func (p *planner) party(conversation uint32) party {
	d := scene.Throw(p.seed, diceBuyer, uint64(p.account), uint64(conversation))
	who := party{buyer: scene.NewPerson(d), product: p.product(conversation)}
	switch conversation % 64 { // in every world some of these wait for an answer
	case 5:
		who.buyer.Name = scene.RightToLeftName(d)
	case 9:
		who.buyer.Name = who.buyer.Username
	}
	size := d.Below(len(who.product.Sizes))
	who.size, who.other = who.product.Sizes[size], who.product.Sizes[max(0, min(len(who.product.Sizes)-1, size+1))]
	if who.other == who.size {
		who.other = who.product.Sizes[max(0, size-1)]
	}
	who.town, who.event = scene.Pick(d, scene.Towns), scene.Pick(d, scene.Events)
	who.order = fmt.Sprintf("%016x%016x", d.Next(), d.Next())
	who.source = scene.Pick(d, []Source{SourceAndroid, SourceAndroid, SourceIOS, SourceIOS, SourceWeb, SourceGlobal})
	return who
}

// message makes line number position of a conversation, without its time.
func (p *planner) message(l *shape, who party, conversation, position uint32, ids sealer) Message {
	at := l.lines[position]
	m := Message{
		ID:           ids.seal(place{messageID, p.account, conversation, position, 0}),
		Conversation: ids.seal(place{conversationID, p.account, conversation, 0, 0}),
		Position:     int(position), Author: Buyer, Source: who.source, Buyer: who.buyer.Name,
	}
	switch at.turn {
	case lineOpening:
		m.Card = true
		m.Text = openingText(who.product)
		return m
	case lineEmpty:
		m.Author, m.Source, m.Empty = Seller, "", true
		return m
	case lineNotice:
		m.Author, m.Source = Platform, ""
		m.Text = "Покупатель оценил работу продавца в чате."
		return m
	}
	d := scene.Throw(p.seed, diceText, uint64(p.account), uint64(conversation), uint64(position))
	t := scene.Scenarios[at.scenario].Turns[at.turn]
	m.Author = t.By
	if t.By == Seller {
		m.Source = SourceCabinet
	}
	m.Card = position == 0
	var photo, paper bool
	m.Text, photo, paper = t.Line(d, at.turn < 2, who.words())
	photo, paper = photo || d.Chance(t.Photo), paper || d.Chance(t.Pages)
	p.attach(d, photo, paper, &m, who.product, conversation, position, ids)
	return m
}

// words are those of the party's conversation.
func (who party) words() scene.Words {
	w := scene.Words{Product: who.product, Size: who.size, Other: who.other, Order: strings.ToUpper(who.order[:10]), Town: who.town, Event: who.event, Woman: who.buyer.Woman}
	w.Name, _, _ = strings.Cut(who.buyer.Name, " ")
	if strings.ContainsAny(w.Name, "*0123456789😊") {
		w.Name = "уважаемый покупатель"
	}
	return w
}

func openingText(p Product) string {
	return fmt.Sprintf("Здравствуйте! У меня вопрос по товару \"%s, бренд %s, артикул %d\"", p.Name, p.Brand, p.Number)
}

// attach adds the pictures and papers of a generated line.
func (p *planner) attach(d *scene.Dice, photo, paper bool, m *Message, of Product, conversation, position uint32, ids sealer) {
	add := func(name, kind string) {
		n := byte(len(m.Files))
		m.Files = append(m.Files, File{
			ID:   ids.seal(place{fileID, p.account, conversation, position, n}),
			Name: name, Type: kind, look: of.Look(), seed: scene.Throw(p.seed, diceFile, uint64(p.account), uint64(conversation), uint64(position), uint64(n)).Next(),
		})
	}
	if photo {
		for n := scene.PickWeighted(d, 70, 20, 10); n >= 0; n-- {
			if d.Chance(0.12) {
				add(fmt.Sprintf("Screenshot_%d.png", d.Between(1000, 9999)), "image/png")
				continue
			}
			add(fmt.Sprintf("IMG_%04d.jpg", d.Below(10000)), "image/jpeg")
		}
	}
	if paper {
		add(scene.Pick(d, []string{"Чек.pdf", "Гарантийный талон.pdf", "Инструкция.pdf", "Заявление на возврат.pdf", "receipt_2.pdf"}), "application/pdf")
	}
}
