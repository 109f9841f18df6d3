package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/internal/desk"
	"github.com/sellerdesk/sellerdesk/internal/server"
	"github.com/sellerdesk/sellerdesk/internal/server/api/library"
	"github.com/sellerdesk/sellerdesk/internal/store"
)

// bodyTime is how long the body of a request may take to arrive.
const bodyTime = 20 * time.Second

// api is what the operations share.
type api struct {
	server *server.Server
	deps   server.Deps
	desk   *desk.Desk
	store  *store.Store
	huma   huma.API
	once   *once
}

// Mount mounts all operations.
func Mount(s *server.Server) { build(s) }

func build(s *server.Server) *api {
	d := s.Deps()
	a := &api{server: s, deps: d, desk: d.Desk, store: d.Store}
	a.once = newOnce(s, d.Store)
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Sellerdesk",
				Version:     version,
				Description: description(),
			},
			Components: &huma.Components{
				Schemas: newRegistry(),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "The API key."},
					"session": {Type: "apiKey", In: "cookie", Name: "sellerdesk_session", Description: "A signed-in browser."},
				},
			},
			Security: []map[string][]string{{"key": {}}, {"session": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{a.asProblem},
	}
	a.huma = huma.NewAPI(config, humago.NewAdapter(router{a}, ""))
	accounts{a}.mount()
	conversations{a}.mount()
	a.messages()
	a.talk()
	a.labels()
	a.handling()
	a.products()
	a.files()
	a.events()
	own{a}.mount()
	users{a}.mount()
	keys{a}.mount()
	audit{a}.mount()
	house{a}.mount()
	persons{a}.mount()
	webhooks{a}.mount()
	exports{a}.mount()
	a.searching()
	jobs{a}.mount()
	a.ownTemplates()
	finish(a.huma.OpenAPI())
	s.Handle("GET /v1/openapi.json", http.HandlerFunc(a.document))
	mountReference(a)
	return a
}

// Document is the OpenAPI document in YAML, as committed.
func Document() ([]byte, error) {
	return build(server.New(server.Deps{})).huma.OpenAPI().YAML()
}

// document answers with the contract. It needs nobody signed in: it holds
// nothing of the house.
func (a *api) document(w http.ResponseWriter, r *http.Request) {
	b, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		a.server.Problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b) // the client is gone: nobody to tell
}

// router mounts what huma registers. Every operation needs a person or a key,
// and every write is idempotent.
type router struct{ a *api }

// HandleFunc mounts one operation.
func (m router) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	handler := http.Handler(http.HandlerFunc(h))
	switch pattern {
	case importPattern:
		m.a.server.HandleBody(pattern, library.MaxTable, m.a.server.RequirePerson(m.a.once.handler(handler)))
	case uploadPattern:
		m.a.server.HandleBody(pattern, maxUploadBody, m.a.server.RequirePerson(handler))
	default:
		if isRead(pattern) {
			handler = joined(handler)
		} else {
			handler = m.a.once.handler(handler)
		}
		m.a.server.Handle(pattern, m.a.server.RequirePerson(handler))
	}
}

// ServeHTTP completes the interface of the adapter; the mux of the server
// serves.
func (router) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func isRead(pattern string) bool { return len(pattern) > 4 && pattern[:4] == "GET " }

// joined lets filters be repeated as well as take several values between
// commas: rating=4&rating=5 is rating=4,5.
func joined(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, repeated := r.URL.Query(), false
		for name, values := range query {
			if len(values) > 1 {
				query[name], repeated = []string{strings.Join(values, ",")}, true
			}
		}
		if repeated {
			r = r.Clone(r.Context())
			r.URL.RawQuery = query.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

type requestKey struct{}

// requestOf is the HTTP request behind an operation.
func requestOf(ctx context.Context) *http.Request {
	r, _ := ctx.Value(requestKey{}).(*http.Request)
	return r
}

// anybody is the right of operations that everybody who is signed in may use:
// they are about nobody but who asks.
const anybody sellerdesk.Right = ""

// rightExtension names, in the document, the right that an operation needs.
const rightExtension = "x-right"

// register adds an operation that needs a right, at least in one account; in
// which one is judged by the verb. Errors of its handler become problems.
func register[I, O any](a *api, right sellerdesk.Right, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	op.BodyReadTimeout = bodyTime
	if right != anybody {
		op.Extensions = map[string]any{rightExtension: string(right)}
	}
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		if right != anybody && !sellerdesk.AccessOf(r.Context()).MaySomewhere(right) {
			a.server.Problem(w, r, sellerdesk.Allow(r.Context(), right, 0))
			return
		}
		next(huma.WithValue(ctx, requestKey{}, r))
	}}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = problemResponse(a.huma.OpenAPI().Components.Schemas)
	if op.Method != http.MethodGet {
		op.Parameters = append(op.Parameters, keyParameter())
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, refusal{a.server.Describe(ctx, err)}
		}
		return out, nil
	})
}

// actor is the person who asks; RequirePerson stands before every operation.
func actor(ctx context.Context) sellerdesk.UserID {
	user, _ := server.Actor(ctx)
	return user.ID
}

// page is one page of a list.
type page[T any] struct {
	Items []T                 `json:"items"`
	Next  sellerdesk.Optional `json:"next" doc:"Cursor of the next page; null at the end"`
}

type pageOutput[T any] struct{ Body page[T] }

type output[T any] struct{ Body T }

func paged[T any](items []T, next string) *pageOutput[T] {
	return &pageOutput[T]{Body: page[T]{Items: filled(items), Next: sellerdesk.Optional(next)}}
}

// filled makes a list that is never null.
func filled[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// PageQuery are the parameters of every list. (huma sees embedded types only when exported.)
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items in a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before"`
}
