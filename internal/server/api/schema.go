package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sellerdesk/sellerdesk"
)

// refPrefix is where schemas stand in the document.
const refPrefix = "#/components/schemas/"

// registry makes the schemas of the document. The one of huma cannot be told
// how the types of the vocabulary travel, which must not import it.
type registry struct {
	schemas map[string]*huma.Schema
	types   map[string]reflect.Type
	own     map[reflect.Type]func() *huma.Schema
}

func newRegistry() *registry {
	return &registry{
		schemas: map[string]*huma.Schema{},
		types:   map[string]reflect.Type{},
		own:     vocabulary(),
	}
}

// vocabulary tells how the types of the root travel that do not look like it.
func vocabulary() map[reflect.Type]func() *huma.Schema {
	text := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	nullable := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString, Nullable: true} }
	moment := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString, Format: "date-time"} }
	m := map[reflect.Type]func() *huma.Schema{
		reflect.TypeFor[sellerdesk.Time]():       moment,
		reflect.TypeFor[time.Time]():             moment,
		reflect.TypeFor[sellerdesk.Optional]():   nullable,
		reflect.TypeFor[sellerdesk.ReasonCode](): nullable,
		reflect.TypeFor[sellerdesk.Secret](): func() *huma.Schema {
			return &huma.Schema{Type: huma.TypeString, Format: "password"}
		},
		reflect.TypeFor[sellerdesk.EventKind]():  text, // grows: clients pass over what they do not know
		reflect.TypeFor[sellerdesk.ActionKind](): text,
		reflect.TypeFor[json.RawMessage](): func() *huma.Schema {
			return &huma.Schema{Description: "Depends on the kind"}
		},
	}
	m[reflect.TypeFor[sellerdesk.AuditKind]()] = text // grows too
	m[reflect.TypeFor[sellerdesk.Rights]()] = func() *huma.Schema {
		right := &huma.Schema{Type: huma.TypeString}
		for _, r := range sellerdesk.EveryRight() {
			right.Enum = append(right.Enum, string(r))
		}
		return &huma.Schema{Type: huma.TypeArray, Items: right}
	}
	enum(m, sellerdesk.Kinds()...)
	enum(m, sellerdesk.ConversationOpen, sellerdesk.ConversationSnoozed, sellerdesk.ConversationClosed, sellerdesk.ConversationArchived)
	enum(m, sellerdesk.AccountOK, sellerdesk.AccountPaused, sellerdesk.AccountExpired, sellerdesk.AccountBroken)
	enum(m, sellerdesk.AuthorBuyer, sellerdesk.AuthorAgent, sellerdesk.AuthorRule, sellerdesk.AuthorPlatform, sellerdesk.AuthorElsewhere)
	enum(m, sellerdesk.MessageReceived, sellerdesk.MessageQueued, sellerdesk.MessageSending, sellerdesk.MessageSent,
		sellerdesk.MessageDelivered, sellerdesk.MessageRead, sellerdesk.MessageRefused, sellerdesk.MessageUnknown, sellerdesk.MessageWithdrawn)
	enum(m, sellerdesk.FileWanted, sellerdesk.FileFetched, sellerdesk.FileGone, sellerdesk.FileRefused)
	enum(m, sellerdesk.Russian, sellerdesk.English)
	enum(m, sellerdesk.FindingOK, sellerdesk.FindingWarn, sellerdesk.FindingFail)
	enum(m, sellerdesk.WebhookActive, sellerdesk.WebhookPaused, sellerdesk.WebhookFailed)
	enum(m, sellerdesk.DeliveryWaiting, sellerdesk.DeliveryDelivered, sellerdesk.DeliveryFailed)
	enum(m, sellerdesk.JobRunning, sellerdesk.JobPaused, sellerdesk.JobStopped, sellerdesk.JobDone, sellerdesk.JobUndone, sellerdesk.JobPreview)
	enum(m, sellerdesk.CodeInvalid, sellerdesk.CodeNotFound, sellerdesk.CodeConflict, sellerdesk.CodeForbidden,
		sellerdesk.CodeUnsupported, sellerdesk.CodeLimited, sellerdesk.CodeUnavailable, sellerdesk.CodeInternal)
	return m
}

// enum names the values of a closed set.
func enum[T ~string](m map[reflect.Type]func() *huma.Schema, values ...T) {
	m[reflect.TypeFor[T]()] = func() *huma.Schema {
		s := &huma.Schema{Type: huma.TypeString}
		for _, v := range values {
			s.Enum = append(s.Enum, string(v))
		}
		return s
	}
}

// Schema gives the schema of a type: a reference for structs where allowed,
// "that or null" for pointers to them.
func (r *registry) Schema(t reflect.Type, allowRef bool, hint string) *huma.Schema {
	pointer := t.Kind() == reflect.Pointer
	base := t
	if pointer {
		base = t.Elem()
	}
	if own := r.own[base]; own != nil {
		s := own()
		s.Nullable = s.Nullable || pointer
		s.PrecomputeMessages()
		return s
	}
	switch base.Kind() {
	case reflect.Struct:
		return r.object(base, pointer, allowRef, hint)
	case reflect.Slice, reflect.Map:
		s := huma.SchemaFromType(r, base)
		s.Nullable = false // lists are never null here
		return s
	default:
		return huma.SchemaFromType(r, t)
	}
}

func (r *registry) object(t reflect.Type, pointer, allowRef bool, hint string) *huma.Schema {
	name := huma.DefaultSchemaNamer(t, hint)
	if known, there := r.types[name]; there && known != t {
		panic(fmt.Sprintf("two types are named %s: %s and %s", name, known, t))
	}
	if r.schemas[name] == nil {
		r.types[name] = t
		r.schemas[name] = &huma.Schema{} // ends recursion
		r.schemas[name] = huma.SchemaFromType(r, t)
	}
	if !allowRef {
		return r.schemas[name]
	}
	ref := &huma.Schema{Ref: refPrefix + name}
	if pointer {
		return &huma.Schema{AnyOf: []*huma.Schema{ref, {Type: "null"}}}
	}
	return ref
}

// SchemaFromRef gives what a reference points to; nil when to nothing.
func (r *registry) SchemaFromRef(ref string) *huma.Schema {
	return r.schemas[strings.TrimPrefix(ref, refPrefix)]
}

// TypeFromRef gives the Go type of a reference.
func (r *registry) TypeFromRef(ref string) reflect.Type {
	return r.types[strings.TrimPrefix(ref, refPrefix)]
}

// Map gives all schemas by name.
func (r *registry) Map() map[string]*huma.Schema { return r.schemas }

// RegisterTypeAlias is not needed here.
func (*registry) RegisterTypeAlias(reflect.Type, reflect.Type) {}

// MarshalJSON writes the schemas.
func (r *registry) MarshalJSON() ([]byte, error) { return json.Marshal(r.schemas) }

// MarshalYAML gives the schemas to a YAML writer.
func (r *registry) MarshalYAML() (any, error) { return r.schemas, nil }

// Interface guards.
var _ huma.Registry = (*registry)(nil)
