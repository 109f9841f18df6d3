// Package exporting has the verbs that take much away at once.
//
// It is part of package desk, which offers it as Desk.Exports.
package exporting
