package sellerdesk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sellerdesk/sellerdesk"
)

// orderReady is a template with variables in each part.
func orderReady() sellerdesk.RemoteTemplate {
	return sellerdesk.RemoteTemplate{
		Name: "order_ready", Language: "ru",
		Header: &sellerdesk.TemplateHeader{Format: "text", Text: "Заказ {{1}}"},
		Body:   "{{1}}, заказ {{ 2 }} готов. {{1}}, ждём!",
		Footer: "Магазин",
		Variables: []sellerdesk.TemplateVariable{
			{Name: "1", Part: "header", Format: "text", MaxLength: 20},
			{Name: "1", Part: "body", Format: "text", MaxLength: 900},
			{Name: "2", Part: "body", Format: "text", MaxLength: 900},
			{Name: "1", Part: "button", Button: 1, Format: "text", MaxLength: 50},
		},
	}
}

func TestATemplateIsFilledInEachPartOfItsOwn(t *testing.T) {
	t.Parallel()
	got, err := orderReady().Fill([]string{"№ 7", "Анна", "{{1}}", "7"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Заказ № 7\nАнна, заказ {{1}} готов. Анна, ждём!\nМагазин"; got != want {
		t.Errorf("the buyer reads %q, want %q", got, want)
	}
}

func TestATemplateIsShownAsFarAsItIsFilledIn(t *testing.T) {
	t.Parallel()
	got := orderReady().Preview([]string{"№ 7", "", "12"})
	if want := "Заказ № 7\n{{1}}, заказ 12 готов. {{1}}, ждём!\nМагазин"; got != want {
		t.Errorf("the preview is %q, want %q", got, want)
	}
	if got, want := (sellerdesk.RemoteTemplate{Body: "Спасибо!"}).Preview(nil), "Спасибо!"; got != want {
		t.Errorf("the preview is %q, want %q", got, want)
	}
}

func TestATemplateThatIsNotFilledInIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	picture := sellerdesk.RemoteTemplate{
		Name: "sale", Header: &sellerdesk.TemplateHeader{Format: "image"}, Body: "Скидки!",
		Variables: []sellerdesk.TemplateVariable{{Name: "image", Part: "header", Format: "image"}},
	}
	for _, c := range []struct {
		name     string
		template sellerdesk.RemoteTemplate
		values   []string
		want     string
	}{
		{"nothing is filled in", orderReady(), nil, "The variable {{1}} of the header is not filled in."},
		{"one is only white space", orderReady(), []string{"7", " \n", "12", "7"}, "The variable {{1}} of the body is not filled in."},
		{"the one of a button is missing", orderReady(), []string{"7", "Анна", "12"}, "The variable {{1}} of button 2 is not filled in."},
		{"one is too long", orderReady(), []string{strings.Repeat("ы", 21), "Анна", "12", "7"}, "The variable {{1}} of the header has 21 characters; it takes up to 20."},
		{"there are too many", orderReady(), []string{"1", "2", "3", "4", "5"}, "The template order_ready takes 4 variables, and 5 are given."},
		{"together they are too long", orderReady(), []string{"7", strings.Repeat("я", 600), "12", "7"}, "Filled in, the text of the template has 1225 characters; it takes up to 1024."},
		{"there is no picture", picture, []string{""}, "The template needs the address of a file: {{image}} of the header (image)."},
		{"the picture is no address", picture, []string{"file:///etc/passwd"}, "The variable {{image}} of the header takes the address of a file, beginning with https://."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := c.template.Fill(c.values)
			refusedIn(t, err, "variables", c.want)
		})
	}
}

func TestPlaceholdersAreToldFromOtherBraces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                              nil,
		"no braces":                     nil,
		"{{1}} and {{2}} and {{1}}":     {"1", "2"},
		"{{ order_number }}":            {"order_number"},
		"{{}} {{ }} {{a b}} {{я}} {1}}": nil,
		"{{{1}}}":                       {"1"},
		"{{1":                           nil,
		"{{x {{1}}":                     {"1"},
	} {
		if got := sellerdesk.TemplatePlaceholders(text); !slices.Equal(got, want) {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
}

func FuzzATemplateNeverLosesWhatStandsAroundItsVariables(f *testing.F) {
	f.Add("{{1}} и {{2}}", "раз")
	f.Add("{{{1}}}}", "{{1}}")
	f.Fuzz(func(t *testing.T, body, value string) {
		template := sellerdesk.RemoteTemplate{Body: body}
		if got := template.Preview(nil); got != body {
			t.Errorf("%q without variables became %q", body, got)
		}
		for _, name := range sellerdesk.TemplatePlaceholders(body) {
			template.Variables = append(template.Variables, sellerdesk.TemplateVariable{Name: name, Part: "body"})
		}
		if len(template.Variables) > 0 && strings.TrimSpace(value) != "" && !strings.Contains(template.Preview([]string{value}), value) {
			t.Errorf("%q lost %q", body, value)
		}
	})
}

// limits are those of a messenger.
func limits() sellerdesk.InteractiveLimits {
	return sellerdesk.InteractiveLimits{Body: 1024, Header: 60, Footer: 60, Buttons: 3, ButtonTitle: 20, Sections: 10, Rows: 10, RowTitle: 24, Description: 72}
}

func buttons(titles ...string) sellerdesk.Interactive {
	return sellerdesk.Interactive{Kind: sellerdesk.InteractiveButtons, Body: "Подтвердить?", Buttons: titles}
}

func menu(sections ...sellerdesk.MenuSection) sellerdesk.Interactive {
	return sellerdesk.Interactive{Kind: sellerdesk.InteractiveMenu, Body: "Что выбрать?", Menu: &sellerdesk.Menu{Button: "Меню", Sections: sections}}
}

func section(title string, rows ...string) sellerdesk.MenuSection {
	s := sellerdesk.MenuSection{Title: title}
	for _, r := range rows {
		s.Rows = append(s.Rows, sellerdesk.MenuRow{Title: r})
	}
	return s
}

func TestAnInteractiveMessageWithinItsLimitsIsTaken(t *testing.T) {
	t.Parallel()
	for name, i := range map[string]sellerdesk.Interactive{
		"three buttons":             buttons("Да", "Нет", strings.Repeat("я", 20)),
		"a menu of one section":     menu(section("", "Красный", "Синий")),
		"a menu of ten rows in two": menu(section("Раз", "1", "2", "3", "4", "5"), section("Два", "6", "7", "8", "9", "10")),
	} {
		if err := i.Check(limits()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := buttons("Да").Text(); got != "Подтвердить?" {
		t.Errorf("the buyer reads %q", got)
	}
}

func TestAnInteractiveMessageThatDoesNotFitIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	changed := func(i sellerdesk.Interactive, change func(*sellerdesk.Interactive)) sellerdesk.Interactive {
		change(&i)
		return i
	}
	for _, c := range []struct {
		name        string
		i           sellerdesk.Interactive
		field, want string
	}{
		{"no kind", sellerdesk.Interactive{Body: "?"}, "interactive.kind", "Say whether the message has buttons or a menu."},
		{"products", sellerdesk.Interactive{Kind: "product_list"}, "interactive.kind", `Messages of the kind "product_list" are not supported: only buttons and menus are.`},
		{"a location", sellerdesk.Interactive{Kind: "location_request_message", Body: "?"}, "interactive.kind", `Messages of the kind "location_request_message" are not supported: only buttons and menus are.`},
		{"no text", changed(buttons("Да"), func(i *sellerdesk.Interactive) { i.Body = " " }), "interactive.body", "The text is empty."},
		{"a long text", changed(buttons("Да"), func(i *sellerdesk.Interactive) { i.Body = strings.Repeat("я", 1025) }), "interactive.body", "The text has 1025 characters; it takes up to 1024."},
		{"a long header", changed(buttons("Да"), func(i *sellerdesk.Interactive) { i.Header = strings.Repeat("я", 61) }), "interactive.header", "The header has 61 characters; it takes up to 60."},
		{"a long footer", changed(buttons("Да"), func(i *sellerdesk.Interactive) { i.Footer = strings.Repeat("я", 61) }), "interactive.footer", "The footer has 61 characters; it takes up to 60."},
		{"no buttons", buttons(), "interactive.buttons", "The message needs a button."},
		{"four buttons", buttons("1", "2", "3", "4"), "interactive.buttons", "There are 4 buttons; a message takes up to 3."},
		{"an empty button", buttons("Да", ""), "interactive.buttons", "Button 2 is empty."},
		{"a long button", buttons(strings.Repeat("я", 21)), "interactive.buttons", "Button 1 has 21 characters; it takes up to 20."},
		{"the same button twice", buttons("Да", "Да"), "interactive.buttons", `Two buttons say "Да": the answer would not tell which was meant.`},
		{"buttons and a menu", changed(buttons("Да"), func(i *sellerdesk.Interactive) { i.Menu = &sellerdesk.Menu{} }), "interactive.menu", "A message with buttons has no menu."},
		{"a menu and buttons", changed(menu(section("", "1")), func(i *sellerdesk.Interactive) { i.Buttons = []string{"Да"} }), "interactive.buttons", "A message with a menu has no other buttons."},
		{"a menu without rows", menu(), "interactive.menu", "The menu has no rows."},
		{"an empty section", menu(section("Раз")), "interactive.menu", "Section 1 of the menu has no rows."},
		{"a menu that nothing opens", changed(menu(section("", "1")), func(i *sellerdesk.Interactive) { i.Menu.Button = "" }), "interactive.menu", "The button of the menu is empty."},
		{"sections without titles", menu(section("", "1"), section("Два", "2")), "interactive.menu", "The title of section 1 is empty."},
		{"eleven rows", menu(section("Раз", "1", "2", "3", "4", "5", "6"), section("Два", "1", "2", "3", "4", "5")), "interactive.menu", "The menu has 11 rows; it takes up to 10 over all sections."},
		{"a long row", menu(section("", "1", strings.Repeat("я", 25))), "interactive.menu", "The title of row 2 has 25 characters; it takes up to 24."},
		{"a long description", menu(sellerdesk.MenuSection{Rows: []sellerdesk.MenuRow{{Title: "1", Description: strings.Repeat("я", 73)}}}), "interactive.menu", "The description of row 1 has 73 characters; it takes up to 72."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refusedIn(t, c.i.Check(limits()), c.field, c.want)
		})
	}
}

// refusedIn wants one sentence about one field.
func refusedIn(t *testing.T, err error, field, sentence string) {
	t.Helper()
	var e *sellerdesk.Error
	if !errors.As(err, &e) {
		t.Fatalf("the outcome is %v", err)
	}
	if d := cmp.Diff(sellerdesk.Error{Code: sellerdesk.CodeInvalid, Field: field, Message: sentence}, *e); d != "" {
		t.Error(d)
	}
}
