// Package library has the verbs on texts of ours: keeping, changing and removing
// templates, finding those that fit what somebody types, filling them in, and
// taking them to a table and back.
//
// It is part of package desk, which offers it as Desk.Library.
package library
