// Package config turns flags and SELLERDESK_* variables into one struct with
// documented defaults. A flag beats its variable, a variable beats the default.
//
// There is no configuration file, and settings that a person changes while the
// program runs live in the database. The package knows no command line library:
// it hands out the table of [Settings] and is told what was given.
package config
