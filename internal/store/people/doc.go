// Package people keeps who works here and what they did lately: users, their
// sessions, the one-time links of the owner, the answers to their repeated
// writes and the settings of the house.
//
// It is part of package store, which hands out its handles with every
// transaction; nobody else imports it.
package people
