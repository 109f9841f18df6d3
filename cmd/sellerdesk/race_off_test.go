//go:build !race

package main

// raceDetector tells that everything is slow for a good reason.
const raceDetector = false
