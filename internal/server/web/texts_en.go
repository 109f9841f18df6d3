package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// english is the table of English texts.
func english() *Texts {
	t := &Texts{
		Language: sellerdesk.English, Locale: "en-GB", DecimalMark: ".", Thousands: ",",
		Product: "Sellerdesk", Inbox: "Inbox", Accounts: "Accounts", Settings: "Settings", SignOut: "Sign out",
		Back: "Back", Close: "Close", Cancel: "Cancel", Save: "Save", Details: "Details", Keys: "Keyboard shortcuts",
		SkipToContent: "Skip to the conversation",

		FilterNeedsAnswer: "Needs answer", FilterUnread: "Unread", FilterAll: "All", FilterClosed: "Closed",
		AllAccounts: "All accounts", SortWaiting: "Nearest deadline", SortNewest: "Newest first", Sort: "Order", AccountFilter: "Account",
		FilterList: "Conversations", EmptyNeedsAnswer: "Everybody has an answer", EmptyUnread: "Nothing unread", EmptyAll: "No conversations yet",
		EmptyClosed: "Nothing closed", EmptyNeedsAnswerHint: "New messages from buyers appear here by themselves.",
		EmptyAllHint: "Conversations appear as they are read from your accounts.", EmptyFilterHint: "Try another filter or account.",
		FirstRun: "Connect the first account", FirstRunHint: "Paste the token of your seller account. Sellerdesk reads your buyers’ messages and shows them here.",
		AddAccount: "Add account", Unread: "Unread", NeedsAnswer: "Needs answer", You: "You", LoadMore: "Show more", NoMatch: "Nothing in the list matches",
		FindInList: "Filter this list", Filters: "Filters", Automation: "Rule", ElsewhereShort: "In the cabinet", PlatformShort: "Marketplace",
		WhyNoTarget:  "Waits; no target for this kind",
		BuyerUnknown: "Buyer",
		Kinds: map[sellerdesk.Kind]string{
			sellerdesk.KindChat: "Chat", sellerdesk.KindQuestion: "Question", sellerdesk.KindReview: "Review", sellerdesk.KindClaim: "Return claim",
		},

		PickConversation: "Choose a conversation", PickConversationHint: "J and K walk the list, Enter opens, R answers.",
		NoAnswerNeeded: "No answer needed", CloseConversation: "Close", Reopen: "Reopen", MarkUnread: "Mark unread", MarkRead: "Mark read",
		Older: "Older messages", ShowAll: "Show all", AnsweredElsewhere: "Answered elsewhere", Today: "Today", Yesterday: "Yesterday", Edited: "edited",
		Closed: "Closed", Archived: "Archived", Snoozed: "Snoozed", NoMessages: "No messages yet", Messages: "Messages", NewMessage: "New message",
		ScrollDown: "New messages below", Person: "Colleague",
		Statuses: map[sellerdesk.MessageStatus]string{
			sellerdesk.MessageReceived: "Received", sellerdesk.MessageQueued: "Queued", sellerdesk.MessageSending: "Sending", sellerdesk.MessageSent: "Sent",
			sellerdesk.MessageDelivered: "Delivered", sellerdesk.MessageRead: "Read", sellerdesk.MessageRefused: "Refused",
			sellerdesk.MessageUnknown: "Not known whether it arrived", sellerdesk.MessageWithdrawn: "Withdrawn",
		},
		Reasons: map[sellerdesk.ReasonCode]string{
			sellerdesk.ReasonCredentials: "The marketplace no longer accepts the token of this account.", sellerdesk.ReasonExpired: "The token of this account has expired.",
			sellerdesk.ReasonScope: "The token lacks the right for this.", sellerdesk.ReasonReadOnly: "The token of this account may only read.",
			sellerdesk.ReasonPaused: "The account is paused; it leaves once the account goes on.", sellerdesk.ReasonThrottled: "Marketplace limit: it leaves as soon as the next request is allowed.",
			sellerdesk.ReasonUnreachable: "The marketplace does not answer; we try again by ourselves.", sellerdesk.ReasonOutcomeUnknown: "It left, and no answer came.",
			sellerdesk.ReasonMalformed: "The marketplace answered something we do not understand.", sellerdesk.ReasonGone: "This no longer exists at the marketplace.",
			sellerdesk.ReasonFileTooLarge: "The file is too large.", sellerdesk.ReasonFileUnreadable: "The picture is broken and cannot be drawn.",
			sellerdesk.ReasonCancelledByUser: "Taken back.",
		},
		RefusedBecause: func(words string) string { return "Refused: " + words },
		UnknownOutcome: "Not known whether it arrived",
		CheckRisk:      "Reads the conversation at the marketplace again. Nothing is sent.",
		CheckStarted:   "Looking at the marketplace. What is found appears here.",
		ResendRisk:     "If the first one arrived, the buyer gets the text twice.", WithdrawUnknown: "Leave it as it is",
		Check: "Check", Resend: "Send again", ResendRefused: "Send again", Withdraw: "Take back",

		FileWanted: "Loading…", FileGone: "No longer at the marketplace", FileRefused: "Not available", Download: "Download", Picture: "Picture",
		NextPicture: "Next picture", PrevPicture: "Previous picture", File: "File",

		ReplyPlaceholder: "Write to the buyer", Send: "Send to chat", Attach: "Attach files", RemoveFile: "Remove", CannotReply: "No reply possible",
		DropHere: "Drop files here", Uploading: "Uploading", SendHint: "Ctrl+Enter", QueueHint: "It waits until the account goes on.", DraftKept: "Draft kept in this browser",
		EmptyReply:     "Write something or attach a file first.",
		CharactersLeft: "{} left", CharactersOver: "{} too many", TooManyFiles: "at most {} with one message",
		FileLimits: func(max int, size, types string) string {
			return fmt.Sprintf("Up to %d %s, %s each: %s", max, plural(max, "file", "files"), size, types)
		},
		FileTooLarge:  func(limit string) string { return "larger than " + limit },
		FileWrongType: func(types string) string { return "only " + types },
		TotalTooLarge: func(limit string) string { return "together more than " + limit },
		UploadFailed:  "not uploaded", EmptyFile: "empty file",

		Buyer: "Buyer", Order: "Order", Price: "Price", Size: "Size", Article: "Article", Account: "Account", Channel: "Channel", Started: "Started",
		LastMessage: "Last message", WaitingSince: "Waiting since", AnswerDue: "Answer due", NoProduct: "No product named", Conversation: "Conversation",
		Copy: "Copy", Copied: "Copied",

		States: map[sellerdesk.AccountState]string{
			sellerdesk.AccountOK: "Works", sellerdesk.AccountPaused: "Paused", sellerdesk.AccountExpired: "Token refused", sellerdesk.AccountBroken: "Needs attention",
		},
		AddAccountTitle: "Add an account", AddAccountHint: "The token is checked before anything is saved and stays encrypted on this server.",
		BaseURL: "Another address", BaseURLHint: "Only for a sandbox or a proxy. Leave empty for the real marketplace.",
		AccountName: "Name", NameHint: "As you call this shop among yourselves.", Add: "Check and add", Checking: "Checking…",
		Pause: "Pause", ResumeAccount: "Go on", Rename: "Rename", Remove: "Remove", RemoveConfirm: "Remove for good",
		ReplaceToken: "Replace token", ReplaceHint: "The new token must belong to the same cabinet.", TokenKind: "Token", TokenScopes: "May use",
		TokenUntil: "Valid until", TokenForever: "no end", TokenReadOnly: "reads only", TokenReadWrite: "reads and writes", Seller: "Seller", Legal: "Legal name",
		Rights: "Rights", Budget: "Marketplace limits", BudgetHint: "How many requests may leave right now, and what waits for its turn.",
		BudgetNone: "Nothing asked yet.", BucketName: "Group", BucketLeft: "Left", BucketNext: "Next request", BucketWaiting: "Waiting", Now: "now",
		Reading: "Reading", CaughtUp: "Up to date", NotYetRead: "Not read yet", ReadAt: "Last read", ItemsRead: "Read so far", Stream: "Stream",
		Connected: "Connected", Danger: "Remove this account", NoChannel: "This build offers no channel.", NoAccounts: "No accounts yet",
		NoAccountsHint: "An account is one seller cabinet on one marketplace.", Access: "Access", EstimateUnknown: "estimating…", Optional: "optional",
		ExpiresIn: func(days int) string {
			if days <= 0 {
				return "The token expires today."
			}
			return fmt.Sprintf("The token expires in %d %s.", days, plural(days, "day", "days"))
		},
		Expired: "The token has expired. Nothing is read or sent until it is replaced.", ReplaceNow: "Replace token",
		PausedHint: "Paused by a person: nothing is read, and what you write waits.",
		Estimate:   func(when string) string { return "done about " + when },
		Share:      func(p int) string { return fmt.Sprintf("%d%%", p) },
		RemoveWarning: func(name string) string {
			return fmt.Sprintf("All conversations, messages and files of “%s” are deleted here. Nothing changes at the marketplace.", name)
		},

		LanguageTitle: "Language", Theme: "Theme", ThemeSystem: "As the system", ThemeLight: "Light", ThemeDark: "Dark", Profile: "Profile", Saved: "Saved",
		SignIn: "Sign in", Login: "Login", Password: "Password", Name: "Name", SignInHint: "Sign in to your desk.", OwnerTitle: "Welcome",
		OwnerHint: "This link works once. Choose how you will sign in.", OwnerCreate: "Create and sign in", PasswordHint: "At least 10 characters.",
		LinkUsed: "This link has been used or has expired. Restart the server to get a new one.", PasswordAgain: "Password again", SignedInAs: "Signed in as", Owner: "owner",
		NoOwner: "There is no owner yet: open the one-time link that the server printed when it started.", ErrorTitle: "That did not work",
		NotFound: "There is no such page.", BackToInbox: "To the inbox", Offline: "No connection to the server. Reconnecting…", Reconnected: "Connected again",
		SomethingWentAway: "It is gone.", TryAgain: "Try again",
		WrongLogin: "Login or password is wrong.",
		Errors:     map[string]string{"not_found ": "There is no such page."},

		KeyNext: "Next", KeyPrevious: "Previous", KeyOpen: "Open", KeyReply: "Answer", KeySend: "Send", KeySendNext: "Send and next", KeyClose: "Close or reopen", KeyUnread: "Unread",
		KeySearch: "Filter the list", KeyHelp: "This sheet", KeyBack: "Back to the list", KeysHint: "Keys work by their place on the keyboard, in any layout.",
		Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	t.NewAbove = func(n int) string { return fmt.Sprintf("%d new above", n) }
	t.FilesOnly = func(n int) string { return fmt.Sprintf("%d %s", n, plural(n, "file", "files")) }
	t.Short = func(d time.Duration) string { return duration(d, "min", "h", "d") }
	t.Waiting = func(d time.Duration) string { return "Waiting " + duration(d, "min", "h", "d") }
	t.DueUntil = func(when string) string { return "answer by " + when }
	t.DueSince = func(when string) string { return "overdue since " + when }
	t.Day = func(d time.Time, withYear bool) string {
		s := fmt.Sprintf("%d %s", d.Day(), t.Months[d.Month()-1])
		if withYear {
			s += fmt.Sprintf(" %d", d.Year())
		}
		return s
	}
	t.ShortDay = func(d time.Time) string { return fmt.Sprintf("%d %s", d.Day(), t.Months[d.Month()-1][:3]) }
	t.Exact = func(d time.Time) string { return t.Day(d, true) + d.Format(", 15:04:05 MST") }
	t.Bytes = func(n int64) string { return bytes(n, ".", "B", "KB", "MB") }
	t.Number = func(n int) string { return grouped(n, ",") }
	return t
}

// plural chooses between the two English forms.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// duration says a wait in its largest unit, with a no-break space.
func duration(d time.Duration, minute, hour, day string) string {
	switch {
	case d < time.Minute:
		return "<\u202f1\u00a0" + minute
	case d < time.Hour:
		return fmt.Sprintf("%d\u00a0%s", int(d.Minutes()), minute)
	case d < 24*time.Hour:
		h, m := int(d.Hours()), int(d.Minutes())%60
		if h >= 6 || m == 0 {
			return fmt.Sprintf("%d\u00a0%s", h, hour)
		}
		return fmt.Sprintf("%d\u00a0%s %d\u00a0%s", h, hour, m, minute)
	default:
		return fmt.Sprintf("%d\u00a0%s", int(d.Hours()/24), day)
	}
}

// bytes says a size in its largest unit with at most one decimal.
func bytes(n int64, mark, b, kb, mb string) string {
	switch {
	case n < 1024:
		return fmt.Sprintf("%d\u00a0%s", n, b)
	case n < 1<<20:
		return fmt.Sprintf("%d\u00a0%s", (n+512)/1024, kb)
	default:
		s := strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/(1<<20)), ".0")
		return strings.Replace(s, ".", mark, 1) + "\u00a0" + mb
	}
}

// grouped writes a number with its thousands apart.
func grouped(n int, mark string) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}
