package sellerdesk

import (
	"maps"
	"slices"
	"strings"
)

// Command is something that a key of the screens does.
type Command string

// The commands, in the order of the sheet of keys.
const (
	CommandNext        Command = "next"
	CommandPrevious    Command = "previous"
	CommandOpen        Command = "open"
	CommandReply       Command = "reply"
	CommandNote        Command = "note"
	CommandTemplate    Command = "template"
	CommandSend        Command = "send"
	CommandSendNext    Command = "send_next"
	CommandClose       Command = "close"
	CommandSnooze      Command = "snooze"
	CommandAssign      Command = "assign"
	CommandTag         Command = "tag"
	CommandUnread      Command = "unread"
	CommandSelect      Command = "select"
	CommandSelectRange Command = "select_range"
	CommandSelectAll   Command = "select_all"
	CommandStart       Command = "start"
	CommandSearch      Command = "search"
	CommandPalette     Command = "palette"
	CommandGo          Command = "go"
	CommandGoInbox     Command = "go_inbox"
	CommandGoPeople    Command = "go_people"
	CommandGoSettings  Command = "go_settings"
	CommandBack        Command = "back"
	CommandHelp        Command = "help"
)

// CommandKey is the key of a command. A key is named by its place on the keyboard,
// as browsers do, so that it is the same in every layout: "KeyR", "Slash", with
// "Shift+" or "Ctrl+" before it; "Go+" is the key of [CommandGo], pressed before.
type CommandKey struct {
	Command Command `json:"command"`
	Key     string  `json:"key"`
	// Fixed: it has no other key, because that is what it is everywhere, and it
	// works also where the keys are switched off.
	Fixed bool `json:"fixed"`
}

// UsualKeys are the commands with the keys they have for who changed nothing.
func UsualKeys() []CommandKey {
	return []CommandKey{
		{Command: CommandNext, Key: "KeyJ"},
		{Command: CommandPrevious, Key: "KeyK"},
		{Command: CommandOpen, Key: "Enter", Fixed: true},
		{Command: CommandReply, Key: "KeyR"},
		{Command: CommandNote, Key: "KeyN"},
		{Command: CommandTemplate, Key: "KeyT"},
		{Command: CommandSend, Key: "Ctrl+Enter", Fixed: true},
		{Command: CommandSendNext, Key: "Ctrl+Shift+Enter", Fixed: true},
		{Command: CommandClose, Key: "KeyE"},
		{Command: CommandSnooze, Key: "KeyS"},
		{Command: CommandAssign, Key: "KeyA"},
		{Command: CommandTag, Key: "KeyL"},
		{Command: CommandUnread, Key: "KeyU"},
		{Command: CommandSelect, Key: "KeyX"},
		{Command: CommandSelectRange, Key: "Shift+KeyX"},
		{Command: CommandSelectAll, Key: "Ctrl+KeyA", Fixed: true},
		{Command: CommandStart, Key: "KeyC"},
		{Command: CommandSearch, Key: "Slash"},
		{Command: CommandPalette, Key: "Ctrl+KeyK", Fixed: true},
		{Command: CommandGo, Key: "KeyG"},
		{Command: CommandGoInbox, Key: "Go+KeyI"},
		{Command: CommandGoPeople, Key: "Go+KeyP"},
		{Command: CommandGoSettings, Key: "Go+KeyS"},
		{Command: CommandBack, Key: "Escape", Fixed: true},
		{Command: CommandHelp, Key: "Shift+Slash"},
	}
}

// Shortcuts are how the keys of a person differ from [UsualKeys]. The zero value
// is that they do not.
type Shortcuts struct {
	// Off: single keys do nothing, as who dictates or types by accident wants.
	Off bool `json:"off"`
	// Keys are commands with another key; "" is none at all.
	Keys map[Command]string `json:"keys"`
}

// All are all commands with the keys they have for the person.
func (s Shortcuts) All() []CommandKey {
	all := UsualKeys()
	for i, c := range all {
		if key, ok := s.Keys[c.Command]; ok && !c.Fixed {
			all[i].Key = key
		}
	}
	return all
}

// Differing leaves out of the keys those that are as usual.
func (s Shortcuts) Differing() Shortcuts {
	out := Shortcuts{Off: s.Off, Keys: map[Command]string{}}
	for _, c := range UsualKeys() {
		if key, ok := s.Keys[c.Command]; ok && key != c.Key {
			out.Keys[c.Command] = key
		}
	}
	return out
}

// Check tells what is wrong with the keys that a person wants: a command there is
// not or whose key is fixed, a key that is none, two commands on one key. The
// field of the error is the command.
func (s Shortcuts) Check() error {
	usual := UsualKeys()
	for _, command := range slices.Sorted(maps.Keys(s.Keys)) {
		i := slices.IndexFunc(usual, func(c CommandKey) bool { return c.Command == command })
		if i < 0 || usual[i].Fixed {
			return Errorf(CodeInvalid, "There is no command %.40q whose key could be changed.", string(command)).InField("shortcuts")
		}
		key, after := strings.CutPrefix(s.Keys[command], "Go+")
		if s.Keys[command] != "" && (!pressable(key) || after != strings.HasPrefix(usual[i].Key, "Go+")) {
			return Errorf(CodeInvalid, "%.40q is no key for %s.", s.Keys[command], command).InField(string(command))
		}
	}
	taken := map[string]Command{}
	for _, c := range s.All() {
		if c.Key == "" {
			continue
		}
		if other, ok := taken[c.Key]; ok {
			return Errorf(CodeConflict, "The key of %s is that of %s already.", c.Command, other).InField(string(c.Command))
		}
		taken[c.Key] = c.Command
	}
	return nil
}

// pressable tells whether a key is a single one that writes a character, with or
// without Shift: all others mean something to browsers or to those who cannot use
// a mouse.
func pressable(key string) bool {
	key = strings.TrimPrefix(key, "Shift+")
	if letter, ok := strings.CutPrefix(key, "Key"); ok {
		return len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'Z'
	}
	if digit, ok := strings.CutPrefix(key, "Digit"); ok {
		return len(digit) == 1 && digit[0] >= '0' && digit[0] <= '9'
	}
	return slices.Contains([]string{
		"Backquote", "Minus", "Equal", "BracketLeft", "BracketRight", "Backslash", "Semicolon", "Quote", "Comma", "Period", "Slash",
	}, key)
}
