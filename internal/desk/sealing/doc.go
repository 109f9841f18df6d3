// Package sealing has the verbs on the key that seals all secrets.
//
// It is part of package desk, which offers it as Desk.Secrets.
package sealing
