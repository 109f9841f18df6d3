// Package persons says of people who write what the screens show: what they are
// known by, through which messengers they write, and why two may be the same.
package persons
