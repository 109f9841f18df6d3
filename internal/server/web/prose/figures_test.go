package prose_test

import (
	"testing"

	"github.com/sellerdesk/sellerdesk/internal/server/web/prose"
)

func TestAPriceIsWrittenWithTheSignOfItsCurrency(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"4 020 RUB": "4\u00a0020\u00a0₽", "12 EUR": "12\u00a0€", "7 XYZ": "7\u00a0XYZ", "4 290 ₽": "4\u00a0290\u00a0₽", "": "", "RUB": "RUB",
	} {
		if got := prose.Price(in); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}
