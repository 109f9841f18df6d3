// Package yandexmarket is a client of the parts of the Yandex Market Partner API that concern talking with buyers.
//
// Writes are sent once, reads are repeated after 5xx and network errors. Every failure is an *Error with the remote code and
// message; branch on the sentinels, never on message text. This is a first version: see the comments for what is not checked yet.
package yandexmarket
