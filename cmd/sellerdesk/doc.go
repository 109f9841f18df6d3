// Command sellerdesk is the whole product in one program: the inbox (serve),
// the same with a world to play in (demo), that world alone (sandbox), and
// commands that speak to a running server (accounts, doctor) or measure it
// (bench).
//
// The parts of the product meet here and nowhere else: drivers.go lists the
// channels, serve.go builds everything from top to bottom. Commands read flags,
// call one thing and print; what they do stands in the packages below.
package main
