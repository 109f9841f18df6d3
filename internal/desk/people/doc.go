// Package people has the verbs on those who work here and on what they ask with:
// people and their roles, how they sign in, sessions, second factors, and keys of
// programs.
//
// It is part of package desk, which hands its verbs out; it says who somebody is
// and what they may do, never what is done with that.
package people
