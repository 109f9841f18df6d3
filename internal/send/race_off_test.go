//go:build !race

package send_test

// crowd is how many conversations get the same file.
const crowd = 1000
