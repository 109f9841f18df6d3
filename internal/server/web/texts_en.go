package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// english is the table of English texts.
func english() *Texts {
	t := &Texts{}
	for _, fill := range []func(*Texts){englishPlaces, englishList, englishConversation, englishFiles, englishComposer, englishCard, englishAccounts, englishEntry, englishKeys, englishPhrases, englishFilters, englishPosts, englishClaims, englishProducts, englishLimits} {
		fill(t)
	}
	return t
}

// englishPlaces are the texts of places and the frame.
func englishPlaces(t *Texts) {
	t.Language = sellerdesk.English
	t.Product = "Sellerdesk"
	t.Inbox = "Inbox"
	t.Accounts = "Accounts"
	t.Settings = "Settings"
	t.SignOut = "Sign out"
	t.Back = "Back"
	t.Close = "Close"
	t.Save = "Save"
	t.Details = "Details"
	t.Keys = "Keyboard shortcuts"
	t.SkipToContent = "Skip to the conversation"
}

// englishList are the texts of the list.
func englishList(t *Texts) {
	t.FilterNeedsAnswer = "Needs answer"
	t.FilterUnread = "Unread"
	t.FilterAll = "All"
	t.FilterClosed = "Closed"
	t.AllAccounts = "All accounts"
	t.SortWaiting = "Nearest deadline"
	t.SortNewest = "Newest first"
	t.Sort = "Order"
	t.AccountFilter = "Account"
	t.FilterList = "Conversations"
	t.EmptyNeedsAnswer = "Everybody has an answer"
	t.EmptyUnread = "Nothing unread"
	t.EmptyAll = "No conversations yet"
	t.EmptyClosed = "Nothing closed"
	t.EmptyNeedsAnswerHint = "New messages from buyers appear here by themselves."
	t.EmptyAllHint = "Conversations appear as they are read from your accounts."
	t.EmptyFilterHint = "Try another filter or account."
	t.FirstRun = "Connect the first account"
	t.FirstRunHint = "Paste the token of your seller account. Sellerdesk reads your buyers’ messages and shows them here."
	t.AddAccount = "Add account"
	t.Unread = "Unread"
	t.NeedsAnswer = "Needs answer"
	t.You = "You"
	t.NoMatch = "Nothing in the list matches"
	t.FindInList = "Filter this list"
	t.Filters = "Filters"
	t.Automation = "Rule"
	t.ElsewhereShort = "In the cabinet"
	t.PlatformShort = "Marketplace"
	t.WhyNoTarget = "Waits; no target for this kind"
	t.BuyerUnknown = "Buyer"
	t.Kinds = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Chat", sellerdesk.KindQuestion: "Question", sellerdesk.KindReview: "Review", sellerdesk.KindClaim: "Return claim",
	}
}

// englishConversation are the texts of a conversation and the states of its messages.
func englishConversation(t *Texts) {
	t.PickConversation = "Choose a conversation"
	t.PickConversationHint = "J and K walk the list, Enter opens, R answers."
	t.NoAnswerNeeded = "No answer needed"
	t.CloseConversation = "Close"
	t.Reopen = "Reopen"
	t.MarkUnread = "Mark unread"
	t.Older = "Older messages"
	t.ShowAll = "Show all"
	t.AnsweredElsewhere = "Answered elsewhere"
	t.Today = "Today"
	t.Yesterday = "Yesterday"
	t.Edited = "edited"
	t.Closed = "Closed"
	t.Archived = "Archived"
	t.Snoozed = "Snoozed"
	t.NoMessages = "No messages yet"
	t.Messages = "Messages"
	t.ScrollDown = "New messages below"
	t.Person = "Colleague"
	t.Statuses = map[sellerdesk.MessageStatus]string{
		sellerdesk.MessageReceived: "Received", sellerdesk.MessageQueued: "Queued", sellerdesk.MessageSending: "Sending", sellerdesk.MessageSent: "Sent",
		sellerdesk.MessageDelivered: "Delivered", sellerdesk.MessageRead: "Read", sellerdesk.MessageRefused: "Refused",
		sellerdesk.MessageUnknown: "Not known whether it arrived", sellerdesk.MessageWithdrawn: "Withdrawn",
	}
	t.Reasons = map[sellerdesk.ReasonCode]string{
		sellerdesk.ReasonCredentials: "The marketplace no longer accepts the token of this account.", sellerdesk.ReasonExpired: "The token of this account has expired.",
		sellerdesk.ReasonScope: "The token lacks the right for this.", sellerdesk.ReasonReadOnly: "The token of this account may only read.",
		sellerdesk.ReasonPaused: "The account is paused; it leaves once the account goes on.", sellerdesk.ReasonThrottled: "Marketplace limit: it leaves as soon as the next request is allowed.",
		sellerdesk.ReasonUnreachable: "The marketplace does not answer; we try again by ourselves.", sellerdesk.ReasonOutcomeUnknown: "It left, and no answer came.",
		sellerdesk.ReasonMalformed: "The marketplace answered something we do not understand.", sellerdesk.ReasonGone: "This no longer exists at the marketplace.",
		sellerdesk.ReasonFileTooLarge: "The file is too large.", sellerdesk.ReasonFileUnreadable: "The picture is broken and cannot be drawn.",
		sellerdesk.ReasonCancelledByUser: "Taken back.", "no_slots": "All places for pinned reviews are taken. Unpin one first.", sellerdesk.ReasonElsewhere: "Somebody answered elsewhere first.", sellerdesk.ReasonEditing: "A new text is on its way.",
		sellerdesk.ReasonFileRefused: "The marketplace did not take the file.",
	}
	t.RefusedBecause = func(words string) string { return "Refused: " + words }
	t.UnknownOutcome = "Not known whether it arrived"
	t.CheckRisk = "Reads the conversation at the marketplace again. Nothing is sent."
	t.CheckStarted = "Looking at the marketplace. What is found appears here."
	t.ResendRisk = "If the first one arrived, the buyer gets the text twice."
	t.WithdrawUnknown = "Leave it as it is"
	t.Check = "Check"
	t.Resend = "Send again"
	t.ResendRefused = "Send again"
	t.Withdraw = "Take back"
}

// englishFiles are the texts of files.
func englishFiles(t *Texts) {
	t.FileWanted = "Loading…"
	t.FileGone = "No longer at the marketplace"
	t.FileRefused = "Not available"
	t.Download = "Download"
	t.Picture = "Picture"
	t.NextPicture = "Next picture"
	t.PrevPicture = "Previous picture"
	t.File = "File"
}

// englishComposer are the texts of the composer.
func englishComposer(t *Texts) {
	t.ReplyPlaceholder = "Write to the buyer"
	t.Send = "Send to chat"
	t.Attach = "Attach files"
	t.RemoveFile = "Remove"
	t.CannotReply = "No reply possible"
	t.DropHere = "Drop files here"
	t.Uploading = "Uploading"
	t.SendHint = "Ctrl+Enter"
	t.QueueHint = "It waits until the account goes on."
	t.EmptyReply = "Write something or attach a file first."
	t.CharactersLeft = "{} left"
	t.CharactersOver = "{} too many"
	t.TooManyFiles = "at most {} with one message"
	t.FileLimits = func(max int, size, types string) string {
		return fmt.Sprintf("Up to %d %s, %s each: %s", max, plural(max, "file", "files"), size, types)
	}
	t.FileTooLarge = func(limit string) string { return "larger than " + limit }
	t.FileWrongType = func(types string) string { return "only " + types }
	t.TotalTooLarge = func(limit string) string { return "together more than " + limit }
	t.UploadFailed = "not uploaded"
	t.EmptyFile = "empty file"
}

// englishCard are the texts of the card.
func englishCard(t *Texts) {
	t.Buyer = "Buyer"
	t.Order = "Order"
	t.Size = "Size"
	t.Article = "Article"
	t.Account = "Account"
	t.Channel = "Channel"
	t.Started = "Started"
	t.LastMessage = "Last message"
	t.WaitingSince = "Waiting since"
	t.AnswerDue = "Answer due"
	t.NoProduct = "No product named"
	t.Conversation = "Conversation"
}

// englishAccounts are the texts of accounts.
func englishAccounts(t *Texts) {
	t.States = map[sellerdesk.AccountState]string{
		sellerdesk.AccountOK: "Works", sellerdesk.AccountPaused: "Paused", sellerdesk.AccountExpired: "Token refused", sellerdesk.AccountBroken: "Needs attention",
	}
	t.AddAccountTitle = "Add an account"
	t.AddAccountHint = "The token is checked before anything is saved and stays encrypted on this server."
	t.BaseURL = "Another address"
	t.BaseURLHint = "Only for a sandbox or a proxy. Leave empty for the real marketplace."
	t.AccountName = "Name"
	t.NameHint = "As you call this shop among yourselves."
	t.Add = "Check and add"
	t.Checking = "Checking…"
	t.Pause = "Pause"
	t.ResumeAccount = "Go on"
	t.Rename = "Rename"
	t.Remove = "Remove"
	t.RemoveConfirm = "Remove for good"
	t.ReplaceToken = "Replace token"
	t.ReplaceHint = "The new token must belong to the same cabinet."
	t.TokenKind = "Token"
	t.TokenScopes = "May use"
	t.TokenUntil = "Valid until"
	t.TokenForever = "no end"
	t.TokenReadOnly = "reads only"
	t.TokenReadWrite = "reads and writes"
	t.Seller = "Seller"
	t.Legal = "Legal name"
	t.Rights = "Rights"
	t.Budget = "Marketplace limits"
	t.BudgetHint = "How many requests may leave right now, and what waits for its turn."
	t.BudgetNone = "Nothing asked yet."
	t.BucketName = "Group"
	t.BucketLeft = "Left"
	t.BucketNext = "Next request"
	t.BucketWaiting = "Waiting"
	t.Now = "now"
	t.Reading = "Reading"
	t.CaughtUp = "Up to date"
	t.NotYetRead = "Not read yet"
	t.ReadAt = "Last read"
	t.ItemsRead = "Read so far"
	t.Connected = "Connected"
	t.Danger = "Remove this account"
	t.NoChannel = "This build offers no channel."
	t.NoAccounts = "No accounts yet"
	t.NoAccountsHint = "An account is one seller cabinet on one marketplace."
	t.Access = "Access"
	t.EstimateUnknown = "estimating…"
	t.Optional = "optional"
	t.ExpiresIn = func(days int) string {
		if days <= 0 {
			return "The token expires today."
		}
		return fmt.Sprintf("The token expires in %d %s.", days, plural(days, "day", "days"))
	}
	t.Expired = "The token has expired. Nothing is read or sent until it is replaced."
	t.ReplaceNow = "Replace token"
	t.PausedHint = "Paused by a person: nothing is read, and what you write waits."
	t.Estimate = func(when string) string { return "done about " + when }
	t.Share = func(p int) string { return fmt.Sprintf("%d%%", p) }
	t.RemoveWarning = func(name string) string {
		return fmt.Sprintf("All conversations, messages and files of “%s” are deleted here. Nothing changes at the marketplace.", name)
	}
}

// englishEntry are the texts of signing in, settings and errors.
func englishEntry(t *Texts) {
	t.LanguageTitle = "Language"
	t.Theme = "Theme"
	t.ThemeSystem = "As the system"
	t.ThemeLight = "Light"
	t.ThemeDark = "Dark"
	t.Saved = "Saved"
	t.SignIn = "Sign in"
	t.Login = "Login"
	t.Password = "Password"
	t.Name = "Name"
	t.SignInHint = "Sign in to your desk."
	t.OwnerTitle = "Welcome"
	t.OwnerHint = "This link works once. Choose how you will sign in."
	t.OwnerCreate = "Create and sign in"
	t.PasswordHint = "At least 10 characters."
	t.LinkUsed = "This link has been used or has expired. Restart the server to get a new one."
	t.SignedInAs = "Signed in as"
	t.Owner = "owner"
	t.NoOwner = "There is no owner yet: open the one-time link that the server printed when it started."
	t.ErrorTitle = "That did not work"
	t.BackToInbox = "To the inbox"
	t.Offline = "No connection to the server. Reconnecting…"
	t.WrongLogin = "Login or password is wrong."
	t.Errors = map[string]string{"not_found ": "There is no such page."}
}

// englishKeys are the texts of keys and months.
func englishKeys(t *Texts) {
	t.KeyNext = "Next"
	t.KeyPrevious = "Previous"
	t.KeyOpen = "Open"
	t.KeyReply = "Answer"
	t.KeySend = "Send"
	t.KeySendNext = "Send and next"
	t.KeyClose = "Close or reopen"
	t.KeyUnread = "Unread"
	t.KeySearch = "Filter the list"
	t.KeyHelp = "This sheet"
	t.KeyBack = "Back to the list"
	t.KeysHint = "Keys work by their place on the keyboard, in any layout."
	t.Months = [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
}

// englishPhrases are the texts with a number, a size or a moment in them.
func englishPhrases(t *Texts) {
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
}

// englishFilters are the texts of kinds and filters.
func englishFilters(t *Texts) {
	t.KindsMany = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Chats", sellerdesk.KindQuestion: "Questions", sellerdesk.KindReview: "Reviews", sellerdesk.KindClaim: "Claims",
	}
	t.KindFilter, t.MoreFilters, t.FilterApply, t.FilterClear = "Kind of conversation", "Filters", "Show", "Clear all"
	t.FilterStars, t.FilterDates, t.FilterFrom, t.FilterTo = "Stars", "Written", "from", "to"
	t.FilterPhoto, t.FilterAnswer, t.FilterAnswered, t.FilterUnanswered, t.FilterAny = "With photos", "Answer", "Given", "None", "Any"
	t.EmptyHere = "Nothing fits these filters"
	t.FilterRemove = func(what string) string { return "Remove: " + what }
	t.FilterProduct = func(what string) string { return "Product: " + what }
	t.FilterSince = func(what string) string { return "from " + what }
	t.FilterBefore = func(what string) string { return "to " + what }
	t.FilterStar = func(what string) string { return what + "\u00a0★" }
	t.StarsOf = func(n int) string { return fmt.Sprintf("%d of 5 stars", n) }
	t.WhyHere = func(kind, words string) string { return kind + ": " + words }
}

// englishPosts are the texts of questions and reviews.
func englishPosts(t *Texts) {
	t.Actions = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionAnswer: "Answer", sellerdesk.ActionEdit: "Change the answer", sellerdesk.ActionReject: "Reject",
		sellerdesk.ActionView: "Mark as seen", sellerdesk.ActionPin: "Pin", sellerdesk.ActionUnpin: "Unpin",
		sellerdesk.ActionOrderReturn: "Order a return", sellerdesk.ActionArchive: "Archive", sellerdesk.ActionUnarchive: "Take out of the archive",
	}
	t.Sends = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionReply: t.Send, sellerdesk.ActionAnswer: "Answer publicly", sellerdesk.ActionEdit: "Change the answer", sellerdesk.ActionReject: "Reject the question",
	}
	t.Placeholders = map[sellerdesk.ActionKind]string{
		sellerdesk.ActionReply: t.ReplyPlaceholder, sellerdesk.ActionAnswer: "Write an answer", sellerdesk.ActionEdit: "The new text of the answer", sellerdesk.ActionReject: "Why the question is rejected",
	}
	t.Was, t.Became, t.ChangedByBuyer, t.ChangedAnswer = "Before", "Now", "The buyer changed this", "Earlier text of the answer"
	t.Supplement, t.Answer, t.Video, t.VideoOpens = "Supplement", "Answer", "The buyer's video", "opens at the marketplace"
	t.OrderStatus, t.NoText, t.NoTextRating, t.Tags = "Order", "No text", "Stars only, no text", "The buyer's marks"
	t.Published, t.InModeration, t.Pinned = "Published", "Being checked by the marketplace", "Pinned"
	t.Warned, t.Rejected = "The marketplace finds this question suspicious", "Question rejected"
	t.EditOnce, t.Cancel = "Can be changed once", "Cancel"
	t.ComposerModes, t.RejectHint, t.PublicHint = "What to do", "The question is rejected with this text.", "All buyers will see the answer."
	t.ReturnSure, t.ReturnHint = "Order a return of the goods?", "It leaves for the marketplace at once and cannot be taken back from here."
	t.CharactersMissing = "at least {} more"
	t.Fits = map[string]string{"ok": "Fits as expected", "smaller": "Runs small", "bigger": "Runs large"}
	t.OrderStatuses = map[string]string{"buyout": "bought", "returned": "returned", "rejected": "refused at pickup"}
	t.ModerationRefused = func(words string) string {
		if words == "" {
			return "Rejected by moderation"
		}
		return "Rejected by moderation: " + words
	}
	t.EditUntil = func(day string) string { return "Can be changed once until " + day }
	t.ReturnOrdered = func(when string) string { return "Return ordered " + when }
	t.WhyDecide = func(when string) string { return "decide by " + when }
	t.DecideUntil = func(when string) string { return "Decide by " + when }
}

// englishClaims are the texts of return claims.
func englishClaims(t *Texts) {
	t.Decide, t.Decided, t.DecidedElsewhere = "Decision", "Decided", "Decided in the cabinet"
	t.DecideSend, t.DecideSure = "Send the decision", "The decision leaves for the marketplace at once. It cannot be changed from here."
	t.DecideComment, t.DecisionOnItsWay, t.ByPerson = "Comment for the buyer", "Decision", "Decided by"
	t.Price, t.Ordered, t.Received, t.ClaimStatus, t.ClaimNote = "Price", "Ordered", "Received", "State", "Remark of the marketplace"
	t.NothingToDecide, t.ChooseDecision = "The marketplace offers no decision on this claim.", "Choose a decision first."
	t.ClaimStatuses = map[string]string{"under_review": "Under review", "refused": "Refused", "approved": "Approved"}
	t.Decisions = map[string]string{
		"stays_with_buyer": "refused, the buyer keeps the goods", "scrapped": "refunded, the goods are scrapped", "refunded_stays_with_buyer": "refunded, the buyer keeps the goods",
		"back_to_sale": "refunded, the goods are on sale again", "returned_to_seller": "refunded, the goods go back to the seller",
	}
	t.CommentBounds = func(least, most int) string {
		if least == 0 {
			return fmt.Sprintf("optional, up to %d characters", most)
		}
		return fmt.Sprintf("%d to %d characters", least, most)
	}
}

// englishProducts are the texts of the product's card.
func englishProducts(t *Texts) {
	t.ProductTitle, t.StarsTrend, t.Average, t.Month = "Product", "Stars of 12 months", "Average", "Month"
	t.ByMonths, t.LastAnswers, t.AllAbout = "By month", "Last answers about it", "All about this product"
	t.Reviews = func(n int) string { return fmt.Sprintf("%s %s", grouped(n, ","), plural(n, "review", "reviews")) }
}

// englishLimits are the texts of limits and reading.
func englishLimits(t *Texts) {
	t.BucketNames = map[string]string{
		"questions-feedbacks": "Questions and reviews", "chat-list": "List of chats", "chat-events": "News in chats", "chat-message": "Sending to chats",
		"chat-download": "Files of chats", "claim-list": "Return claims", "claim-answer": "Decisions on claims", "seller-info": "About the seller", "rating": "Rating of the seller",
	}
	t.StreamNames = map[string]string{
		"events": "News in chats", "chats": "List of chats", "questions": "Questions", "reviews": "Reviews", "questions.history": "All earlier questions",
		"reviews.history": "All earlier reviews", "reviews.archive": "Archive of reviews", "claims": "Return claims", "claims.archive": "Archive of claims", "pins": "Pinned reviews",
	}
	t.BucketUsed = "Used"
	t.SlowToken = "A slow token: the marketplace allows it only a few requests an hour. Everything works, but news come late and the history takes long. A personal token is faster."
	t.Repair, t.RepairHint = "Read everything again", "Reads the cabinet from its beginning. Nothing is lost or doubled."
	t.NextIn = func(wait string) string { return "in " + wait }
	t.LimitLine = func(wait string) string { return "Marketplace limit: next request in " + wait }
	t.Wait = func(d time.Duration) string { return shortWait(d, "s", "min", "h", "d") }
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

// shortWait says a wait that may be as short as seconds, rounded up.
func shortWait(d time.Duration, second, minute, hour, day string) string {
	if d < time.Minute {
		return fmt.Sprintf("%d\u00a0%s", max(1, int((d+time.Second-1)/time.Second)), second)
	}
	return duration(d, minute, hour, day)
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
