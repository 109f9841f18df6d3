package reference

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// deepest is how deep a sample goes into a schema.
const deepest = 4

// sample makes a value that a schema could have.
func (d *document) sample(s *schema, depth int) any {
	if s == nil {
		return nil
	}
	if depth > deepest {
		return map[string]any{}
	}
	if s.Ref != "" {
		return d.sample(d.resolve(s), depth+1)
	}
	for _, one := range slices.Concat(s.AnyOf, s.OneOf) {
		if one.Ref != "" || one.Type.plain() != "" {
			return d.sample(one, depth)
		}
	}
	switch {
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type.plain() {
	case "object":
		o := map[string]any{}
		for name, property := range s.Properties {
			o[name] = d.sample(property, depth+1)
		}
		return o
	case "array":
		if depth+1 > deepest {
			return []any{}
		}
		return []any{d.sample(s.Items, depth+1)}
	case "integer", "number":
		return 1
	case "boolean":
		return false
	case "string":
		if s.Format == "date-time" {
			return "2026-11-02T09:00:00.000Z"
		}
		return "…"
	}
	return nil
}

// pretty writes a value as a person reads it.
func pretty(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(v) != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// curl writes the call of an operation for a shell.
func curl(op placed) string {
	path := op.Path
	for _, p := range op.Parameters {
		if p.In == "path" {
			value := "7"
			if p.Name == "name" || p.Schema != nil && p.Schema.Type.plain() == "string" {
				value = "4711"
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
		}
	}
	lines := []string{`curl "$SELLERDESK` + path + `"`}
	if op.Method != "GET" && op.Method != "POST" {
		lines[0] = `curl -X ` + op.Method + ` "$SELLERDESK` + path + `"`
	}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	add(`-H "Authorization: Bearer $KEY"`)
	if slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == "Idempotency-Key" }) {
		add(`-H "Idempotency-Key: $(uuidgen)"`)
	}
	if r := op.Responses["200"]; r != nil {
		if _, streams := r.Content["text/event-stream"]; streams {
			add(`-N -H "Accept: text/event-stream"`)
		}
	}
	switch body := op.RequestBody; {
	case body == nil && op.Method == "POST":
		lines[0] = `curl -X POST "$SELLERDESK` + path + `"`
	case body == nil:
	default:
		kinds := slices.Sorted(maps.Keys(body.Content))
		if slices.Contains(kinds, "multipart/form-data") {
			add(`-F file=@photo.jpg`)
			break
		}
		if m, ok := body.Content["application/json"]; ok {
			add(`-H "Content-Type: application/json"`)
			add(`-d '%s'`, strings.ReplaceAll(written(m), "'", `'\''`))
		}
	}
	return strings.Join(lines, " \\\n  ")
}

// written is the example of a body on as few lines as it needs.
func written(m media) string {
	if len(m.Example) == 0 {
		return "{}"
	}
	var b bytes.Buffer
	if len(m.Example) < 60 {
		if json.Compact(&b, m.Example) == nil {
			return b.String()
		}
	}
	b.Reset()
	if json.Indent(&b, m.Example, "  ", "  ") != nil {
		return "{}"
	}
	return b.String()
}
