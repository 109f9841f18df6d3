// Package people keeps who works here and what they did lately: users with
// their roles and second factors, sessions, keys of programs, one-time links,
// the answers to repeated writes and the settings of the house.
//
// It is part of package store, which hands out its handles with every
// transaction; nobody else imports it.
package people
