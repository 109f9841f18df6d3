// Package settings is the pages under /settings: one's own account with its
// second factor, sessions and keys, people and their roles, the keys of the
// house, webhooks with the log of their deliveries, the audit, and the status of
// each cabinet.
//
// It draws what stands inside the frame of the screens; the frame itself, the
// static files and the way errors are shown come from whoever mounts it, as
// [Host]. Each page asks the verbs of desk, which refuse what the person may not
// do; a link to a page stands in its menu only for those who may open it.
//
//	browser ─form─► handler ─verb─► desk ─► store
//	        ◄─page─ view model ◄───────────┘
//
// Secrets (a key, the secret of a webhook or of a second factor, recovery codes,
// a link) stand on the page that answers their making and nowhere else; such an
// answer is never kept by the browser.
//
// Its templates are generated together with those of package web.
package settings
