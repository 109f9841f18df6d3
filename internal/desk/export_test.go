package desk

// CheapPasswords makes the hashes of a test quick.
func CheapPasswords() PasswordCost { return PasswordCost{Time: 1, Memory: 64, Threads: 1} }

// SlowPasswords makes the hashes of a test slow enough to be seen by a clock.
func SlowPasswords() PasswordCost { return PasswordCost{Time: 1, Memory: 8 << 10, Threads: 1} }
