package prose

import "testing"

func TestATypeIsSaidAsPeopleSayIt(t *testing.T) {
	t.Parallel()
	for media, want := range map[string]string{
		"image/jpeg":    "JPEG",
		"image/svg+xml": "SVG",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       "XLSX",
		"application/vnd.ms-excel":     "XLS",
		"application/x-zip-compressed": "ZIP-COMPRESSED",
		"application/octet-stream":     "",
		"nonsense":                     "NONSENSE",
		"":                             "",
	} {
		if got := TypeName(media); got != want {
			t.Errorf("%q is said as %q, want %q", media, got, want)
		}
	}
}
