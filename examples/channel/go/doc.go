// Command go is a channel of one's own: what you type is what a buyer writes, and
// answers are printed. All of it stands in main.go, to be copied.
package main
