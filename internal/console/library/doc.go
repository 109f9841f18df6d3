// Package library is the commands on texts of ours that are said again and again. It
// is part of the commands of package console.
package library
