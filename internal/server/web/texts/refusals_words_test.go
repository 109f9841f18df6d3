package texts

import (
	"testing"

	"github.com/sellerdesk/sellerdesk"
)

func TestWhatIsSaidInRussianOfNoFieldStays(t *testing.T) {
	t.Parallel()
	for _, code := range []sellerdesk.Code{sellerdesk.CodeInvalid, sellerdesk.CodeUnsupported, sellerdesk.CodeConflict} {
		const words = "Сначала выберите файл."
		if got := Russian().Sentence(code, "", words); got != words {
			t.Errorf("%s: got %q, want %q", code, got, words)
		}
	}
}
