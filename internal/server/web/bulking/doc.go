// Package bulking is the screens of what is done to many conversations at once:
// the bar under the list where rows are selected, the dialog that shows what will
// happen before it does, and the jobs with their progress.
//
// Rows are selected in the browser. What goes to the server is either the
// conversations that were picked one by one, or the filter of the list as it is
// typed into the search; the rest is up to package desk.
package bulking
