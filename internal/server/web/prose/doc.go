// Package prose shows text that others wrote: as text, whatever it holds. It is
// the only place of the screens that makes links of foreign text, and nothing
// that passes through it can turn the reading order of the page.
package prose
