// Package hooks keeps webhooks and what is on its way to them.
//
// [Webhooks] are where events go and how far the log of events was looked at
// for each. [Deliveries] are events on their way, with the last try of each:
// they wait until they are delivered or given up, and stay for a while as a log.
// Secrets are sealed with the key of the store.
//
// It is part of package store; nobody else imports it.
package hooks
