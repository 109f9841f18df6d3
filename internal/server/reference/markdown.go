package reference

import (
	"html/template"
	"strings"
)

// sections reads the overview: headings of the second level, paragraphs, lists
// with hyphens, and words in backticks. What stands before the first heading is a
// section of its own.
func sections(text string, t texts) (all []section) {
	current := section{ID: "overview", Title: t.Overview}
	var b strings.Builder
	end := func() {
		current.Body = template.HTML(b.String())
		all = append(all, current)
		b.Reset()
	}
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		block = strings.TrimSpace(block)
		if title, ok := strings.CutPrefix(block, "## "); ok {
			end()
			current = section{ID: "about-" + anchor(title), Title: title}
			continue
		}
		if strings.HasPrefix(block, "- ") {
			b.WriteString("<ul>")
			for line := range strings.SplitSeq(block, "\n") {
				b.WriteString("<li>" + string(inline(strings.TrimPrefix(line, "- "))) + "</li>")
			}
			b.WriteString("</ul>")
			continue
		}
		b.WriteString("<p>" + string(inline(block)) + "</p>")
	}
	end()
	return all
}

// anchor makes a name for a link.
func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(title), " ", "-")
}

// inline escapes a text and shows what stands between backticks as code.
func inline(text string) template.HTML {
	var b strings.Builder
	for i, piece := range strings.Split(text, "`") {
		escaped := template.HTMLEscapeString(piece)
		if i%2 == 1 {
			escaped = "<code>" + escaped + "</code>"
		}
		b.WriteString(escaped)
	}
	return template.HTML(b.String())
}
