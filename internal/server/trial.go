package server

import (
	"context"
	"net/http"
)

// Trial lets a new house be tried with made-up buyers beside no real ones. Nil
// functions are not allowed; who calls them has asked for the rights.
type Trial struct {
	// Begin starts a world of buyers and adds its accounts. It does nothing where one
	// runs already.
	Begin func(context.Context) error
	// End removes the accounts with all that came from them, and the world.
	End func(context.Context) error
	// Running gives the address of the page that plays the buyers; "" when no world runs.
	Running func() string
}

// FromThisMachine tells whether a browser on the machine of the server asks, under
// a name of the machine, so that other ports of it can be reached too.
func FromThisMachine(r *http.Request) bool {
	return loopbackAddress(r.RemoteAddr) && loopbackHost(r.Host) && r.Header.Get("X-Forwarded-For") == ""
}
