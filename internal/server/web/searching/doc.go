// Package searching is the screens of the search: the page with its filters and
// counts, the results beside the list while a person types, and what an opened
// conversation shows of them.
//
// What is typed is the whole state: filters are clicked by following the address
// of the same question with one thing changed, so that whatever is clicked can
// be typed, in either language, and a link opens the same for a colleague.
package searching
