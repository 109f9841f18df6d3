// Package templates keeps the texts that messengers approved in advance, as the
// remote side listed them last.
//
// It is part of package store; nobody else imports it.
package templates
