package composing

import (
	"strconv"

	"github.com/sellerdesk/sellerdesk"
)

// Most writes a limit for the browser; "" for none.
func Most(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// FileIcon names the picture of what kind of file stands in a header.
func FileIcon(format string) string {
	switch format {
	case "image":
		return "image"
	case "video":
		return "film"
	case "document":
		return "file-text"
	default:
		return "file"
	}
}

// ButtonIcon names the picture of a kind of button.
func ButtonIcon(kind string) string {
	switch kind {
	case "url":
		return "external-link"
	case "phone":
		return "phone"
	case "copy_code":
		return "copy"
	default:
		return "reply"
	}
}

// Rows counts those of a menu over all its sections.
func Rows(m sellerdesk.Menu) int {
	n := 0
	for _, s := range m.Sections {
		n += len(s.Rows)
	}
	return n
}
