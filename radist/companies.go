package radist

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
)

// UsersService tells whether a key is good.
type UsersService struct{ c *Client }

// Me asks who the key belongs to. What the answer holds is not known, so it
// comes as it is; that there is one says that the key is good.
//
// Operation: GET /users/me. Limit: 5 a second.
func (s *UsersService) Me(ctx context.Context) (json.RawMessage, error) {
	return single[json.RawMessage](ctx, s.c, operation{method: http.MethodGet, path: "/users/me"})
}

// CompaniesService lists the companies of a key.
type CompaniesService struct{ c *Client }

// Company owns connections, contacts, chats and webhooks.
type Company struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// ListCompanies asks for a page.
type ListCompanies struct {
	Limit  int // 0 leaves it to the remote side
	Offset int
}

// List gives a page of companies.
//
// Operation: GET /companies/. Limit: 5 a second.
func (s *CompaniesService) List(ctx context.Context, q ListCompanies) (Page[Company], error) {
	return listed[Company](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/", query: byOffset(q.Limit, q.Offset),
	}, "companies")
}

// All goes through all companies, each once.
func (s *CompaniesService) All(ctx context.Context) iter.Seq2[Company, error] {
	return paged(func(offset int) (Page[Company], error) {
		return s.List(ctx, ListCompanies{Limit: defaultLimit, Offset: offset})
	})
}

// ConnectionsService lists the messengers of a company. They are made and
// removed by hand only.
type ConnectionsService struct{ c *Client }

// Types of connections that were seen, an open set.
const (
	ConnectionWhatsApp         = "whatsapp" // unofficial
	ConnectionWABA             = "waba"     // WhatsApp for business, with windows and templates
	ConnectionTelegramPersonal = "telegram_personal"
	ConnectionMAXPersonal      = "max_personal"
	ConnectionAmoCRM           = "amocrm" // no messenger
)

// Connection is one messenger of a company.
type Connection struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"` // "" when not told
	// Params are settings that each type has its own of.
	Params json.RawMessage `json:"params"`
}

// List gives the connections of a company.
//
// Operation: GET /companies/{company_id}/connections/. Limit: 5 a second.
func (s *ConnectionsService) List(ctx context.Context, company int64) (Page[Connection], error) {
	return listed[Connection](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/{company_id}/connections/", company: company,
	}, "connections")
}

// Get gives one connection.
//
// Operation: GET /companies/{company_id}/connections/{id}. Limit: 5 a second.
func (s *ConnectionsService) Get(ctx context.Context, company, connection int64) (Connection, error) {
	return single[Connection](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/{company_id}/connections/{id}", company: company, other: connection,
	})
}

// ContactsService are the people a company knows.
type ContactsService struct{ c *Client }

// Phone is a number of a contact.
type Phone struct {
	Type  string `json:"type"` // PhoneWork and others
	Value string `json:"value"`
}

// PhoneWork is the only type of number that was seen.
const PhoneWork = "work"

// ListContacts asks for contacts. Whether the remote side keeps to Limit and
// Offset is not known.
type ListContacts struct {
	OrderBy string // as "created_at:desc", the only one that was seen; "" leaves it to the remote side
	Limit   int
	Offset  int
}

// List gives a page of contacts.
//
// Operation: GET /companies/{company_id}/contacts/. Limit: 1 a second.
func (s *ContactsService) List(ctx context.Context, company int64, q ListContacts) (Page[Contact], error) {
	parameters := byOffset(q.Limit, q.Offset)
	if q.OrderBy != "" {
		parameters.Set("order_by", q.OrderBy)
	}
	return listed[Contact](ctx, s.c, operation{
		method: http.MethodGet, path: "/companies/{company_id}/contacts/", company: company, query: parameters,
	}, contactsIn[:]...)
}

// All goes through all contacts, each once, the newest first.
func (s *ContactsService) All(ctx context.Context, company int64) iter.Seq2[Contact, error] {
	return paged(func(offset int) (Page[Contact], error) {
		return s.List(ctx, company, ListContacts{OrderBy: "created_at:desc", Limit: defaultLimit, Offset: offset})
	})
}

// NewContact is a contact to create.
type NewContact struct {
	Name   string
	Phones []string // of work, in any usual spelling
}

// Create makes a contact. It is sent once; nothing keeps a second one with the
// same phone from being made.
//
// Operation: POST /companies/{company_id}/contacts/. Limit: 1 a second.
func (s *ContactsService) Create(ctx context.Context, company int64, n NewContact) (id int64, err error) {
	phones := make([]Phone, 0, len(n.Phones))
	o := operation{method: http.MethodPost, path: "/companies/{company_id}/contacts/", company: company}
	for _, spelling := range n.Phones {
		digits, err := PhoneDigits(spelling)
		if err != nil {
			return 0, localError(o.name(), err, ErrRefused)
		}
		phones = append(phones, Phone{Type: PhoneWork, Value: digits})
	}
	o.body = struct {
		Name   string  `json:"name"`
		Phones []Phone `json:"phones"`
	}{n.Name, phones}
	made, err := single[Contact](ctx, s.c, o)
	return made.ID, err
}

// The lengths of a phone number, in digits.
const (
	shortestPhone = 5
	longestPhone  = 15
)

// PhoneDigits brings a phone number to the digits that the remote side compares:
// plus signs, blanks, brackets, dots and dashes go. A leading 8 stays, since only
// in some countries it means something else. What is no number is an error
// without the number in it.
func PhoneDigits(spelling string) (string, error) {
	digits := make([]byte, 0, longestPhone)
	for i, r := range spelling {
		switch {
		case r >= '0' && r <= '9':
			if len(digits) == longestPhone {
				return "", fmt.Errorf("the phone number has more than %d digits", longestPhone)
			}
			digits = append(digits, byte(r))
		case r == '+' && len(digits) == 0, isPhonePunctuation(r):
		default:
			return "", fmt.Errorf("the phone number has a character at place %d that no number has", i+1)
		}
	}
	if len(digits) < shortestPhone {
		return "", fmt.Errorf("the phone number has %d digits, at least %d are needed", len(digits), shortestPhone)
	}
	return string(digits), nil
}

// isPhonePunctuation knows the blanks and dashes that text programs put in, too.
func isPhonePunctuation(r rune) bool {
	switch r {
	case ' ', '\t', '(', ')', '-', '.', '/', '\u00a0', '\u2009', '\u202f', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
		return true
	}
	return false
}
