// Package jobs keeps what is done to many conversations: the jobs, and for each
// the conversations that matched when it began, so that every one is done once
// whatever happens in between.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it. It does not know what a job does.
package jobs
