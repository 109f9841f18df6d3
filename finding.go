package sellerdesk

// FindingState tells how bad a finding is.
type FindingState string

// The states of a finding.
const (
	FindingOK   FindingState = "ok"
	FindingWarn FindingState = "warn" // it works, and will not for long, or not for everything
	FindingFail FindingState = "fail" // something does not work until a person does something
)

// Cause names what a finding is about. Programs and screens tell findings apart
// by it; people read the sentence.
type Cause string

// The causes. [CauseFine] is the only one of findings that are ok.
const (
	CauseFine Cause = "fine"

	// Of one cabinet.
	CauseTokenExpired   Cause = "token_expired"    // the remote side no longer takes the credentials
	CauseTokenEnds      Cause = "token_ends"       // the credentials end within two weeks
	CauseTokenReadOnly  Cause = "token_read_only"  // the credentials may not write
	CauseAccountBroken  Cause = "account_broken"   // something else needs a person
	CauseAccountPaused  Cause = "account_paused"   // a person paused it
	CauseAddressBlocked Cause = "address_blocked"  // this one cannot be reached while others can
	CauseUnreachable    Cause = "unreachable"      // it cannot be reached, and there is no other to compare with
	CauseRemoteClock    Cause = "remote_clock"     // its clock differs from ours and from that of others
	CauseThrottled      Cause = "throttled"        // the remote side makes us wait
	CauseStreamFailing  Cause = "stream_failing"   // something of it cannot be read now
	CauseStreamLate     Cause = "stream_late"      // it was not read for long
	CausePushLost       Cause = "push_lost"        // what is new is found by reading only
	CausePushRefused    Cause = "push_refused"     // the remote side does not push to our address
	CausePushUnsigned   Cause = "push_unsigned"    // somebody pushes to our address who does not know the secret
	CausePushBlocked    Cause = "push_blocked"     // what was pushed cannot be read
	CauseOutcomeUnknown Cause = "outcomes_unknown" // sends wait for a person to say what became of them

	// Of the house.
	CauseClockWrong      Cause = "clock_wrong"      // our clock differs from those of all remote sides
	CauseNetworkDown     Cause = "network_down"     // no remote side can be reached
	CauseDiskFull        Cause = "disk_full"        // nothing more can be kept
	CauseDiskLittle      Cause = "disk_little"      // soon nothing more can be kept
	CauseDiskReadOnly    Cause = "disk_read_only"   // the data folder cannot be written to
	CauseDatabaseDown    Cause = "database_down"    // it does not answer
	CauseDatabaseSlow    Cause = "database_slow"    // writing takes long
	CauseWorkerStopped   Cause = "worker_stopped"   // a part of the program ended
	CauseWebhookFailing  Cause = "webhook_failing"  // a receiver takes nothing
	CauseSecretsUnsealed Cause = "secrets_unsealed" // a change of the sealing key is not finished
	CauseBackupNone      Cause = "backup_none"      // nothing tells of a copy of the data
	CauseBackupOld       Cause = "backup_old"       // the last copy of the data is old

	// Seen from outside only, by the doctor.
	CauseServerDown Cause = "server_down" // the server does not answer
	CauseKeyNeeded  Cause = "key_needed"  // without a key cabinets are not looked at
	CauseKeyFile    Cause = "key_file"    // the file of the sealing key is missing, damaged, or open to others
	CauseDataFolder Cause = "data_folder" // the data folder or its database cannot be opened
)

// Sentence is one line for a person in the languages of the house.
type Sentence struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

// In gives the line in a language; English for one that is not known.
func (s Sentence) In(l Language) string {
	if l == Russian {
		return s.RU
	}
	return s.EN
}

// Finding is one thing about the health of the house or of a cabinet.
type Finding struct {
	// ID names the thing, the same at every look: "disk", "account/7/token".
	ID    string       `json:"id"`
	State FindingState `json:"state"`
	Cause Cause        `json:"cause"`
	Text  Sentence     `json:"text"` // what is so, in one line
	Hint  Sentence     `json:"hint"` // what to do, in one line; empty when there is nothing to do
	// Account is the cabinet it is about; nil: the house.
	Account *AccountID `json:"account"`
}

// WorstOf gives the state of the worst finding; ok when there is none.
func WorstOf(findings []Finding) FindingState {
	worst := FindingOK
	for _, f := range findings {
		switch {
		case f.State == FindingFail:
			return FindingFail
		case f.State == FindingWarn:
			worst = FindingWarn
		}
	}
	return worst
}
