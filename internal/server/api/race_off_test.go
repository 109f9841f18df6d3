//go:build !race

package api_test

// raceDetector tells that everything takes about ten times as long.
const raceDetector = false
