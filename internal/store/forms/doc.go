// Package forms keeps what messages of ours carry beyond text and files: a
// template, buttons or a menu. Few have such, so it stands in a table of its own.
//
// It is part of package store; nobody else imports it.
package forms
