package desk

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// The bounds of a user name in messengers, in characters.
const (
	shortestUsername = 3
	longestUsername  = 64
)

// openingWith judges through which source a conversation is to be started and
// with whom.
func openingWith(in StartInput, account sellerdesk.Account, can sellerdesk.Ability) (about store.Opening, action sellerdesk.Open, err error) {
	if in.Order != "" || in.Return != "" {
		return about, action, sellerdesk.Errorf(sellerdesk.CodeInvalid,
			"A conversation is started about an order or a return, or with a person through a source, not both.").InField("source")
	}
	source, err := sourceOf(account, in)
	if err != nil {
		return about, action, err
	}
	by, field, err := wayTo(in, source, can)
	if err != nil {
		return about, action, err
	}
	about = store.Opening{Account: account.ID, Source: source, Contact: in.Contact, Offers: startOffers(account, source)}
	if by == sellerdesk.ChatWithPhone {
		digits, ok := sellerdesk.NormalPhone(strings.TrimSpace(in.Phone))
		if !ok {
			return about, action, sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no phone number.", shown(in.Phone)).InField(field)
		}
		about.Phone = digits
	} else if about.Username, err = username(in.Username); err != nil {
		return about, action, err
	}
	if can.Reason != "" {
		return about, action, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "%s", can.Reason).InField("account")
	}
	return about, sellerdesk.Open{Source: source.ID, Phone: about.Phone, Username: about.Username, Named: in.Contact}, nil
}

// sourceOf finds a source of an account.
func sourceOf(account sellerdesk.Account, in StartInput) (sellerdesk.Source, error) {
	id := in.Source
	i := slices.IndexFunc(account.Identity.Sources, func(s sellerdesk.Source) bool { return s.ID == id })
	switch {
	case len(account.Identity.Sources) == 0:
		field := "source"
		if in.Source == "" && in.Phone != "" {
			field = "phone"
		}
		return sellerdesk.Source{}, sellerdesk.Errorf(sellerdesk.CodeUnsupported, "The account %q writes to nobody by number or name.", account.Name).InField(field)
	case id == "":
		return sellerdesk.Source{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the source through which the person is written to.").InField("source")
	case i < 0:
		return sellerdesk.Source{}, sellerdesk.Errorf(sellerdesk.CodeInvalid, "The account %q has no source %s.", account.Name, shown(string(id))).InField("source")
	default:
		return account.Identity.Sources[i], nil
	}
}

// wayTo tells how the person is named, by number or by name, where the source
// takes that.
func wayTo(in StartInput, source sellerdesk.Source, can sellerdesk.Ability) (by sellerdesk.ChatSubject, field string, err error) {
	by, field = sellerdesk.ChatWithPhone, "phone"
	if in.Username != "" {
		by, field = sellerdesk.ChatWithUsername, "username"
	}
	offered := slices.ContainsFunc(can.Options, func(o sellerdesk.Option) bool { return o.Value == string(by) })
	switch {
	case in.Phone != "" && in.Username != "":
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the person by the phone number or by the user name, not both.").InField("username")
	case len(source.By) == 0:
		err = sellerdesk.Errorf(sellerdesk.CodeUnsupported, "Through %s the buyer always begins.", source.Name).InField("source")
	case in.Phone == "" && in.Username == "":
		err = sellerdesk.Errorf(sellerdesk.CodeInvalid, "Name the person by the phone number or by the user name.").InField(string(source.By[0]))
	case !offered || !slices.Contains(source.By, by):
		names := map[sellerdesk.ChatSubject]string{sellerdesk.ChatWithPhone: "phone number", sellerdesk.ChatWithUsername: "user name"}
		err = sellerdesk.Errorf(sellerdesk.CodeUnsupported, "Through %s nobody can be written to by the %s.", source.Name, names[by]).InField(field)
	}
	return by, field, err
}

// username cleans a name of a messenger and judges it.
func username(s string) (string, error) {
	name := strings.TrimPrefix(subject(s), "@")
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-", r)
	}
	if n := utf8.RuneCountInString(name); n < shortestUsername || n > longestUsername || strings.ContainsFunc(name, odd) {
		return "", sellerdesk.Errorf(sellerdesk.CodeInvalid, "%q is no user name: it has %d to %d letters, digits and underscores.",
			shown(s), shortestUsername, longestUsername).InField("username")
	}
	return name, nil
}

// startOffers is what can be done in a chat through a source before the remote
// side tells.
func startOffers(account sellerdesk.Account, source sellerdesk.Source) (offers []sellerdesk.Offer) {
	for _, k := range account.Abilities {
		for _, a := range k.Can {
			if k.Kind == sellerdesk.KindChat && a.Action != sellerdesk.ActionOpen && (a.Action != sellerdesk.ActionTemplate || source.Templates) {
				offers = append(offers, sellerdesk.Offer{Action: a.Action, Options: a.Options, Plain: !source.Templates})
			}
		}
	}
	return offers
}

// known gives the name by which the account keeps the person that a conversation
// is to be started with; "" when none is named, or the account does not know them.
func known(ctx context.Context, tx *store.Tx, in StartInput) (sellerdesk.RemoteID, error) {
	if in.Contact == 0 {
		return "", nil
	}
	person, err := tx.Contacts.Get(ctx, in.Contact, in.User)
	if sellerdesk.CodeOf(err) == sellerdesk.CodeNotFound {
		return "", sellerdesk.Errorf(sellerdesk.CodeNotFound, "There is no such person.").InField("contact").Because(err)
	}
	if err != nil {
		return "", err
	}
	for _, i := range person.Identities {
		if i.Kind == sellerdesk.IdentityContact && i.Account != nil && *i.Account == in.Account {
			return sellerdesk.RemoteID(i.Value), nil
		}
	}
	return "", nil
}
