package texts

import "github.com/sellerdesk/sellerdesk"

// Messenger is what the screens say of messengers: windows, templates, buttons,
// menus and ways to write. {} stands for what is filled in, by the browser too.
type Messenger struct {
	// The window.
	WindowOpen, WindowShut, WindowUnpaid, WindowHint      string
	DraftKept, WindowOpenAgain, BalanceFine               string
	HourShort, MinuteShort, SecondShort, ReadAnew, Quoted string

	// Templates.
	Template, Templates, FindTemplate, NoTemplates, NoTemplatesHint string
	NoTemplateMatch, OtherTemplate, SendTemplate, Preview           string
	FillIn, Example, TemplateOpen, PreviewEmpty                     string
	TemplateStatuses                                                map[sellerdesk.TemplateStatus]string
	TemplateCategories, TemplateParts, FileFormats                  map[string]string
	TemplatesLoading, TemplatesFailed, TryAgain, NoVariables        string
	NeedsAddress                                                    string

	// Buttons and menus.
	WithButtons, WithMenu, SendButtons, SendMenu          string
	FormHeader, FormBody, FormFooter, FormButton          string
	AddButton, AddRow, AddSection, RemoveIt               string
	MenuButton, MenuSection, MenuRow, MenuHint            string
	SayBody, SayButton, SameButton, SayMenuButton, SayRow string
	SaySection, TooLong, RowsLeft, DefaultMenuButton      string
	Menu, MenuRows                                        string

	// Files by what they are.
	Voice, Audio, Listen string

	// Ways to write.
	Source, Sources, SourcesHint, NoSources, Phone, Username, Profile string
	SourceBy                                                          map[sellerdesk.ChatSubject]string
	SourceByNone, SourceTemplates, StartChatHint, StartSource         string
	StartPhone, StartPhoneHint, StartUsername, StartUsernameHint      string
	StartToPerson, StartToOrder, StartBy, StartForNobody              string
}

// People is what the screens say of people.
type People struct {
	PeoplePlace, PeopleHint, NoPeople, NoPeopleHint, BackToPeople, Nameless string
	OtherTheirs, PersonPage, FindPerson, NobodyFound                        string
	KnownBy, KnownNothing, Conversations, History, NoHistory                string
	Note, NoteHint, NotePlaceholder, AddNote                                string
	Merge, MergeTitle, MergeHint, MergeWho, MergeDo, MergeStays             string
	Unmerge, UnmergeHint, MergedHere, MergedSince                           string
	SamePerson, SamePersonHint, MergeThem, NotTheSame                       string
	LoadMore                                                                string
	Evidences                                                               map[sellerdesk.IdentityKind]string
	Identities                                                              map[sellerdesk.IdentityKind]string
	WaitsIn, ConversationsMany                                              func(n int) string
	MergeWill                                                               func(name, into string) string
	KeyPeople, KeyInbox, KeyTemplate                                        string
	WriteThem                                                               string
}

// NetworkName names a messenger by its word in the vocabulary; one that is not
// known is named by that word.
func NetworkName(network string) string {
	switch network {
	case "whatsapp":
		return "WhatsApp"
	case "telegram":
		return "Telegram"
	case "max":
		return "MAX"
	case "vk":
		return "VK"
	case "viber":
		return "Viber"
	case "instagram":
		return "Instagram"
	case "avito":
		return "Avito"
	default:
		return network
	}
}
