// Package reference serves the contract as a page to be read: /docs, rendered
// from the OpenAPI document, in Russian and English frames, light and dark.
//
// It knows nothing of operations but what the document says, and needs nobody
// signed in, as the document holds nothing of the house. The page loads nothing
// from elsewhere, has no inline script or style, so that the strict policy of
// the server holds, and is whole without JavaScript, which only adds the search
// and the buttons that copy.
//
//	OpenAPI document (JSON) ─► read ─► page model ─► html/template ─► kept, with its tag
package reference
