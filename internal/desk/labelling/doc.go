// Package labelling has the verbs on what a house sorts its conversations and people
// by: tags, fields, and the saved views that ask for them.
//
// It is part of package desk, which offers it as Desk.Tags, Desk.Fields and
// Desk.Views.
package labelling
