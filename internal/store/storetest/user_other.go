//go:build !unix

package storetest

import "syscall"

// otherUser leaves programs to the user of the test.
func otherUser(string) (*syscall.SysProcAttr, error) { return nil, nil }
