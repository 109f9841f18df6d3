// Package beside is the operations on what people say to one another beside a
// conversation: notes, tasks, notifications, drafts, and who has it in front of
// them. Package api registers them.
//
// It decodes, calls one verb of desk and encodes; it decides nothing.
package beside
