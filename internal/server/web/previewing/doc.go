// Package previewing draws files as they are seen before anybody opens them:
// pictures in a grid, the first page of a PDF, a frame of a film, how loud a
// recording is, and a tile for everything else.
//
// Nothing of an original is loaded before a person asks for it: what stands on a
// page is the small pictures and figures made when the file came. Every box has
// its size before its picture arrives, so that nothing moves while one reads.
// What cannot be drawn is a clean tile.
//
// The browser's part is static/js/viewer.js and static/js/sounds.js.
package previewing
