// Package media keeps the bytes of files by the hash of their content.
//
// Bytes enter through [Dir.Put], which streams them to the disk under a cap,
// tells their type by content and draws a small picture of those that can be
// drawn: pictures by ourselves, the first page of a PDF with pdftoppm and a frame
// of a film with ffmpeg, where these are installed. Of recordings and films it
// tells how long they play, by their heads. Bytes leave through [Dir.Open]. A name never comes near a path: only
// hashes do, and they are checked. The same bytes are kept once.
//
//	DIR/ab/cdef…   bytes whose SHA-256 is abcdef…
//	DIR/tmp/       bytes on their way in; emptied by Open of the folder
//
// The package knows no account, no message and no table; who needs which hash
// is the business of the store.
package media
