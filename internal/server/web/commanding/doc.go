// Package commanding is what a person commands the screens with: the sheet of
// keys, the page that changes them, and the palette that finds commands, places,
// people and conversations by what is typed, in either language and also in the
// wrong layout.
//
// Which command has which key is said by the root package; the module keys.js of
// the browser reads it from the sheet and knows nothing by itself. What a command
// does is known to the modules of the browser alone.
package commanding
