package texts

import (
	"fmt"
	"strings"
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// English is the table of English texts.
func English() *Table {
	t := &Table{}
	for _, fill := range []func(*Table){englishPlaces, englishList, englishConversation, englishFiles, englishComposer, englishCard, englishAccounts, englishEntry, englishKeys, englishPhrases, englishFilters, englishPosts, englishClaims, englishProducts, englishLimits, englishChats, englishPushes, englishWindows, englishWays, englishPeople} {
		fill(t)
	}
	return t
}

// englishPlaces are the texts of places and the frame.
func englishPlaces(t *Table) {
	t.Language = sellerdesk.English
	t.Product, t.Inbox, t.Accounts = "Sellerdesk", "Inbox", "Accounts"
	t.Settings, t.SignOut, t.Back = "Settings", "Sign out", "Back"
	t.Close, t.Save, t.Details = "Close", "Save", "Details"
	t.Keys, t.SkipToContent = "Keyboard shortcuts", "Skip to the conversation"
}

// englishList are the texts of the list.
func englishList(t *Table) {
	t.FilterNeedsAnswer, t.FilterUnread, t.FilterAll = "Needs answer", "Unread", "All"
	t.FilterClosed, t.AllAccounts, t.SortWaiting = "Closed", "All accounts", "Nearest deadline"
	t.SortNewest, t.Sort, t.AccountFilter = "Newest first", "Order", "Account"
	t.FilterList, t.EmptyNeedsAnswer, t.EmptyUnread = "Conversations", "Everybody has an answer", "Nothing unread"
	t.EmptyAll, t.EmptyClosed, t.EmptyNeedsAnswerHint = "No conversations yet", "Nothing closed", "New messages from buyers appear here by themselves."
	t.EmptyAllHint, t.EmptyFilterHint = "Conversations appear as they are read from your accounts.", "Try another filter or account."
	t.FirstRun = "Connect the first account"
	t.FirstRunHint, t.AddAccount = "Paste the token of your seller account. Sellerdesk reads your buyers’ messages and shows them here.", "Add account"
	t.Unread, t.NeedsAnswer, t.You = "Unread", "Needs answer", "You"
	t.Filters = "Filters"
	t.Automation, t.ElsewhereShort, t.PlatformShort = "Rule", "Elsewhere", "Marketplace"
	t.WhyNoTarget, t.BuyerUnknown = "Waits; no target for this kind", "Buyer"
	t.Kinds = map[sellerdesk.Kind]string{
		sellerdesk.KindChat: "Chat", sellerdesk.KindQuestion: "Question", sellerdesk.KindReview: "Review", sellerdesk.KindClaim: "Return claim",
	}
}

// englishConversation are the texts of a conversation and the states of its messages.
func englishConversation(t *Table) {
	t.PickConversation, t.PickConversationHint = "Choose a conversation", "J and K walk the list, Enter opens, R answers."
	t.NoAnswerNeeded, t.CloseConversation, t.Reopen = "No answer needed", "Close", "Reopen"
	t.MarkUnread, t.Older, t.ShowAll = "Mark unread", "Older messages", "Show all"
	t.AnsweredElsewhere, t.Today, t.Yesterday = "Answered elsewhere", "Today", "Yesterday"
	t.Edited, t.Closed, t.Archived = "edited", "Closed", "Archived"
	t.Snoozed, t.NoMessages, t.Messages = "Snoozed", "No messages yet", "Messages"
	t.ScrollDown, t.Person = "New messages below", "Colleague"
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
		sellerdesk.ReasonCancelledByUser: "Taken back.", sellerdesk.ReasonSignature: "Something came whose signature is missing, wrong or old, and was not taken. Compare the secret and the clock on both sides.", "no_slots": "All places for pinned reviews are taken. Unpin one first.", sellerdesk.ReasonElsewhere: "Somebody answered elsewhere first.", sellerdesk.ReasonEditing: "A new text is on its way.",
		sellerdesk.ReasonFileRefused: "The marketplace did not take the file.",
		sellerdesk.ReasonArbitration: "An arbiter of the marketplace decides now; until then nobody else may write.", sellerdesk.ReasonFinished: "The marketplace has finished this chat.",
		sellerdesk.ReasonOpening: "The chat could not be opened, so this was not sent.",
	}
	t.RefusedBecause = func(words string) string { return "Refused: " + words }
	t.UnknownOutcome, t.CheckRisk = "Not known whether it arrived", "Reads the conversation at the marketplace again. Nothing is sent."
	t.CheckStarted, t.ResendRisk = "Looking at the marketplace. What is found appears here.", "If the first one arrived, the buyer gets the text twice."
	t.WithdrawUnknown, t.Check, t.Resend = "Leave it as it is", "Check", "Send again"
	t.ResendRefused, t.Withdraw = "Send again", "Take back"
}

// englishFiles are the texts of files.
func englishFiles(t *Table) {
	t.FileWanted, t.FileGone, t.FileRefused = "Loading…", "No longer at the marketplace", "Not available"
	t.Download, t.Picture, t.NextPicture = "Download", "Picture", "Next picture"
	t.PrevPicture, t.File = "Previous picture", "File"
}

// englishComposer are the texts of the composer.
func englishComposer(t *Table) {
	t.ReplyPlaceholder, t.Send, t.Attach = "Write to the buyer", "Send to chat", "Attach files"
	t.RemoveFile, t.CannotReply, t.DropHere = "Remove", "No reply possible", "Drop files here"
	t.Uploading, t.SendHint, t.QueueHint = "Uploading", "Ctrl+Enter", "It waits until the account goes on."
	t.EmptyReply, t.CharactersLeft, t.CharactersOver = "Write something or attach a file first.", "{} left", "{} too many"
	t.TooManyFiles = "at most {} with one message"
	t.FileLimits = func(max int, size, types string) string {
		return fmt.Sprintf("Up to %d %s, %s each: %s", max, plural(max, "file", "files"), size, types)
	}
	t.FileTooLarge = func(limit string) string { return "larger than " + limit }
	t.FileWrongType = func(types string) string { return "only " + types }
	t.TotalTooLarge = func(limit string) string { return "together more than " + limit }
	t.UploadFailed, t.EmptyFile = "not uploaded", "empty file"
}

// englishCard are the texts of the card.
func englishCard(t *Table) {
	t.Buyer, t.Order, t.Size = "Buyer", "Order", "Size"
	t.Article, t.Account, t.Channel = "Article", "Account", "Channel"
	t.Started, t.LastMessage, t.WaitingSince = "Started", "Last message", "Waiting since"
	t.AnswerDue, t.NoProduct, t.Conversation = "Answer due", "No product named", "Conversation"
}

// englishAccounts are the texts of accounts.
func englishAccounts(t *Table) {
	t.States = map[sellerdesk.AccountState]string{
		sellerdesk.AccountOK: "Works", sellerdesk.AccountPaused: "Paused", sellerdesk.AccountExpired: "Token refused", sellerdesk.AccountBroken: "Needs attention",
	}
	t.AddAccountTitle, t.AddAccountHint = "Add an account", "The token is checked before anything is saved and stays encrypted on this server."
	t.BaseURL, t.BaseURLHint, t.AccountName = "Another address", "Only for a sandbox or a proxy. Leave empty for the real marketplace.", "Name"
	t.NameHint, t.Add, t.Checking = "As you call this shop among yourselves.", "Check and add", "Checking…"
	t.Pause, t.ResumeAccount, t.Rename = "Pause", "Go on", "Rename"
	t.Remove, t.RemoveConfirm, t.ReplaceToken = "Remove", "Remove for good", "Replace token"
	t.ReplaceHint, t.TokenKind, t.TokenScopes = "The new token must belong to the same cabinet.", "Token", "May use"
	t.TokenUntil, t.TokenForever, t.TokenReadOnly = "Valid until", "no end", "reads only"
	t.TokenReadWrite, t.Seller, t.Legal = "reads and writes", "Seller", "Legal name, tax no."
	t.Rights, t.Budget, t.BudgetHint = "Rights", "Marketplace limits", "How many requests may leave right now, and what waits for its turn."
	t.BudgetNone, t.BucketName = "Nothing asked yet.", "Group"
	t.BucketNext, t.BucketWaiting, t.Now = "Next request", "Waiting", "now"
	t.Reading, t.CaughtUp, t.NotYetRead = "Reading", "Up to date", "Not read yet"
	t.ReadAt, t.ItemsRead, t.Connected = "Last read", "Read so far", "Connected"
	t.Danger, t.NoChannel, t.NoAccounts = "Remove this account", "This build offers no channel.", "No accounts yet"
	t.NoAccountsHint, t.Access, t.EstimateUnknown = "An account is one seller cabinet on one marketplace.", "Access", "estimating…"
	t.Optional = "optional"
	t.ExpiresIn = func(days int) string {
		if days <= 0 {
			return "The token expires today."
		}
		return fmt.Sprintf("The token expires in %d %s.", days, plural(days, "day", "days"))
	}
	t.Expired, t.ReplaceNow = "The token has expired. Nothing is read or sent until it is replaced.", "Replace token"
	t.PausedHint = "Paused by a person: nothing is read, and what you write waits."
	t.Estimate = func(when string) string { return "done about " + when }
	t.Share = func(p int) string { return fmt.Sprintf("%d%%", p) }
	t.RemoveWarning = func(name string) string {
		return fmt.Sprintf("All conversations, messages and files of “%s” are deleted here. Nothing changes at the marketplace.", name)
	}
}

// englishEntry are the texts of signing in, settings and errors.
func englishEntry(t *Table) {
	t.LanguageTitle, t.Theme, t.ThemeSystem = "Language", "Theme", "As the system"
	t.ThemeLight, t.ThemeDark, t.Saved = "Light", "Dark", "Saved"
	t.SignIn, t.Login, t.Password = "Sign in", "Login", "Password"
	t.Name, t.SignInHint, t.OwnerTitle = "Name", "Sign in to your desk.", "Welcome"
	t.OwnerHint, t.OwnerCreate, t.PasswordHint = "This link works once. Choose how you will sign in.", "Create and sign in", "At least 10 characters."
	t.LinkDead = "This link no longer works"
	t.LinkUsed, t.SignedInAs, t.Owner = "This link has been used or has expired. Restart the server to get a new one.", "Signed in as", "owner"
	t.NoOwner, t.ErrorTitle = "There is no owner yet: open the one-time link that the server printed when it started.", "That did not work"
	t.BackToInbox, t.Offline, t.WrongLogin = "To the inbox", "No connection to the server. Reconnecting…", "Login or password is wrong."
	t.Errors = map[string]string{"not_found ": "There is no such page."}
	t.Refusals = map[sellerdesk.ReasonCode]string{sellerdesk.ReasonCredentials: "The marketplace does not accept this token."}
}

// englishKeys are the texts of keys and months.
func englishKeys(t *Table) {
	t.KeyNext, t.KeyPrevious, t.KeyOpen = "Next", "Previous", "Open"
	t.KeyReply, t.KeySend, t.KeySendNext = "Answer", "Send", "Send and next"
	t.KeyClose, t.KeyUnread, t.KeySearch = "Close or reopen", "Unread", "Filter the list"
	t.KeyHelp, t.KeyBack, t.KeysHint = "This sheet", "Back to the list", "Keys work by their place on the keyboard, in any layout."
	t.Months = [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
}

// englishPhrases are the texts with a number, a size or a moment in them.
func englishPhrases(t *Table) {
	t.WholeChannel = func(title string) string { return "All of " + title }
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
func englishFilters(t *Table) {
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
func englishPosts(t *Table) {
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
func englishClaims(t *Table) {
	t.Decide, t.Decided, t.DecidedElsewhere = "Decision", "Decided", "Decided at the marketplace, not here"
	t.DecideSend, t.DecideSure = "Send the decision", "The decision leaves for the marketplace at once. It cannot be changed from here."
	t.DecideComment, t.DecisionOnItsWay = "Comment for the buyer", "Decision"
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
func englishProducts(t *Table) {
	t.ProductTitle, t.StarsTrend, t.Average, t.Month = "Product", "Ratings of 12 months", "Average", "Month"
	t.ByMonths, t.LastAnswers, t.AllAbout = "By month", "Latest answers about it", "All about this product"
	t.Reviews = func(n int) string { return fmt.Sprintf("%s %s", grouped(n, ","), plural(n, "review", "reviews")) }
}

// englishLimits are the texts of limits and reading.
func englishLimits(t *Table) {
	t.BucketNames = map[string]string{
		"questions-feedbacks": "Questions and reviews", "chat-list": "List of chats", "chat-events": "News in chats", "chat-message": "Messages of chats",
		"chat-download": "Files of chats", "pin": "Pinned reviews", "claim-list": "Return claims", "claim-answer": "Decisions on claims", "seller-info": "About the seller", "rating": "Rating of the seller",
		"chats": "Lists of chats", "chat": "About a chat", "chat-history": "Histories of chats", "chat-send": "Replies to chats", "chat-file": "Files to chats", "chat-new": "New chats",
		"reviews": "Reviews", "review-comments": "Comments of reviews", "review-comment-update": "Answers to reviews", "review-comment-delete": "Deleting answers", "review-skip": "Skipping reviews",
		"questions": "Questions", "question-answers": "Answers to questions", "question-update": "Answering questions",
		"campaigns": "Shops", "campaign": "About a shop", "token": "Check of the key", "settings": "Settings of the cabinet",
	}
	t.StreamNames = map[string]string{
		"events": "News in chats", "chats": "Chats", "questions": "Questions", "reviews": "Reviews", "questions.history": "All earlier questions",
		"reviews.history": "All earlier reviews", "reviews.archive": "Archive of reviews", "claims": "Return claims", "claims.archive": "Archive of claims", "pins": "Pinned reviews",
		"chats.all": "All chats", "chats.history": "All earlier chats", "reviews.waiting": "Reviews that need a reaction",
	}
	t.TokenKinds = map[string]string{"basic": "basic", "test": "for tests", "personal": "personal", "service": "of a service", "api-key": "Api-Key", "oauth": "OAuth"}
	t.ScopeNames = map[string]string{
		"content": "Content", "analytics": "Analytics", "prices": "Prices", "marketplace": "Marketplace", "statistics": "Statistics", "promotion": "Promotion",
		"questions and feedbacks": "Questions and reviews", "recommendations": "Recommendations", "buyer chat": "Chats with buyers", "supplies": "Supplies",
		"buyer returns": "Returns", "documents": "Documents", "finance": "Finance", "users": "Users",
		"ALL_METHODS": "Whole cabinet", "ALL_METHODS_READ_ONLY": "Whole cabinet, view only", "COMMUNICATION": "Communication with buyers", "PRICING": "Prices", "PRICING_READ_ONLY": "Prices, view only",
		"INVENTORY_AND_ORDER_PROCESSING": "Orders", "INVENTORY_AND_ORDER_PROCESSING_READ_ONLY": "Orders, view only", "OFFERS_AND_CARDS_MANAGEMENT": "Goods", "OFFERS_AND_CARDS_MANAGEMENT_READ_ONLY": "Goods, view only",
		"PROMOTION": "Promotion", "PROMOTION_READ_ONLY": "Promotion, view only", "FINANCE_AND_ACCOUNTING": "Finance", "SETTINGS_MANAGEMENT": "Settings of shops", "SUPPLIES_MANAGEMENT_READ_ONLY": "Supplies, view only",
	}
	t.BucketUsed = "Used"
	t.SlotsLeft = func(left, total int) string { return fmt.Sprintf("%d of %d slots left", left, total) }
	t.SlowToken = "A slow token: the marketplace allows it only a few requests an hour. Everything works, but news come late and the history takes long. A personal token is faster."
	t.Repair, t.RepairHint = "Read everything again", "Reads the cabinet from its beginning. Nothing is lost or doubled."
	t.NextIn = func(wait string) string { return "in " + wait }
	t.LimitLine = func(wait string) string { return "Marketplace limit: next request in " + wait }
	t.Wait = func(d time.Duration) string { return shortWait(d, "s", "min", "h", "d") }
}

// englishChats are the texts of chats with a state, of comments, and of starting a chat.
func englishChats(t *Table) {
	t.ChatStates = map[sellerdesk.ChatState]string{
		sellerdesk.ChatNew: "New chat", sellerdesk.ChatWaitsForSeller: "Your move", sellerdesk.ChatWaitsForBuyer: "Buyer's move",
		sellerdesk.ChatWaitsForArbiter: "Arbiter decides", sellerdesk.ChatWaitsForMarket: "Marketplace's move", sellerdesk.ChatFinished: "Finished",
	}
	t.ChatSubjects = map[sellerdesk.ChatSubject]string{sellerdesk.ChatAboutOrder: "Order", sellerdesk.ChatAboutReturn: "Return", sellerdesk.ChatDirect: "Without an order"}
	t.Dispute, t.DisputeHint, t.Return, t.Shop = "Dispute", "The buyer called an arbiter", "Return", "Shop"
	t.State, t.About, t.Opening, t.Opens = "State", "About", "being opened", "Opening the chat"
	t.NotOpened, t.StartAgain = "not opened", "Try again"
	t.Comment, t.ReplyTo, t.TargetRemove, t.EarlierParent = "Comment", "Reply", "Do not reply to this comment", "to an earlier comment"
	t.SkipReview, t.SkipHint = "Leave without reaction", "The marketplace, too, takes it off the reviews that wait for a reaction."
	t.InReply = func(who, words string) string { return "To " + who + ": “" + words + "”" }
	t.EditsOf = func(words string) string { return "Changing: “" + words + "”" }
	t.FilesApart = "each on its own"
	t.Start, t.StartTitle, t.StartButton = "Write first", "Start a chat", "Open the chat"
	t.StartHint = "Name an order or a return. Where the marketplace has a chat about it already, that one opens."
	t.StartNumber, t.StartSubject = "Number", "About"
	t.StartNone = "None of the accounts lets the seller write first."
	t.StartFailed, t.StartUnknown = "The chat did not open.", "The marketplace knows no such order or return."
	t.KeyStart = "Write first"
}

// englishPushes are the texts of pushes.
func englishPushes(t *Table) {
	t.Pushes, t.PushAddress = "Notifications", "Address for the marketplace"
	t.PushHint = "The marketplace tells at once what is new. Without that everything works too, a few seconds later."
	t.PushSecret = "Enter it in the seller cabinet as it is. Whoever knows it can send notifications: show it to nobody."
	t.PushHTTPS = "The marketplace needs an https address that is reachable from the internet. Open this page by that address, and the right one stands here."
	t.PushRegistered = "Sellerdesk registers its address there by itself: there is nothing to enter."
	t.PushPublic = "For that it must know the address by which it is reached from the internet: the setting public-url."
	t.PushLast, t.PushNever = "Last one", "None yet"
	t.PushOnlyHint = "The script of this channel tells here what buyers write, signed with the secret of the cabinet."
	t.PushOnlySecret = "Give it to the script, with the secret. Show it to nobody else."
	t.PushOnlyNever = "Start the script with this address and the secret: what it pushes first shows here."
	t.PushNeverHint = "Enter the address in the seller cabinet. Two minutes later the marketplace sends a test."
	t.PushWaiting, t.PushBlocked, t.PushStuck, t.PushFine = "Wait to be read", "Cannot be read since", "Not read", "They arrive"
	t.PushThrottled = "The marketplace asks to wait; they are read as soon as the next request is allowed."
	t.Copy, t.Copied = "Copy", "Copied"
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
