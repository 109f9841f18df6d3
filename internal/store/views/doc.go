// Package views keeps the questions that people ask of the list again and again.
// What they show is not kept: it is what the list shows to who looks.
//
// It is part of package store; nobody else imports it.
package views
