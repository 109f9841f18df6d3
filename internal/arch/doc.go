// Package arch checks the shape of the whole repository in one test: who may
// import whom, how big a thing may grow, which words and imports stay where.
//
// The rules are data ([Law]); the checker reads source files only and knows no
// package of ours, so that a broken tree can still be judged. A rule changes
// together with the architecture, by a reviewed edit.
package arch
