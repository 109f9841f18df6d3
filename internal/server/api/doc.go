// Package api is the REST face of the program: the operations under /v1, their
// OpenAPI document and the idempotency of their writes.
//
// The Go types of the vocabulary are the source of the contract; docs/openapi.yaml
// is written from them by `go test ./internal/server/api -run Document -update`
// and reviewed like code. An operation decodes, calls one verb of desk or one
// query of store, and encodes. Who asks is found by package server before; the
// package knows neither sessions nor channels.
//
//	request ─► server chain ─► idempotency (writes) ─► huma: decode, validate ─► operation ─► desk | store
//
// Errors leave as application/problem+json, those of the decoding too.
package api
