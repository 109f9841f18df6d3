package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// document is what the page needs of an OpenAPI document.
type document struct {
	Info struct {
		Title, Version, Description string
	}
	Tags []struct {
		Name, Description string
	}
	Paths      map[string]map[string]*operation
	Components struct {
		Schemas   map[string]*schema
		Responses map[string]*response
	}
}

type operation struct {
	OperationID string
	Summary     string
	Description string
	Tags        []string
	Right       string `json:"x-right"`
	Parameters  []parameter
	RequestBody *struct {
		Content map[string]media
	}
	Responses map[string]*response
}

type parameter struct {
	Name, In, Description string
	Required              bool
	Schema                *schema
}

type response struct {
	Ref         string `json:"$ref"`
	Description string
	Content     map[string]media
}

type media struct {
	Schema  *schema
	Example json.RawMessage
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        types
	Format      string
	Description string
	Enum        []any
	Default     any
	Items       *schema
	Properties  map[string]*schema
	Required    []string
	AnyOf       []*schema
	OneOf       []*schema
	Minimum     *float64
	Maximum     *float64
	MinLength   *int
	MaxLength   *int
	MaxItems    *int
	// Additional is the type of further properties, true or false.
	Additional json.RawMessage `json:"additionalProperties"`
}

// types are one or several; null is one of them.
type types []string

// UnmarshalJSON reads one name or a list.
func (t *types) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

func (t types) has(name string) bool { return slices.Contains(t, name) }

// plain is the type without null.
func (t types) plain() string {
	for _, name := range t {
		if name != "null" {
			return name
		}
	}
	return ""
}

func read(b []byte) (*document, error) {
	d := &document{}
	if err := json.Unmarshal(b, d); err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	return d, nil
}

const schemaPrefix = "#/components/schemas/"

// named gives the name of the schema that a reference points to.
func named(ref string) string { return strings.TrimPrefix(ref, schemaPrefix) }

// resolve follows a reference.
func (d *document) resolve(s *schema) *schema {
	if s != nil && s.Ref != "" {
		return d.Components.Schemas[named(s.Ref)]
	}
	return s
}

func (d *document) response(r *response) *response {
	if r != nil && r.Ref != "" {
		return d.Components.Responses[r.Ref[strings.LastIndexByte(r.Ref, '/')+1:]]
	}
	return r
}

// placed is an operation and its address.
type placed struct {
	*operation
	Method, Path string
}

// operations gives those of a group, by address, reads before writes.
func (d *document) operations(tag string) (all []placed) {
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			op := d.Paths[path][method]
			if op != nil && slices.Contains(op.Tags, tag) {
				all = append(all, placed{op, strings.ToUpper(method), path})
			}
		}
	}
	return all
}
