// Package reach decides which addresses the program may call when somebody else
// names them, as that of a webhook: none of this machine, of its network or of
// its cloud, unless the operator allows it.
//
// An address is judged twice. [Guard.Check] judges what a person enters, so that
// a mistake is told at once; [Guard.DialContext] judges what a name stands for at
// every connection and connects to the address that it judged, so that a name
// that changes its mind between the two (DNS rebinding) gains nothing.
//
// It knows nothing of HTTP: redirects and proxies are for the caller to refuse.
package reach
