//go:build !race

package yandexmarket

// dayLength is how many minutes TestDay plays.
const dayLength = 24 * 60
