// Package uploads keeps where remote sides have files of ours, by their content,
// so that a file goes there once however many messages carry it.
//
// It is part of package store; nobody else imports it.
package uploads
