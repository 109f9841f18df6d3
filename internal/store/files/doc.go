// Package files keeps the attachments of buyers and ours: what is known of them,
// which are wanted from the remote side, and where they belong. Their bytes are
// kept elsewhere.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package files
