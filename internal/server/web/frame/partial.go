package frame

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"
)

// PartialOpen and [PartialClose] write the element of htmx that carries a
// fragment to its place. templ knows no element of this name as a container.
func PartialOpen(target, swap string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, `<hx-partial hx-target="%s" hx-swap="%s">`, templ.EscapeString(target), templ.EscapeString(swap))
		return err
	})
}

// PartialClose ends what [PartialOpen] began.
func PartialClose() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `</hx-partial>`)
		return err
	})
}
