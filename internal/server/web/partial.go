package web

import (
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"
)

// partialOpen and partialClose write the element of htmx that carries a
// fragment to its place. templ knows no element of this name as a container.
func partialOpen(target, swap string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, `<hx-partial hx-target="%s" hx-swap="%s">`, templ.EscapeString(target), templ.EscapeString(swap))
		return err
	})
}

func partialClose() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `</hx-partial>`)
		return err
	})
}
