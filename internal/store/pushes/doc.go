// Package pushes keeps what remote sides send by themselves from the moment it
// is answered until it was read, and the door of each account that is pushed to.
//
// It is part of package store; nobody else imports it. It does not look into
// what came.
package pushes
