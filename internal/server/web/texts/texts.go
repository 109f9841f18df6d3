package texts

import (
	"time"

	"github.com/sellerdesk/sellerdesk"
)

// Table is every word of the screens in one language. A test checks that no
// entry of any language is empty.
type Table struct {
	Language sellerdesk.Language

	// Places.
	Product, Inbox, Accounts, Settings, SignOut, Back, Close, Save, Details, Keys, SkipToContent string

	// List.
	FilterNeedsAnswer, FilterUnread, FilterAll, FilterClosed              string
	AllAccounts, SortWaiting, SortNewest, Sort, AccountFilter, FilterList string
	EmptyNeedsAnswer, EmptyUnread, EmptyAll, EmptyClosed                  string
	EmptyNeedsAnswerHint, EmptyAllHint, EmptyFilterHint, FirstRun         string
	FirstRunHint, AddAccount, Unread, NeedsAnswer, You                    string
	Filters, Automation, ElsewhereShort, PlatformShort                    string
	NewAbove                                                              func(n int) string
	FilesOnly                                                             func(n int) string
	Waiting                                                               func(d time.Duration) string // how long the buyer waits, in full
	Short                                                                 func(d time.Duration) string // the same in a few characters
	DueUntil, DueSince                                                    func(when string) string
	WhyNoTarget                                                           string
	WholeChannel                                                          func(title string) string
	Kinds                                                                 map[sellerdesk.Kind]string
	BuyerUnknown                                                          string

	// Conversation.
	PickConversation, PickConversationHint, NoAnswerNeeded, CloseConversation string
	Reopen, MarkUnread, Older, ShowAll, AnsweredElsewhere                     string
	Today, Yesterday, Edited, Closed, Archived, Snoozed                       string
	NoMessages, Messages, ScrollDown, Person                                  string
	Statuses                                                                  map[sellerdesk.MessageStatus]string
	Reasons                                                                   map[sellerdesk.ReasonCode]string
	RefusedBecause                                                            func(words string) string
	UnknownOutcome, CheckRisk, CheckStarted, ResendRisk, WithdrawUnknown      string
	Check, Resend, ResendRefused, Withdraw                                    string

	// Files.
	FileWanted, FileGone, FileRefused, Download, Picture, NextPicture, PrevPicture, File string

	// Composer.
	ReplyPlaceholder, Send, Attach, RemoveFile, CannotReply, DropHere, Uploading string
	SendHint, QueueHint, EmptyReply                                              string
	CharactersLeft, CharactersOver, TooManyFiles                                 string // {} is the number
	FileLimits                                                                   func(max int, size string, types string) string
	FileTooLarge                                                                 func(limit string) string
	FileWrongType                                                                func(types string) string
	TotalTooLarge                                                                func(limit string) string
	UploadFailed, EmptyFile                                                      string

	// Card.
	Buyer, Order, Size, Article, Account, Channel, Started, LastMessage string
	WaitingSince, AnswerDue, NoProduct, Conversation                    string

	// Accounts.
	States                                                                       map[sellerdesk.AccountState]string
	AddAccountTitle, AddAccountHint, BaseURL, BaseURLHint, AccountName, NameHint string
	Add, Checking, Pause, ResumeAccount, Rename, Remove, RemoveConfirm           string
	ReplaceToken, ReplaceHint, TokenKind, TokenScopes, TokenUntil, TokenForever  string
	TokenReadOnly, TokenReadWrite, Seller, Legal, Rights, Budget, BudgetHint     string
	BudgetNone, BucketName, BucketNext, BucketWaiting, Now, Reading              string
	CaughtUp, NotYetRead, ReadAt, ItemsRead, Connected, Danger, NoChannel        string
	NoAccounts, NoAccountsHint, Access, EstimateUnknown, Optional                string
	ExpiresIn                                                                    func(days int) string
	Expired, ReplaceNow, PausedHint                                              string
	Estimate                                                                     func(when string) string
	Share                                                                        func(percent int) string
	RemoveWarning                                                                func(name string) string

	// Settings and signing in.
	LanguageTitle, Theme, ThemeSystem, ThemeLight, ThemeDark, Saved           string
	SignIn, Login, Password, Name, SignInHint, OwnerTitle, OwnerHint          string
	OwnerCreate, PasswordHint, LinkUsed, LinkDead, SignedInAs, Owner, NoOwner string
	ErrorTitle, BackToInbox, Offline                                          string
	WrongLogin                                                                string
	// Errors are our own words for expected errors, by sentence, by code and field, or
	// by code; the sentence that came with the error stands where we have none.
	Errors map[string]string
	// Refusals are our own words for what a remote side says of credentials.
	Refusals map[sellerdesk.ReasonCode]string

	// Kinds and filters of the list.
	KindsMany                                                            map[sellerdesk.Kind]string
	KindFilter, MoreFilters, FilterApply, FilterClear                    string
	FilterStars, FilterDates, FilterFrom, FilterTo, FilterPhoto          string
	FilterAnswer, FilterAnswered, FilterUnanswered, FilterAny, EmptyHere string
	FilterRemove, FilterProduct, FilterSince, FilterBefore, FilterStar   func(what string) string
	StarsOf                                                              func(stars int) string
	WhyHere                                                              func(kind, words string) string

	// Questions and reviews.
	Actions                                                             map[sellerdesk.ActionKind]string
	Sends, Placeholders                                                 map[sellerdesk.ActionKind]string // of the composer, by what it does
	Was, Became, ChangedByBuyer, ChangedAnswer, Supplement, Answer      string
	Video, VideoOpens, OrderStatus, NoText, NoTextRating, Published     string
	InModeration, Pinned, Warned, Rejected, EditOnce, Cancel            string
	ComposerModes, RejectHint, PublicHint, ReturnSure, ReturnHint, Tags string
	CharactersMissing                                                   string // {} is the number
	Fits, OrderStatuses                                                 map[string]string
	ModerationRefused, EditUntil, ReturnOrdered, DecideUntil, WhyDecide func(words string) string

	// Claims.
	Decide, Decided, DecidedElsewhere, DecideSend, DecideSure, DecideComment string
	DecisionOnItsWay, Price, Ordered, Received, ClaimStatus, ClaimNote       string
	NothingToDecide, ChooseDecision                                          string
	ClaimStatuses, Decisions                                                 map[string]string
	CommentBounds                                                            func(least, most int) string

	// Products.
	ProductTitle, StarsTrend, Average, Month, ByMonths, LastAnswers, AllAbout string
	Reviews                                                                   func(n int) string

	// Limits and reading.
	BucketNames, StreamNames map[string]string
	// TokenKinds and ScopeNames are by the words that channels use for what a
	// token is and may do.
	TokenKinds, ScopeNames map[string]string
	BucketUsed, SlowToken  string
	Repair, RepairHint     string
	NextIn, LimitLine      func(wait string) string
	SlotsLeft              func(left, total int) string
	Wait                   func(d time.Duration) string // down to seconds

	// Chats whose channel tells more about them.
	ChatStates                                                                              map[sellerdesk.ChatState]string
	ChatSubjects                                                                            map[sellerdesk.ChatSubject]string
	Dispute, DisputeHint, Return, Shop, State, About, Opening, Opens, NotOpened, StartAgain string
	Comment, ReplyTo, TargetRemove, EarlierParent, SkipReview, SkipHint                     string
	InReply                                                                                 func(who, words string) string
	EditsOf                                                                                 func(words string) string
	FilesApart                                                                              string

	// Starting a conversation.
	Start, StartTitle, StartHint, StartButton, StartNumber, StartSubject, StartNone, StartFailed, StartUnknown string

	// Pushes.
	Pushes, PushHint, PushAddress, PushSecret, PushHTTPS, PushRegistered, PushPublic, PushLast, PushNever, PushNeverHint string
	// Of a channel that only pushes.
	PushOnlyHint, PushOnlySecret, PushOnlyNever                                string
	PushWaiting, PushBlocked, PushStuck, PushThrottled, PushFine, Copy, Copied string

	// Messengers and people, see the types.
	Messenger
	People

	// Keys.
	KeyStart                                                                                                                  string
	KeyNext, KeyPrevious, KeyOpen, KeyReply, KeySend, KeySendNext, KeyClose, KeyUnread, KeySearch, KeyHelp, KeyBack, KeysHint string

	// Time.
	Day      func(t time.Time, withYear bool) string
	ShortDay func(t time.Time) string
	Exact    func(t time.Time) string
	Bytes    func(n int64) string
	Number   func(n int) string
	Months   [12]string
}

// KindName names a kind of conversation.
func (t *Table) KindName(k sellerdesk.Kind) string { return t.Kinds[k] }

// Why says a reason in the language of the screen; the words that came with it
// stand where we have none of our own.
func (t *Table) Why(code sellerdesk.ReasonCode, words sellerdesk.Optional) string {
	if s, ok := t.Reasons[code]; ok {
		return s
	}
	return string(words)
}

// Refusal says in the language of the screen why a remote side refused what a
// form asked of it; "" where only its own words tell.
func (t *Table) Refusal(code sellerdesk.ReasonCode) string {
	if t.Language == sellerdesk.English {
		return ""
	}
	return t.Refusals[code]
}
