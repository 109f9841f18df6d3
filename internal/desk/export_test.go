package desk

// CheapPasswords makes the hashes of a test quick.
func (d *Desk) CheapPasswords() { d.Users.cost = passwordCost{time: 1, memory: 64, threads: 1} }

// SlowPasswords makes the hashes of a test slow enough to be seen by a clock.
func (d *Desk) SlowPasswords() { d.Users.cost = passwordCost{time: 2, memory: 8 << 10, threads: 1} }

// HouseCost tells what a password costs outside of tests.
func HouseCost() (passes, kib uint32, threads uint8) {
	c := houseCost()
	return c.time, c.memory, c.threads
}
