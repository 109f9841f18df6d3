package texts

import (
	"fmt"

	"github.com/sellerdesk/sellerdesk"
)

// EnglishHouse is the table of English texts of the pages under settings.
func EnglishHouse() *House {
	return &House{
		Pages: Pages{All: "Pages of the settings", Own: "My account", Team: "People", Roles: "Roles", Keys: "Keys", Hooks: "Webhooks", Audit: "Audit", Health: "Status"},
		Own:   englishOwn(), Keyed: englishKeyed(), Team: englishTeam(), Roster: englishRoster(), Hooks: englishHooks(),
		Audit: englishAudit(), Health: englishHealth(), Door: englishDoor(), Denied: englishDenied(), Previewing: englishPreviewing(), Commanding: englishCommanding(), Welcoming: englishWelcoming(), Searching: englishSearching(),
		Bulking:   englishBulking(),
		Talking:   englishTalking(),
		Library:   englishLibrary(),
		Labelling: englishLabelling(),
		Handling:  englishHandling(),
	}
}

func englishOwn() Own {
	return Own{
		Profile:  "Profile",
		Password: "Password", PasswordNow: "Present password", PasswordNew: "New password", PasswordSaved: "The password is changed. Other browsers have to sign in again.",
		PasswordNone: "You came in without a password: this is a demo, or there is no owner yet.",
		Factor:       "Second factor", FactorOn: "On", FactorOff: "Off",
		FactorHint:   "After the password, a code from an app on your phone is asked for. A stolen password alone opens nothing then.",
		FactorNone:   "First set a password: the second factor comes after it.",
		FactorStart:  "Set up",
		FactorScan:   "Scan the picture with an authenticator app: any that makes codes of six digits will do.",
		FactorSecret: "Or enter this secret by hand", FactorCode: "Code from the app", FactorCodeHint: "Six digits. They change every 30 seconds.",
		FactorConfirm: "Confirm and switch on", FactorStop: "Switch off",
		FactorStopHint: "Enter your password and a code from the app, or a recovery code. From then on the password alone is asked for.", FactorStopped: "The second factor is off.",
		FactorPicture: "Picture with the secret, for the camera of the app", FactorByApp: "The codes of your app are asked for at sign-in.",
		Codes: "Recovery codes", CodesHint: "Each opens the door once when the phone is not at hand. They are shown only now: print them, or keep them in a password manager.",
		CodesSave: "Download", FactorNext: "Next", CodesLeft: func(n int) string { return fmt.Sprintf("Recovery codes left: %d.", n) }, CodesDone: "I have kept them",
		Sessions: "Where you are signed in", SessionsHint: "Something here is not yours? End it and change the password.", ThisBrowser: "this browser",
		End: "End", EndOthers: "End all others", Ended: "Ended.", Used: "Used", Since: "since", SomeBrowser: "Unknown browser", SomeWhere: "address unknown",
		UserAgent: func(browser, system string) string { return browser + " on " + system },
		Keys:      "My keys", KeysHint: "With a key a program acts for you: it may never do more than you may.",
	}
}

func englishKeyed() Keyed {
	return Keyed{
		AllHint: "The keys of everybody. Each makes their own under My account. A program with a key may do what the key and its person may.", None: "No keys yet", NoneHint: "A key lets a program of yours use the API.",
		New: "New key", Name: "Name", NameHint: "What the key is for, so that you recognize it later.", Rights: "It may", RightsHint: "Of what you may yourself.",
		Accounts: "Only in these accounts", AllAccounts: "all accounts", AccountsHint: "None chosen: all that you see, also those to come.", Expiry: "Works", Forever: "until it is revoked",
		Limit: "Requests a minute", LimitHint: "Empty: no limit.", NoLimit: "no limit", Make: "Make the key",
		Made: "The key is made", MadeHint: "Copy it now: it is shown only this once. What is kept is a fingerprint from which it cannot be read.", Copy: "Key",
		Revoke: "Revoke", RevokeSure: "Revoke for good", Revoked: "revoked", Expired: "expired", Used: "Last used", Unused: "not yet used", Whose: "Whose",
		Works: "works", State: "State", Kept: "I have copied it",
		Days:      func(n int) string { return fmt.Sprintf("for %d\u00a0%s", n, plural(n, "day", "days")) },
		PerMinute: func(n int) string { return grouped(n, ",") + " a\u00a0minute" },
		Until:     func(day string) string { return "until " + day },
	}
}

func englishTeam() Team {
	return Team{
		Hint: "Who works here and what each may see and do.", Invite: "Invite", InviteTitle: "Invite a person",
		InviteHint: "You get a link to hand over. Behind it the person chooses a login and a password.", InviteDo: "Make the link", NameHint: "As colleagues see it; the person can change it.",
		Invited: "The link is made", LinkHint: "Hand it to the person over a channel you trust. It works once, within three days; making a new one ends this one.", Once: "Shown only now",
		NotYet: "has not signed in yet", Disabled: "switched off", Factor: "second factor", Nothing: "may see nothing yet", Owner: "Owner", Everywhere: "everywhere", You: "you",
		Grants: "Roles", GrantsHint: "A role for the whole company counts everywhere. One for a channel or an account is added to it.",
		ForHouse: "In the whole company", NoRole: "no role", OnChannel: "On a channel", InAccount: "In an account", AllOfChannel: "all accounts, also those to come",
		OwnerHint: "The owner may do everything; there is nothing to choose.", Saved: "Saved",
		NewLink: "New link", NewLinkHint: "For a forgotten password or a lost invitation: behind the link login and password are chosen anew. Signed-in browsers are ended then.",
		Drop: "Remove the second factor", DropHint: "For a lost phone: the password alone is asked for until a new second factor is set up.",
		Disable: "Switch off", DisableHint: "The person can no longer sign in, keys stop working, signed-in browsers are ended. What was done stays.", DisableSure: "Switch off now",
		Enable: "Switch on again", EnableHint: "The person signs in as before.", End: "End the sessions", EndHint: "Everywhere; the person signs in again.", Ended: "Everywhere signed out.",
		Access: "Signing in", Sessions: "Signed-in browsers",
		DisabledSince: func(when string) string { return "Switched off since " + when },
		RoleIn:        func(role, where string) string { return role + " · " + where },
	}
}

func englishRoster() Roster {
	return Roster{
		Hint: "A role is a set of rights. It is given to a person for the whole company, for a channel, or for one account.", New: "Role of your own",
		NewHint: "When none of the four fits: say, whoever answers reviews and may also export.", Name: "Short name", NameHint: "Letters, digits and hyphens: reviews-team. Cannot be changed later.",
		Title: "Name", Rights: "Rights", Save: "Save", Remove: "Remove", RemoveSure: "Remove the role", BuiltIn: "Always there",
		Has: "yes", Lacks: "no", Right: "Right", Own: "Of your own", Change: "Change", Saved: "Saved", OfHouse: "counts only where the role is given for the whole company",
		Names: map[sellerdesk.RoleName]string{sellerdesk.RoleOwner: "Owner", sellerdesk.RoleLead: "Lead", sellerdesk.RoleOperator: "Operator", sellerdesk.RoleReadOnly: "Read-only"},
		Rightly: map[sellerdesk.Right]string{
			sellerdesk.RightSee: "See", sellerdesk.RightWork: "Answer", sellerdesk.RightBulk: "Act on many", sellerdesk.RightExport: "Export", sellerdesk.RightDelete: "Delete accounts",
			sellerdesk.RightAccounts: "Manage accounts", sellerdesk.RightAudit: "Read the audit", sellerdesk.RightPeople: "People and roles", sellerdesk.RightKeys: "Keys of others",
			sellerdesk.RightWebhooks: "Webhooks", sellerdesk.RightSettings: "General settings",
		},
		RightHints: map[sellerdesk.Right]string{
			sellerdesk.RightSee: "conversations, messages, files, people, counters", sellerdesk.RightWork: "answers, actions, new conversations, notes", sellerdesk.RightBulk: "one thing to all that match",
			sellerdesk.RightExport: "take data away as a file", sellerdesk.RightDelete: "remove an account with all it holds", sellerdesk.RightAccounts: "pause, rename, tokens; for the whole company: add",
			sellerdesk.RightAudit: "who did what", sellerdesk.RightPeople: "invite, give roles, end sessions", sellerdesk.RightKeys: "make and revoke them", sellerdesk.RightWebhooks: "send events elsewhere",
			sellerdesk.RightSettings: "templates for all, sealing key, what is kept",
		},
	}
}

func englishHooks() Hooks {
	return Hooks{
		Hint: "As soon as something happens, it is told to an address of yours: signed, in order, and again for a day if nobody takes it.", None: "No webhooks yet",
		NoneHint: "Connect an ERP, a bot or a script: it hears of new messages at once.", New: "New webhook", Name: "Name",
		URL: "Address", URLHint: "https://… Private and local addresses are refused unless the server allows them.",
		Kinds: "Events", KindsHint: "None chosen: all of them.", AllKinds: "all events",
		Accounts: "Only of these accounts", AccountsHint: "None chosen: all that you see.", AllAccounts: "all accounts", Add: "Make the webhook", Save: "Save", Saved: "Saved",
		Secret: "Secret of the signatures", SecretHint: "Give it to the receiver now: it is shown only this once. Any Standard Webhooks library checks with it.",
		Pause: "Pause", Resume: "Resume", Rotate: "New secret", RotateHint: "For a day signatures of both secrets are sent, so that the receiver loses nothing.", RotateSure: "Make a new secret",
		Test: "Send a test", TestHint: "Sends one event of no meaning.", Tested: "The test is on its way; it stands in the log below.", Remove: "Remove",
		RemoveSure: "Remove with its log", Waiting: "Waiting", Last: "Last taken", Never: "nothing yet", Failing: "Not everything is taken since", OldSecret: "The secret before works until",
		Settings: "Settings", Whose: "Bounded by the rights of", Standard: "Standard Webhooks",
		Log: "Deliveries", NoLog: "Nothing sent yet", NoLogHint: "What happens from now on stands here, each with its answer.", Event: "Event", State: "State", Tries: "Tries", Answer: "Answer",
		When: "Happened", Took: "Took", Next: "Next try", Request: "What was sent", Response: "What came back", NoAnswer: "no answer", Again: "Send again",
		AgainHint: "Under the same webhook-id: a receiver that has it already can tell.", ID: "webhook-id", Order: "In order with", Choose: "Choose", AgainChosen: "Send the chosen again",
		Range: "Send a range again", RangeHint: "By the numbers of the events, both ends included.", From: "From event", To: "to event", RangeDo: "Send again", All: "All",
		Nothing: "Nothing of this state.", Delivery: "Delivery", Done: "Settled", More: "Older", Cut: "Cut to 4 KB; signatures are left out.",
		States:         map[sellerdesk.WebhookState]string{sellerdesk.WebhookActive: "Active", sellerdesk.WebhookPaused: "Paused", sellerdesk.WebhookFailed: "Stopped by itself"},
		DeliveryStates: map[sellerdesk.DeliveryState]string{sellerdesk.DeliveryWaiting: "Waiting", sellerdesk.DeliveryDelivered: "Delivered", sellerdesk.DeliveryFailed: "Given up"},
		Nouns: map[string]string{
			"account": "Accounts", "conversation": "Conversations", "message": "Messages", "outbox": "Sending", "file": "Files", "contact": "People",
			"push": "Notifications of marketplaces", "sync": "Reading", "access": "Rights", "webhook": "Webhooks", "job": "Jobs",
			"note": "Notes", "task": "Tasks", "draft": "Drafts", "notification": "Notifications", "house": "Company",
		},
		Events: map[sellerdesk.EventKind]string{
			sellerdesk.EventAccountCreated: "account added", sellerdesk.EventAccountChanged: "account changed", sellerdesk.EventAccountRemoved: "account removed",
			sellerdesk.EventConversationCreated: "new conversation", sellerdesk.EventConversationUpdated: "conversation changed", sellerdesk.EventConversationRemoved: "conversation joined to another",
			sellerdesk.EventMessageCreated: "new message", sellerdesk.EventMessageUpdated: "message changed", sellerdesk.EventOutboxQueued: "answer queued", sellerdesk.EventOutboxSettled: "answer sent or refused",
			sellerdesk.EventFileUpdated: "file fetched", sellerdesk.EventContactUpdated: "person changed", sellerdesk.EventPushReceived: "notification arrived", sellerdesk.EventSyncProgress: "reading went on",
			sellerdesk.EventAccessChanged: "rights changed", sellerdesk.EventWebhookChanged: "webhook changed", sellerdesk.EventJobChanged: "job went on",
			sellerdesk.EventNoteChanged: "note changed", sellerdesk.EventTaskChanged: "task changed", sellerdesk.EventDraftChanged: "draft begun or dropped", sellerdesk.EventNotificationCreated: "somebody has something to look at", sellerdesk.EventHouseChanged: "tags, fields, teams, views or templates changed",
		},
		Redelivered: func(n int) string {
			return fmt.Sprintf("%d %s sent again.", n, plural(n, "delivery is", "deliveries are"))
		},
		Took2: func(ms int64) string { return fmt.Sprintf("%d\u00a0ms", ms) },
	}
}

func englishAudit() Audit {
	return Audit{
		Hint: "Entries are never changed or removed. Secrets do not stand here.", None: "No such entries", NoneHint: "Nobody did anything of this kind yet, or the filter is too narrow.",
		Kind: "What", AnyKind: "anything", Who: "Who", Anyone: "anyone", Account: "Account", Anywhere: "anywhere", From: "From", To: "To", Show: "Show", Clear: "Clear",
		Nobody: "nobody known", Open: "Open the conversation", Template: "Template", Rule: "Rule", Program: "by a program", What: "What", When: "When", Where: "Where", More: "Older",
		Text: "Text", RemoteID: "Id there",
		Kinds: map[sellerdesk.AuditKind]string{
			sellerdesk.AuditSignedIn: "Signed in", sellerdesk.AuditSignInRefused: "Sign-in refused", sellerdesk.AuditSignedOut: "Signed out", sellerdesk.AuditPersonInvited: "Person invited",
			sellerdesk.AuditPersonChanged: "Person changed", sellerdesk.AuditPersonRemoved: "Person removed", sellerdesk.AuditPasswordChanged: "Password changed", sellerdesk.AuditFactorAdded: "Second factor added",
			sellerdesk.AuditFactorRemoved: "Second factor removed", sellerdesk.AuditRecoveryUsed: "Recovery code used", sellerdesk.AuditSessionRevoked: "Session ended", sellerdesk.AuditRoleChanged: "Role changed",
			sellerdesk.AuditRoleRemoved: "Role removed", sellerdesk.AuditKeyCreated: "Key made", sellerdesk.AuditKeyRevoked: "Key revoked", sellerdesk.AuditAccountAdded: "Account added",
			sellerdesk.AuditAccountChanged: "Account changed", sellerdesk.AuditAccountRemoved: "Account removed", sellerdesk.AuditWebhookChanged: "Webhook changed", sellerdesk.AuditWebhookRemoved: "Webhook removed",
			sellerdesk.AuditSecretsRotated: "Sealing key changed", sellerdesk.AuditSettingChanged: "Setting changed", sellerdesk.AuditExported: "Data exported", sellerdesk.AuditBulkStarted: "Act on many", sellerdesk.AuditTextSent: "Text sent",
		},
		Files: func(n int) string { return fmt.Sprintf("%d\u00a0%s", n, plural(n, "file", "files")) },
	}
}

func englishHealth() Health {
	return Health{
		Hint: "The same as the command sellerdesk doctor says. It looks again by itself.", House: "The server", Fine: "Works", AllFine: "Everything works", Accounts: "Accounts",
		States: map[sellerdesk.FindingState]string{sellerdesk.FindingOK: "Works", sellerdesk.FindingWarn: "Look at it", sellerdesk.FindingFail: "Does not work"},
		Counts: func(fail, warn int) string {
			switch {
			case fail > 0:
				return fmt.Sprintf("%d %s not work", fail, plural(fail, "thing does", "things do"))
			default:
				return fmt.Sprintf("%d %s to look at", warn, plural(warn, "thing", "things"))
			}
		},
	}
}

func englishDoor() Door {
	return Door{
		Code: "Second factor", CodeHint: "Enter the six digits of your authenticator app, or one of your recovery codes.", CodeLabel: "Code",
		CodeWrong: "The code is wrong or was used already. The app shows a new one every 30 seconds.", Again: "Sign in as somebody else",
		Welcome: "Welcome to Sellerdesk", WelcomeHint: "Choose what you will sign in with.", WelcomeDo: "Start working",
		Reset: "A new password", ResetHint: "The link works once.", ResetDo: "Set and sign in", TooLate: "This took too long. Enter login and password again.", Recovery: "Phone not at hand? A recovery code does as well.",
	}
}

func englishDenied() Denied {
	return Denied{
		ReadOnly: "You may read here, not answer. The owner can give the right.", Nothing: "Nothing to see yet", NothingHint: "You have no role in any account. The owner can give one.",
		Accounts: "Accounts are added and changed by those who hold the right “Manage accounts”.",
		Lacks:    func(right string) string { return "You lack the right “" + right + "”. The owner can give it." },
	}
}
