//go:build !race

package custom_test

// raceDetector tells that everything takes many times longer.
const raceDetector = false
