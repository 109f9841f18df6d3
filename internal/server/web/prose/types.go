package prose

import "strings"

// TypeName says a media type as people do: "JPEG", "DOCX".
func TypeName(media string) string {
	_, name, ok := strings.Cut(media, "/")
	if !ok {
		name = media
	}
	switch {
	case strings.HasSuffix(name, "wordprocessingml.document"):
		return "DOCX"
	case strings.HasSuffix(name, "spreadsheetml.sheet"):
		return "XLSX"
	case strings.HasSuffix(name, "presentationml.presentation"):
		return "PPTX"
	case name == "msword":
		return "DOC"
	case name == "vnd.ms-excel":
		return "XLS"
	case name == "vnd.ms-powerpoint":
		return "PPT"
	case name == "octet-stream" || name == "*":
		return ""
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "x-"), "+")
	return strings.ToUpper(name)
}
