// Package web is the screens: pages and fragments rendered on the server, their
// style sheets, icons and browser modules.
//
// A handler decodes, asks one query of store or one verb of desk, and renders.
// Everything on a page comes from the vocabulary of the root package; what may
// be done is drawn from the abilities that come with each conversation, never
// decided here. Screen texts are one typed table for each
// language, in the package texts below.
//
// Data enters as requests of a signed-in person and as events of the log, and
// leaves as HTML. One stream for each page says what changed; the browser then
// asks once for everything on the page that is touched:
//
//	store ─commit─► live ─► /ui/events ─► browser: "conversation 12 changed"
//	                                        │ at most five times a second
//	        partials of list, thread, counters ◄─ GET /ui/refresh
//
// Buyer text is hostile: templ escapes it, package prose alone makes links of it, and
// nothing here writes unescaped markup. The package knows no brand and no SQL.
package web

//go:generate go tool -modfile=../../../tools/go.mod templ generate
