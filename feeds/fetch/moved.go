package fetch

import (
	"cmp"
	"net/http"
	"time"
)

// moved returns v with what the redirects that led to answer tell, and what
// moderators should know about it, or "".
func (v Validators) moved(now time.Time, configured string, answer *http.Response) (Validators, string) {
	to := short(permanent(answer), maxMoved)
	if to != v.Moved {
		v.Moved, v.Times, v.MovedSince = to, 0, 0
	}
	if to == "" {
		return v, v.notice()
	}
	v.Times = min(v.Times+1, permanentAfter)
	since, known := sinceThen(now, v.MovedSince)
	if !known {
		v.MovedSince = now.Unix()
	}
	switch {
	case v.Times < permanentAfter || since < permanentFor:
	case to == configured: // it has moved back
		v.keep("", 0)
	case secure(to):
		v.keep(to, now.Unix())
	default: // who redirects on a line that anybody can write on may be anybody
		return v, "has moved for good to " + Redact(to) + ", which is not https and therefore not kept; please change the address in the configuration"
	}
	return v, v.notice()
}

// keep has an address asked from now on, the configured one if it is "".
func (v *Validators) keep(address string, homeAsked int64) {
	v.Address, v.HomeAsked = address, homeAsked
	v.Moved, v.Times, v.MovedSince = "", 0, 0
}

// sinceThen returns how long ago something was noted, in Unix seconds. It is not
// known of what was never noted, or by a clock that was ahead.
func sinceThen(now time.Time, noted int64) (time.Duration, bool) {
	since := now.Sub(time.Unix(noted, 0))
	if noted <= 0 || since < 0 {
		return 0, false
	}
	return since, true
}

// notice tells, as long as it is so, that another address than the configured
// one is asked.
func (v Validators) notice() string {
	if v.Address == "" {
		return ""
	}
	return "has moved for good to " + Redact(v.Address) + "; please change the address in the configuration"
}

// permanent returns where the permanent redirects at the beginning of the way
// to answer lead, or "" if it does not begin with one. A temporary redirect and
// all behind it are asked anew each time.
func permanent(answer *http.Response) string {
	to := ""
	for req := answer.Request; req.Response != nil; req = req.Response.Request { // the last redirect first
		switch req.Response.StatusCode {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			to = cmp.Or(to, req.URL.String())
		default:
			to = ""
		}
	}
	return to
}
