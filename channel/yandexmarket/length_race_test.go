//go:build race

package yandexmarket

// dayLength is how many minutes TestDay plays: two hours tell the detector of
// races all that a day does.
const dayLength = 2 * 60
