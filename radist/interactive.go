package radist

import (
	"errors"
	"fmt"
)

// InteractiveType tells what a customer can choose from, an open set. Products,
// groups of products and requests for a place exist at WhatsApp; the service
// does not take them.
type InteractiveType string

// The types that can be sent.
const (
	InteractiveButtons InteractiveType = "button"
	InteractiveMenu    InteractiveType = "list"
)

// Limits of interactive messages; lengths are in characters.
const (
	MaxButtons           = 3
	MaxRows              = 10 // of a menu, over all its sections
	MaxButtonTitle       = 20 // also the label that opens a menu
	MaxButtonID          = 256
	MaxRowTitle          = 24
	MaxRowDescription    = 72
	MaxRowID             = 200
	MaxSectionTitle      = 24
	MaxInteractiveHeader = 60
	MaxInteractiveBody   = 1024
	MaxInteractiveFooter = 60
)

// Interactive is a message of WhatsApp for business with up to three buttons or
// a menu of up to ten rows.
type Interactive struct {
	// Kind is InteractiveButtons or InteractiveMenu.
	Kind InteractiveType
	// Header is optional: words, or for buttons also a picture, film or document.
	Header Header
	Body   string // required
	Footer string // "" means none
	// Buttons are those of InteractiveButtons, one to three.
	Buttons []Button
	// MenuLabel opens the menu of InteractiveMenu, Sections are what is in it.
	MenuLabel string
	Sections  []Section
}

// Header stands above a body. The zero value is none.
type Header struct {
	Text string
	// Media is a link to a file instead of a text, Kind what it is: TypeImage,
	// TypeVideo or TypeFile.
	Media string
	Kind  MessageType
}

// Button answers with its title when it is pressed.
type Button struct{ ID, Title string }

// Section is a part of a menu. Its title may be "" when it is the only one.
type Section struct {
	Title string
	Rows  []Row
}

// Row is a line of a menu.
type Row struct {
	ID, Title   string
	Description string // "" means none
}

// Type is TypeInteractive.
func (Interactive) Type() MessageType { return TypeInteractive }

// Check tells in one sentence what WhatsApp would refuse about the message, nil
// when it can be sent.
func (i Interactive) Check() error { return i.check() }

func (i Interactive) check() error {
	if err := i.Header.check(i.Kind == InteractiveButtons); err != nil {
		return err
	}
	if err := checkText("body", i.Body, 1, MaxInteractiveBody); err != nil {
		return err
	}
	if err := checkText("footer", i.Footer, 0, MaxInteractiveFooter); err != nil {
		return err
	}
	switch i.Kind {
	case InteractiveButtons:
		if i.MenuLabel != "" || len(i.Sections) > 0 {
			return errors.New("a message with buttons has no menu")
		}
		return checkButtons(i.Buttons)
	case InteractiveMenu:
		if len(i.Buttons) > 0 {
			return errors.New("a message with a menu has no buttons")
		}
		return checkMenu(i.MenuLabel, i.Sections)
	default:
		return fmt.Errorf("interactive messages of the type %q are not supported", oneLine(string(i.Kind), longestName))
	}
}

func (h Header) check(mediaAllowed bool) error {
	switch {
	case h.Media == "":
		return checkText("header", h.Text, 0, MaxInteractiveHeader)
	case h.Text != "":
		return errors.New("a header has a text or a file, not both")
	case !mediaAllowed:
		return errors.New("the header of a menu can only be a text")
	case h.Kind != TypeImage && h.Kind != TypeVideo && h.Kind != TypeFile:
		return errors.New("the file of a header is an image, a video or a document")
	}
	return checkLink("header", h.Media)
}

func checkButtons(buttons []Button) error {
	if n := len(buttons); n < 1 || n > MaxButtons {
		return fmt.Errorf("there are %d buttons, 1 to %d are allowed", n, MaxButtons)
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for n, b := range buttons {
		if err := checkText(fmt.Sprintf("title of button %d", n+1), b.Title, 1, MaxButtonTitle); err != nil {
			return err
		}
		if err := checkText(fmt.Sprintf("id of button %d", n+1), b.ID, 1, MaxButtonID); err != nil {
			return err
		}
		if ids[b.ID] || titles[b.Title] {
			return fmt.Errorf("button %d has the id or the title of another one", n+1)
		}
		ids[b.ID], titles[b.Title] = true, true
	}
	return nil
}

func checkMenu(label string, sections []Section) error {
	if err := checkText("label of the menu", label, 1, MaxButtonTitle); err != nil {
		return err
	}
	rows, ids := 0, map[string]bool{}
	for n, s := range sections {
		least := 0
		if len(sections) > 1 {
			least = 1
		}
		if err := checkText(fmt.Sprintf("title of section %d", n+1), s.Title, least, MaxSectionTitle); err != nil {
			return err
		}
		if len(s.Rows) == 0 {
			return fmt.Errorf("section %d of the menu has no rows", n+1)
		}
		for _, r := range s.Rows {
			rows++
			if err := r.check(rows); err != nil {
				return err
			}
			if ids[r.ID] {
				return fmt.Errorf("row %d has the id of another one", rows)
			}
			ids[r.ID] = true
		}
	}
	if rows < 1 || rows > MaxRows {
		return fmt.Errorf("the menu has %d rows, 1 to %d are allowed", rows, MaxRows)
	}
	return nil
}

func (r Row) check(n int) error {
	if err := checkText(fmt.Sprintf("title of row %d", n), r.Title, 1, MaxRowTitle); err != nil {
		return err
	}
	if err := checkText(fmt.Sprintf("description of row %d", n), r.Description, 0, MaxRowDescription); err != nil {
		return err
	}
	return checkText(fmt.Sprintf("id of row %d", n), r.ID, 1, MaxRowID)
}
