package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// englishWindows are the texts of windows, templates, buttons and menus.
func englishWindows(t *Table) {
	t.WindowOpen, t.WindowShut = "Window open for {} more", "Window closed: templates only"
	t.WindowUnpaid = "The balance of the messenger is used up: nothing can be sent until it is topped up"
	t.WindowHint = "The messenger takes ordinary messages only for a while after the buyer wrote, and afterwards nothing but templates that it approved in advance."
	t.DraftKept = "Your draft is kept."
	t.WindowOpenAgain = "The window is open again"
	t.BalanceFine = "the balance suffices"
	t.Quoted = "“{}”"
	t.ReadAnew = "Read anew"
	t.HourShort, t.MinuteShort, t.SecondShort = "h", "min", "s"

	t.Template, t.Templates, t.FindTemplate = "Template", "Templates", "Find a template"
	t.NoTemplates, t.NoTemplatesHint = "No templates", "They are made in the cabinet of the messenger; approved ones show up here by themselves."
	t.NoTemplateMatch, t.OtherTemplate, t.SendTemplate = "There is no such template", "Another template", "Send the template"
	t.Preview, t.FillIn, t.Example = "As the buyer sees it", "Not filled in: {}", "For example: {}"
	t.TemplateOpen, t.PreviewEmpty = "Send a template", "The message shows up here"
	t.TemplateStatuses = map[sellerdesk.TemplateStatus]string{
		sellerdesk.TemplateApproved: "Approved", sellerdesk.TemplatePaused: "Paused", sellerdesk.TemplateDisabled: "Disabled",
		sellerdesk.TemplatePending: "In review", sellerdesk.TemplateRejected: "Rejected",
	}
	t.TemplateCategories = map[string]string{"MARKETING": "Marketing", "UTILITY": "Utility", "AUTHENTICATION": "Sign-in code"}
	t.TemplateParts = map[string]string{"header": "Header", "body": "Text", "button": "Button {}"}
	t.FileFormats = map[string]string{"image": "Picture", "video": "Video", "document": "Document", "location": "Place on a map"}
	t.TemplatesLoading, t.TemplatesFailed, t.TryAgain = "Loading templates…", "The templates did not load.", "Try again"
	t.NoVariables, t.NeedsAddress = "Nothing to fill in: it leaves as it is.", "The address of a file is needed; it begins with https://"

	t.WithButtons, t.WithMenu, t.SendButtons, t.SendMenu = "With buttons", "With a menu", "Send with buttons", "Send with the menu"
	t.FormHeader, t.FormBody, t.FormFooter, t.FormButton = "Header", "Text", "Footer", "Button {}"
	t.AddButton, t.AddRow, t.AddSection, t.RemoveIt = "Add a button", "Add a row", "Add a section", "Remove"
	t.MenuButton, t.MenuSection, t.MenuRow, t.MenuHint = "Button of the menu", "Title of the section", "Row {}", "Description"
	t.SayBody, t.SayButton, t.SameButton = "Write the text of the message.", "Give every button its words.", "Two buttons say the same: the answer would not tell which was meant."
	t.SayMenuButton, t.SayRow, t.SaySection = "Name the button that opens the menu.", "Name every row of the menu.", "With several sections, each needs a title."
	t.TooLong, t.RowsLeft = "{}: longer than the messenger takes.", "rows: {}"
	t.DefaultMenuButton, t.Menu = "Choose", "Menu"
	t.MenuRows = "rows: {}"

	t.Voice, t.Audio, t.Listen = "Voice message", "Audio", "Listen"
	t.BucketNames["general"] = "All requests"
	t.ScopeNames["messaging"], t.ScopeNames["connections"], t.ScopeNames["webhooks"] = "Messages", "Connections", "Notifications"
	t.Reasons[sellerdesk.ReasonWindowShut] = "The window is closed: only a template can be sent."
	t.Reasons[sellerdesk.ReasonBalance] = "The balance of the messenger is used up: nothing can be sent until it is topped up."
	t.Reasons[sellerdesk.ReasonRight] = "You may read here, but not answer or change anything."
	t.Reasons[sellerdesk.ReasonNoMessenger] = "This person does not have the messenger, or may not be written to."
}

// englishWays are the texts of ways to write and of starting a chat by one.
func englishWays(t *Table) {
	t.Source, t.Sources, t.Phone, t.Username, t.Profile = "From", "Where we write from", "Phone", "User name", "Open the profile"
	t.SourcesHint, t.NoSources = "The numbers and names that messages leave from.", "No number or name is connected."
	t.SourceBy = map[sellerdesk.ChatSubject]string{sellerdesk.ChatWithPhone: "by phone", sellerdesk.ChatWithUsername: "by user name"}
	t.SourceByNone, t.SourceTemplates = "the buyer writes first", "with templates"
	t.StartChatHint = "Say whom to write to. Where there is a chat with this person already, that one opens."
	t.StartToPerson, t.StartToOrder, t.StartBy = "To a person", "About an order or a return", "Found by"
	t.StartSource = "Write from"
	t.StartPhone, t.StartPhoneHint = "Phone of the buyer", "In any spelling: +7 999 123-45-67 or 8 (999) 123-45-67."
	t.StartUsername, t.StartUsernameHint = "User name", "As in the messenger, with @ or without."
	t.StartForNobody = "Tell by the number or the name"
	t.ChatSubjects[sellerdesk.ChatWithPhone] = "By phone"
	t.ChatSubjects[sellerdesk.ChatWithUsername] = "By user name"
}

// englishPeople are the texts of people.
func englishPeople(t *Table) {
	t.PeoplePlace, t.PeopleHint = "People", "Those who wait first, then the most recent."
	t.NoPeople, t.NoPeopleHint = "Nobody yet", "They show up here as soon as they write."
	t.BackToPeople, t.Nameless = "To people", "Without a name"
	t.OtherTheirs, t.PersonPage = "Other conversations", "All about this person"
	t.FindPerson, t.NobodyFound = "Name or phone", "Nobody found"
	t.KnownBy, t.KnownNothing, t.Conversations = "How to reach them", "Nothing is known but the name.", "Conversations"
	t.History, t.NoHistory = "History", "Nothing here yet."
	t.Note, t.NoteHint = "Note", "the buyer will not see it"
	t.NotePlaceholder, t.AddNote = "What is worth remembering about this person", "Add the note"
	t.Merge, t.MergeTitle, t.MergeDo = "Merge…", "Merge with another person", "Merge"
	t.MergeHint = "Where one person writes from several numbers or messengers."
	t.MergeWho, t.MergeStays = "Who is to be joined", "Nothing is lost or moved: they can be taken apart at any time, and all is as it was."
	t.Unmerge, t.UnmergeHint = "Take apart", "Becomes a person of their own again, with their conversations and notes."
	t.MergedHere, t.MergedSince = "Merged with this person", "since {}"
	t.SamePerson, t.SamePersonHint = "Perhaps the same person", "Only you decide."
	t.MergeThem, t.NotTheSame = "Merge", "No, these are two people"
	t.LoadMore = "Show more"
	t.Evidences = map[sellerdesk.IdentityKind]string{
		sellerdesk.IdentityPhone: "The same phone {}", sellerdesk.IdentityUsername: "The same user name {}",
		sellerdesk.IdentityUser: "The same user of the messenger", sellerdesk.IdentityContact: "The same contact of the account",
	}
	t.Identities = map[sellerdesk.IdentityKind]string{
		sellerdesk.IdentityPhone: "Phone", sellerdesk.IdentityUsername: "User name", sellerdesk.IdentityUser: "User", sellerdesk.IdentityContact: "Contact",
	}
	t.WaitsIn = func(n int) string {
		return fmt.Sprintf("waits in %d %s", n, plural(n, "conversation", "conversations"))
	}
	t.ConversationsMany = func(n int) string { return fmt.Sprintf("%d %s", n, plural(n, "conversation", "conversations")) }
	t.MergeWill = func(name, into string) string {
		return fmt.Sprintf("“%s” becomes a part of “%s”: the conversations, orders and notes of both stand together.", name, into)
	}
	t.KeyPeople, t.KeyInbox, t.KeyTemplate, t.WriteThem = "To people", "To the inbox", "Template", "Write"
}
