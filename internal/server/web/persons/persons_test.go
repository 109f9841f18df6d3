package persons_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/server/web/persons"
)

func TestPhonesAreWrittenAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]string{
		"79990000001": "+7\u00a0999\u00a0000-00-01", "4915112345678": "+4915112345678", "123": "123", "": "", "+7999": "+7999", "anna": "anna",
	} {
		if got := persons.Phone(digits); got != want {
			t.Errorf("%q is written %q, want %q", digits, got, want)
		}
	}
}

func TestOnlyWhatSaysSomethingIsShown(t *testing.T) {
	t.Parallel()
	list := []sellerdesk.ContactIdentity{
		{Kind: sellerdesk.IdentityContact, Value: "5"}, {Kind: sellerdesk.IdentityUsername, Network: "telegram", Value: "anna"},
		{Kind: sellerdesk.IdentityUser, Value: "77"}, {Kind: sellerdesk.IdentityPhone, Value: "79990000001"},
	}
	var got []string
	for _, i := range persons.Known(list) {
		got = append(got, persons.Value(i))
	}
	if diff := cmp.Diff([]string{"+7\u00a0999\u00a0000-00-01", "@anna"}, got); diff != "" {
		t.Error(diff)
	}
	if s := persons.Value(list[0]); s != "" {
		t.Errorf("the number of another program is shown: %q", s)
	}
}

func TestEachWayOfWritingIsMarkedOnce(t *testing.T) {
	t.Parallel()
	in := func(channel sellerdesk.ChannelKind, network sellerdesk.Optional) sellerdesk.Conversation {
		return sellerdesk.Conversation{Channel: channel, Chat: &sellerdesk.Chat{Network: network}}
	}
	list := []sellerdesk.Conversation{in("gate", "whatsapp"), {Channel: "market"}, in("gate", "telegram"), in("other", "whatsapp"), {Channel: "market"}, in("gate", "")}
	want := []persons.Way{{Network: "whatsapp", Channel: "gate"}, {Channel: "market"}, {Network: "telegram", Channel: "gate"}, {Channel: "gate"}}
	if diff := cmp.Diff(want, persons.Ways(list)); diff != "" {
		t.Error(diff)
	}
}

func TestEvidenceIsReadByItsKind(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]string{
		"phone 79990000001": {"phone", "+7\u00a0999\u00a0000-00-01"}, "username telegram anna": {"username", "@anna"}, "username @anna": {"username", "@anna"},
		"user telegram 77": {"user", ""}, "contact 5": {"contact", ""}, "phone": {}, "": {}, "something else": {},
	} {
		kind, value, ok := persons.Evidence(s)
		if string(kind) != want[0] || value != want[1] || ok != (want[0] != "") {
			t.Errorf("%q: %q %q %v", s, kind, value, ok)
		}
	}
}

func TestPeopleAreFoundByNameUserNameAndPhone(t *testing.T) {
	t.Parallel()
	anna := sellerdesk.Contact{Name: "Анна Ковалёва", Identities: []sellerdesk.ContactIdentity{
		{Kind: sellerdesk.IdentityPhone, Value: "79990000001"}, {Kind: sellerdesk.IdentityUsername, Value: "kovaleva"}, {Kind: sellerdesk.IdentityContact, Value: "4711"},
	}}
	for words, want := range map[string]bool{"": true, "анна": true, "КОВ анна": true, "@koval": true, "+7999": true, "борис": false, "анна борис": false, "4711": false} {
		if got := persons.Fits(anna, words); got != want {
			t.Errorf("%q: %v", words, got)
		}
	}
}

func TestAPersonWithoutANameIsCalledByWhatIsKnown(t *testing.T) {
	t.Parallel()
	c := sellerdesk.Contact{Identities: []sellerdesk.ContactIdentity{{Kind: sellerdesk.IdentityUsername, Value: "anna"}}}
	if got := persons.Name(c); got != "@anna" {
		t.Errorf("called %q", got)
	}
	c.Name = "Анна"
	if got := persons.Name(c); got != "Анна" {
		t.Errorf("called %q", got)
	}
	if got := persons.Name(sellerdesk.Contact{}); got != "" {
		t.Errorf("called %q", got)
	}
}

func TestWhoWaitsLongestIsNamed(t *testing.T) {
	t.Parallel()
	at := func(n int) *sellerdesk.Time { m := sellerdesk.AtMillis(int64(n)); return &m }
	list := []sellerdesk.Conversation{{ID: 1}, {ID: 2, NeedsAnswer: true, WaitingSince: at(9)}, {ID: 3, NeedsAnswer: true, WaitingSince: at(4)}}
	if c, ok := persons.Waiting(list); !ok || c.ID != 3 {
		t.Errorf("%d waits, %v", c.ID, ok)
	}
	if _, ok := persons.Waiting(list[:1]); ok {
		t.Error("nobody waits")
	}
}

func TestOnlyAddressesOfTheWebAreProfiles(t *testing.T) {
	t.Parallel()
	for profile, want := range map[sellerdesk.Optional]string{
		"https://t.me/anna": "https://t.me/anna", "javascript:alert(1)": "", "http://t.me/anna": "", "https://x/\"onclick=": "", "": "",
	} {
		if got := persons.Profile(sellerdesk.Chat{Profile: profile}); got != want {
			t.Errorf("%q: %q, want %q", profile, got, want)
		}
	}
	if got := persons.Username(sellerdesk.Chat{Username: "@anna"}) + persons.Username(sellerdesk.Chat{Username: "boris"}) + persons.Username(sellerdesk.Chat{}); got != "@anna@boris" {
		t.Errorf("names are %q", got)
	}
}
