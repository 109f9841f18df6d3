// Package telling has the verbs on webhooks: making and changing them, starting
// and stopping, another secret, a test, and sending again.
//
// It is part of package desk, which offers it as Desk.Webhooks; what sends is
// package hooks, which follows what is written here.
package telling
