// Package health tells how the program fares: figures for Prometheus, what is
// not ready, and findings in words for a person.
//
//	parts ── what they do ──► Metrics ──► GET /metrics
//	connectors ── HTTP ─────► Remote  ──┐
//	Run of each part ───────► Pulse   ──┼─► Checker ──► GET /readyz, GET /v1/status, doctor
//	store, data folder ─────────────────┘
//
// One table (causes.go) holds every cause with its sentences in Russian and
// English, so that the status page, the doctor and the screens say the same.
//
// Metrics know accounts by their ids only; names, texts and addresses of people
// never become labels.
package health
