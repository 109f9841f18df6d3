package search

import (
	"cmp"
	"github.com/sellerdesk/sellerdesk"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Query is what a person types into the search box: words, which must all
// be there, and filters. [Parse] reads it and [Query.Typed] writes
// it, so that what is clicked can be typed and the other way round. Of several
// values of one filter any will do; the zero value asks for everything.
type Query struct {
	Words    []Word
	Channels []sellerdesk.ChannelKind
	Cabinets []string // names or numbers of accounts
	Kinds    []sellerdesk.Kind
	Stars    []int // 1 to 5, in growing order
	Articles []string
	States   []sellerdesk.ConversationStatus
	// Waiting: the buyer waits for an answer; Unread: for the person who asks; Answered:
	// an answer of ours stands, or none does. All are typed as states, and narrow each.
	Waiting, Unread bool
	Answered        *bool
	// Assignees and Teams are names or numbers of those whom a conversation belongs to,
	// [WordMe] and [WordNone].
	Assignees, Teams []string
	Priorities       []sellerdesk.Priority
	// Tags are names or numbers of tags, of which a conversation carries one at least.
	Tags []string
	// Fields are values of fields: of one field any will do, and each field that is
	// named must have one.
	Fields []Field
	// From and To are days, both included, as 2026-11-21; "": any.
	From, To string
	Authors  []sellerdesk.Author
	HasPhoto bool
	// Conversations narrow to the messages of these.
	Conversations []sellerdesk.ConversationID
}

// Field is a value of a field, which is named by its name or number. It is
// typed as field:"Name=value".
type Field struct{ Name, Value string }

// Word is one thing to be found.
type Word struct {
	Text   string
	Phrase bool // these words, side by side
	Not    bool // it must not be there
	Prefix bool // words that begin so; at least [PrefixLetters] letters
}

const (
	// PrefixLetters is how many letters a beginning of a word must have.
	PrefixLetters = 4
	// MaxLength bounds what is typed, in bytes; MaxWords the words in it,
	// MaxValues the values of one filter.
	MaxLength = 2000
	MaxWords  = 16
	MaxValues = 50
)

// filterName names a filter in both languages.
type filterName struct{ english, russian string }

// word names one of a closed set of values in both languages; further are other
// ways to say it in Russian.
type valueName[T ~string] struct {
	value            T
	english, russian string
	further          []string
}

func kindNames() []valueName[sellerdesk.Kind] {
	return []valueName[sellerdesk.Kind]{
		{sellerdesk.KindChat, "chat", "чат", []string{"чаты"}},
		{sellerdesk.KindQuestion, "question", "вопрос", []string{"вопросы", "questions"}},
		{sellerdesk.KindReview, "review", "отзыв", []string{"отзывы", "reviews"}},
		{sellerdesk.KindClaim, "claim", "возврат", []string{"возвраты", "заявка", "claims"}},
	}
}

func stateNames() []valueName[sellerdesk.ConversationStatus] {
	return []valueName[sellerdesk.ConversationStatus]{
		{sellerdesk.ConversationOpen, "open", "открыт", []string{"открыто", "открыта", "открытые"}},
		{sellerdesk.ConversationSnoozed, "snoozed", "отложен", []string{"отложено", "отложена", "отложенные"}},
		{sellerdesk.ConversationClosed, "closed", "закрыт", []string{"закрыто", "закрыта", "закрытые"}},
		{sellerdesk.ConversationArchived, "archived", "архив", []string{"архивные", "archive"}},
		{stateWaiting, "waiting", "ждёт", []string{"ждет", "ждут"}},
		{stateUnread, "unread", "непрочитано", []string{"непрочитан", "непрочитанные", "новые"}},
		{stateAnswered, "answered", "отвечено", []string{"отвечен", "отвечены", "отвеченные"}},
		{stateUnanswered, "unanswered", "неотвечено", []string{"неотвечен", "неотвеченные", "без-ответа"}},
	}
}

// These are typed as states and are none.
const (
	stateWaiting    sellerdesk.ConversationStatus = "waiting"
	stateUnread     sellerdesk.ConversationStatus = "unread"
	stateAnswered   sellerdesk.ConversationStatus = "answered"
	stateUnanswered sellerdesk.ConversationStatus = "unanswered"
)

func authorNames() []valueName[sellerdesk.Author] {
	return []valueName[sellerdesk.Author]{
		{sellerdesk.AuthorBuyer, "buyer", "покупатель", []string{"клиент"}},
		{sellerdesk.AuthorAgent, "agent", "оператор", []string{"мы"}},
		{sellerdesk.AuthorRule, "rule", "правило", []string{"робот"}},
		{sellerdesk.AuthorPlatform, "platform", "площадка", nil},
		{sellerdesk.AuthorElsewhere, "elsewhere", "извне", nil},
	}
}

// lowered folds what is typed: filters are understood in any case.
func lowered(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ё", "е") }

func named[T ~string](names []valueName[T], typed string) (T, bool) {
	typed = lowered(typed)
	for _, n := range names {
		if typed == n.english || typed == lowered(n.russian) || typed == lowered(string(n.value)) || slices.Contains(n.further, typed) {
			return n.value, true
		}
	}
	return "", false
}

func nameOf[T ~string](names []valueName[T], v T, l sellerdesk.Language) string {
	for _, n := range names {
		if n.value == v {
			if l == sellerdesk.Russian {
				return n.russian
			}
			return n.english
		}
	}
	return string(v)
}

// The filters.
var (
	filterChannel = filterName{"channel", "канал"}
	filterCabinet = filterName{"cabinet", "кабинет"}
	filterKind    = filterName{"kind", "вид"}
	filterStars   = filterName{"stars", "звёзд"}
	filterArticle = filterName{"article", "артикул"}
	filterState   = filterName{"state", "статус"}
	filterFrom    = filterName{"from", "с"}
	filterTo      = filterName{"to", "по"}
	filterAuthor  = filterName{"author", "автор"}
	filterHas     = filterName{"has", "есть"}

	filterAssignee = filterName{"assignee", "ответственный"}
	filterTeam     = filterName{"team", "команда"}
	filterPriority = filterName{"priority", "важность"}
	filterTag      = filterName{"tag", "метка"}
	filterField    = filterName{"field", "поле"}
)

// filterOf finds the filter that a name stands for.
func filterOf(name string) (filterName, bool) {
	name = lowered(name)
	if name == "звезд" || name == "звезды" || name == "звезда" {
		return filterStars, true
	}
	for _, f := range []filterName{filterChannel, filterCabinet, filterKind, filterStars, filterArticle, filterState, filterFrom, filterTo, filterAuthor, filterHas,
		filterConversation, filterAssignee, filterTeam, filterPriority, filterTag, filterField} {
		if name == f.english || name == lowered(f.russian) {
			return f, true
		}
	}
	return filterName{}, false
}

// Parse reads what a person typed. Words are taken as they are; "words in
// quotes" stand side by side, -word must not be there, word* is a beginning.
// Filters, in Russian or English, are a name, a colon and values with commas
// between them; values with spaces are quoted. A filter that is not understood
// is an error for a person, in the field q.
func Parse(typed string) (Query, error) {
	var q Query
	if len(typed) > MaxLength {
		return q, sellerdesk.Errorf(sellerdesk.CodeInvalid, "A search is at most %d bytes long.", MaxLength).InField("q")
	}
	typed = strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", " "), " ") // no text has these, and no database takes them
	for rest := skipSpace(typed); rest != ""; rest = skipSpace(rest) {
		var err error
		if rest, err = q.take(rest); err != nil {
			return Query{}, err
		}
	}
	if len(q.Words) > MaxWords {
		return Query{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "At most %d words are searched for at once.", MaxWords).InField("q")
	}
	return q, q.Check()
}

func skipSpace(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// take reads one word or filter.
func (q *Query) take(s string) (rest string, err error) {
	body, not := strings.CutPrefix(s, "-")
	if text, rest, ok := quoted(body); ok {
		q.word(Word{Text: text, Phrase: true, Not: not})
		return rest, nil
	}
	end := strings.IndexFunc(body, unicode.IsSpace)
	if end < 0 {
		end = len(body)
	}
	if name, _, ok := strings.Cut(body[:end], ":"); ok {
		if f, known := filterOf(name); known {
			if not {
				return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "A filter cannot be turned round with a minus: name what is wanted.").InField("q")
			}
			return q.filter(f, body[len(name)+1:])
		}
	}
	word, prefix := strings.CutSuffix(body[:end], "*")
	prefix = prefix && letters(word) >= PrefixLetters
	q.word(Word{Text: strings.Trim(strings.TrimRight(word, "*"), `"«»“”-`), Not: not, Prefix: prefix})
	return body[end:], nil
}

func (q *Query) word(w Word) {
	if letters(w.Text) > 0 {
		q.Words = append(q.Words, w)
	}
}

// letters counts the letters and digits.
func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// quoted reads a text in quotes; one that does not end goes to the end of all.
func quoted(s string) (text, rest string, ok bool) {
	for _, pair := range [][2]string{{`"`, `"`}, {"«", "»"}, {"“", "”"}} {
		if inner, found := strings.CutPrefix(s, pair[0]); found {
			text, rest, _ = strings.Cut(inner, pair[1])
			return strings.Join(strings.Fields(text), " "), rest, true
		}
	}
	return "", s, false
}

// filter reads the values of a filter.
func (q *Query) filter(f filterName, s string) (rest string, err error) {
	for {
		value, after, ok := quoted(s)
		if !ok {
			end := strings.IndexFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
			if end < 0 {
				end = len(s)
			}
			value, after = s[:end], s[end:]
		}
		if value != "" {
			if err := q.set(f, value); err != nil {
				return "", err
			}
		}
		if s, ok = strings.CutPrefix(after, ","); !ok {
			return after, nil
		}
	}
}

func (q *Query) set(f filterName, value string) (err error) {
	switch f {
	case filterChannel:
		q.Channels = with(q.Channels, sellerdesk.ChannelKind(strings.ToLower(value)))
	case filterCabinet:
		q.Cabinets = with(q.Cabinets, value)
	case filterKind:
		q.Kinds, err = withNamed(q.Kinds, kindNames(), f, value)
	case filterStars:
		return q.stars(value)
	case filterArticle:
		q.Articles = with(q.Articles, value)
	case filterState:
		return q.state(value)
	case filterAssignee:
		q.Assignees = with(q.Assignees, whose(value))
	case filterTeam:
		q.Teams = with(q.Teams, whose(value))
	case filterTag:
		q.Tags = with(q.Tags, value)
	case filterField:
		name, held, ok := strings.Cut(value, "=")
		if name, held = strings.TrimSpace(name), strings.TrimSpace(held); !ok || name == "" || held == "" {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood behind field: write field:\"Name=value\".", value).InField("q")
		}
		q.Fields = with(q.Fields, Field{name, held})
	case filterPriority:
		q.Priorities, err = withNamed(q.Priorities, priorityNames(), f, value)
	case filterFrom:
		q.From, _, err = days(value)
	case filterTo:
		_, q.To, err = days(value)
	case filterAuthor:
		q.Authors, err = withNamed(q.Authors, authorNames(), f, value)
	case filterHas:
		if v := lowered(value); v != "photo" && v != "фото" {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood behind has: it can be photo.", value).InField("q")
		}
		q.HasPhoto = true
	case filterConversation:
		q.Conversations, err = withConversation(q.Conversations, value)
	}
	return err
}

func with[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

func withNamed[T ~string](list []T, names []valueName[T], f filterName, typed string) ([]T, error) {
	v, ok := named(names, typed)
	if !ok {
		known := make([]string, len(names))
		for i, n := range names {
			known[i] = n.english
		}
		return nil, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood behind %s: it can be %s.", typed, f.english, strings.Join(known, ", ")).InField("q")
	}
	return with(list, v), nil
}

// stars reads "5" and "1-3".
func (q *Query) stars(typed string) error {
	low, high, isRange := strings.Cut(typed, "-")
	if !isRange {
		high = low
	}
	from, err1 := strconv.Atoi(low)
	to, err2 := strconv.Atoi(high)
	if err1 != nil || err2 != nil || from < 1 || to > 5 || from > to {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood behind stars: they are 1 to 5, or a span such as 1-3.", typed).InField("q")
	}
	for s := from; s <= to; s++ {
		q.Stars = with(q.Stars, s)
	}
	slices.Sort(q.Stars)
	return nil
}

// days reads a day or a month.
func days(typed string) (first, last string, err error) {
	for _, form := range []string{time.DateOnly, "2.1.2006"} {
		if t, err := time.Parse(form, typed); err == nil && t.Year() > 0 {
			return t.Format(time.DateOnly), t.Format(time.DateOnly), nil
		}
	}
	for _, form := range []string{"2006-01", "1.2006"} {
		if t, err := time.Parse(form, typed); err == nil && t.Year() > 0 {
			return t.Format(time.DateOnly), t.AddDate(0, 1, -1).Format(time.DateOnly), nil
		}
	}
	return "", "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is not understood as a day: write 2026-11-21 or 21.11.2026.", typed).InField("q")
}

// Check refuses what cannot be asked.
func (q Query) Check() error {
	for _, n := range []int{len(q.Channels), len(q.Cabinets), len(q.Kinds), len(q.Articles), len(q.Authors), len(q.States), len(q.Assignees), len(q.Teams), len(q.Tags), len(q.Fields), len(q.Conversations)} {
		if n > MaxValues {
			return sellerdesk.Errorf(sellerdesk.CodeInvalid, "A filter takes at most %d values.", MaxValues).InField("q")
		}
	}
	if q.From != "" && q.To != "" && q.From > q.To {
		return sellerdesk.Errorf(sellerdesk.CodeInvalid, "The first day is behind the last one.").InField("q")
	}
	return nil
}

// And joins two questions: what q asks for, narrowed by the filters of more.
// Where both name values of one filter, those of more count.
func (q Query) And(more Query) Query {
	q.Words = slices.Concat(q.Words, more.Words)
	q.Channels, q.Cabinets, q.Kinds = instead(q.Channels, more.Channels), instead(q.Cabinets, more.Cabinets), instead(q.Kinds, more.Kinds)
	q.Stars, q.Articles, q.States = instead(q.Stars, more.Stars), instead(q.Articles, more.Articles), instead(q.States, more.States)
	q.Authors, q.HasPhoto, q.Waiting = instead(q.Authors, more.Authors), q.HasPhoto || more.HasPhoto, q.Waiting || more.Waiting
	q.Assignees, q.Teams, q.Priorities = instead(q.Assignees, more.Assignees), instead(q.Teams, more.Teams), instead(q.Priorities, more.Priorities)
	q.Tags, q.Fields = instead(q.Tags, more.Tags), instead(q.Fields, more.Fields)
	q.Conversations = instead(q.Conversations, more.Conversations)
	q.Unread, q.Answered = q.Unread || more.Unread, cmp.Or(more.Answered, q.Answered)
	q.From, q.To = cmp.Or(more.From, q.From), cmp.Or(more.To, q.To)
	return q
}

func instead[T any](old, fresh []T) []T {
	if len(fresh) > 0 {
		return fresh
	}
	return old
}

// Typed writes the question as a person of that language would type it.
// [Parse] reads it back.
func (q Query) Typed(l sellerdesk.Language) string {
	var parts []string
	for _, w := range q.Words {
		parts = append(parts, w.typed())
	}
	filter := func(f filterName, values []string) {
		if len(values) == 0 {
			return
		}
		name := f.english
		if l == sellerdesk.Russian {
			name = f.russian
		}
		parts = append(parts, name+":"+strings.Join(values, ","))
	}
	filter(filterChannel, quotedValues(q.Channels))
	filter(filterCabinet, quotedValues(q.Cabinets))
	filter(filterKind, namesOf(kindNames(), q.Kinds, l))
	filter(filterStars, q.typedStars())
	filter(filterArticle, quotedValues(q.Articles))
	filter(filterState, q.typedStates(l))
	filter(filterAssignee, typedWhose(q.Assignees, l))
	filter(filterTeam, typedWhose(q.Teams, l))
	filter(filterPriority, namesOf(priorityNames(), q.Priorities, l))
	filter(filterTag, quotedValues(q.Tags))
	filter(filterField, q.typedFields())
	filter(filterConversation, typedConversations(q.Conversations))
	filter(filterFrom, quotedValues(present(q.From)))
	filter(filterTo, quotedValues(present(q.To)))
	filter(filterAuthor, namesOf(authorNames(), q.Authors, l))
	if q.HasPhoto {
		photo := "photo"
		if l == sellerdesk.Russian {
			photo = "фото"
		}
		filter(filterHas, []string{photo})
	}
	return strings.Join(parts, " ")
}

func (w Word) typed() string {
	s := w.Text
	if w.Phrase {
		s = `"` + strings.ReplaceAll(s, `"`, " ") + `"`
	} else if w.Prefix {
		s += "*"
	}
	if w.Not {
		s = "-" + s
	}
	return s
}

func (q Query) typedFields() []string {
	values := make([]string, len(q.Fields))
	for i, f := range q.Fields {
		values[i] = f.Name + "=" + f.Value
	}
	return quotedValues(values)
}

// typedStars writes 1, 2, 3 as a span.
func (q Query) typedStars() []string {
	n := len(q.Stars)
	if n > 1 && q.Stars[n-1]-q.Stars[0] == n-1 {
		return []string{strconv.Itoa(q.Stars[0]) + "-" + strconv.Itoa(q.Stars[n-1])}
	}
	var out []string
	for _, s := range q.Stars {
		out = append(out, strconv.Itoa(s))
	}
	return out
}

func present(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func quotedValues[T ~string](values []T) (out []string) {
	for _, v := range values {
		s := string(v)
		if strings.ContainsFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) || strings.ContainsRune("«»“”", r) }) {
			s = `"` + strings.ReplaceAll(s, `"`, " ") + `"`
		}
		out = append(out, s)
	}
	return out
}

func namesOf[T ~string](names []valueName[T], values []T, l sellerdesk.Language) (out []string) {
	for _, v := range values {
		out = append(out, nameOf(names, v, l))
	}
	return out
}
