// Package library has the screens of templates, texts of ours: finding one while an
// answer is written, and the pages of the settings where they are kept, edited with a
// look at how they read, and taken to a table and back.
//
// It is part of package web, which mounts it and gives it the frame of the page.
package library
