//go:build race

package web_test

// raced tells that everything takes about ten times as long.
const raced = true
