package health

import (
	"slices"
	"time"

	"github.com/sellerdesk/sellerdesk"
	"github.com/sellerdesk/sellerdesk/channel"
)

// visit is a look at one cabinet.
type visit struct {
	sellerdesk.Account
	checker *Checker
	base    string // of the ids of findings
	now     time.Time
	others  []sellerdesk.AccountID // that work too
	found   []sellerdesk.Finding
}

func (v *visit) add(part string, state sellerdesk.FindingState, cause sellerdesk.Cause, values ...any) {
	f := Find(v.base+"/"+part, state, cause, append([]any{v.Name}, values...)...)
	f.Account = &v.ID
	v.found = append(v.found, f)
}

func (v *visit) state() {
	switch v.State {
	case sellerdesk.AccountOK:
	case sellerdesk.AccountPaused:
		v.add("state", sellerdesk.FindingWarn, sellerdesk.CauseAccountPaused)
	case sellerdesk.AccountExpired:
		v.add("token", sellerdesk.FindingFail, sellerdesk.CauseTokenExpired)
	default:
		v.add("state", sellerdesk.FindingFail, sellerdesk.CauseAccountBroken, because(v.ReasonCode, v.Reason))
	}
}

// token tells of credentials that still work.
func (v *visit) token() {
	if v.State == sellerdesk.AccountExpired {
		return
	}
	if end := v.Identity.Expires; end != nil {
		switch left := end.Sub(v.now); {
		case left <= 0:
			v.add("token", sellerdesk.FindingFail, sellerdesk.CauseTokenExpired)
			return
		case left < tokenEnds:
			v.add("token", sellerdesk.FindingWarn, sellerdesk.CauseTokenEnds, end.Format(time.DateOnly), span(left))
		}
	}
	if v.Identity.ReadOnly {
		v.add("scope", sellerdesk.FindingWarn, sellerdesk.CauseTokenReadOnly)
	}
}

// reach tells of an address that does not answer: blocked when everything is
// denied, or when others answer meanwhile.
func (v *visit) reach() {
	t, since := v.checker.reach(v.ID)
	if t == troubleNone {
		return
	}
	cause, state := sellerdesk.CauseUnreachable, sellerdesk.FindingFail
	switch {
	case t == troubleServer:
		state = sellerdesk.FindingWarn // theirs to mend
	case t == troubleDenied, v.checker.answers(v.others):
		cause = sellerdesk.CauseAddressBlocked
	}
	v.add("address", state, cause, span(v.now.Sub(since)), troubled(t))
}

func (v *visit) throttled() {
	if n := v.checker.waits(v.ID); n >= manyWaits {
		v.add("limit", sellerdesk.FindingWarn, sellerdesk.CauseThrottled, n)
	}
}

// streams tells of what cannot be read, or was not read for long. One line is
// enough: what keeps one stream from being read mostly keeps all.
func (v *visit) streams() {
	unreachable := slices.ContainsFunc(v.found, func(f sellerdesk.Finding) bool {
		return f.Cause == sellerdesk.CauseAddressBlocked || f.Cause == sellerdesk.CauseUnreachable
	})
	if unreachable {
		return
	}
	for _, s := range v.Streams {
		switch {
		case s.Error != "":
			v.add("stream", sellerdesk.FindingWarn, sellerdesk.CauseStreamFailing, s.Stream, because(reasonOf(v.checker.failing(v.ID, s.Stream)), s.Error))
			return
		case s.ReadAt != nil && s.CaughtUp && v.now.Sub(s.ReadAt.Time) > v.pause(s.Stream):
			v.add("stream", sellerdesk.FindingWarn, sellerdesk.CauseStreamLate, s.Stream, span(v.now.Sub(s.ReadAt.Time)))
			return
		}
	}
}

// reasonOf is the reason that a class of errors stands for; "" when there is
// none.
func reasonOf(c channel.Class) sellerdesk.ReasonCode {
	switch c {
	case channel.Throttled:
		return sellerdesk.ReasonThrottled
	case channel.Temporary, channel.Unknown:
		return sellerdesk.ReasonUnreachable
	case channel.Unauthorized:
		return sellerdesk.ReasonCredentials
	case channel.Refused:
		return sellerdesk.ReasonRefused
	case channel.Gone:
		return sellerdesk.ReasonGone
	case channel.Malformed:
		return sellerdesk.ReasonMalformed
	}
	return sellerdesk.ReasonCode(c)
}

// pause is how long a stream may go without being read.
func (v *visit) pause(name string) time.Duration {
	pause := lateReading
	opened := v.checker.roster.Get(v.ID)
	if opened == nil {
		return pause
	}
	for _, s := range opened.Streams {
		if s.Name == name {
			pause += 3 * max(s.Every, s.Calm)
		}
	}
	return pause
}

func (v *visit) pushes() {
	p := v.Push
	switch {
	case p == nil:
	case p.Blocked != nil && p.Waiting > 0:
		v.add("push", sellerdesk.FindingWarn, sellerdesk.CausePushBlocked, p.Waiting)
	case p.Blocked != nil && p.ReasonCode == sellerdesk.ReasonSignature:
		v.add("push", sellerdesk.FindingWarn, sellerdesk.CausePushUnsigned, because("", p.Reason))
	case p.Blocked != nil:
		v.add("push", sellerdesk.FindingWarn, sellerdesk.CausePushRefused, because(p.ReasonCode, p.Reason))
	case p.Last != nil && v.now.Sub(p.Last.Time) > quietPush && v.checker.newsSince(v.ID, p.Last.Add(quietPush)) >= missedNews:
		v.add("push", sellerdesk.FindingWarn, sellerdesk.CausePushLost, span(v.now.Sub(p.Last.Time)))
	}
}

// clock tells of a remote clock that is wrong while ours is right.
func (v *visit) clock() {
	skews := v.checker.skews()
	if skew := skews[v.ID]; skew.Abs() > clockOff && clockWrong(skews) == 0 {
		v.add("clock", sellerdesk.FindingWarn, sellerdesk.CauseRemoteClock, span(skew))
	}
}
