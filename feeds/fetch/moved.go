package fetch

import (
	"cmp"
	"net/http"
)

// moved returns v with what the redirects that led to answer tell, and what
// moderators should know about it, or "".
func (v Validators) moved(configured string, answer *http.Response) (Validators, string) {
	to := short(permanent(answer), maxMoved)
	switch to {
	case "":
		v.Moved, v.Times = "", 0
	case v.Moved:
		v.Times = min(v.Times+1, permanentAfter)
	default:
		v.Moved, v.Times = to, 1
	}
	switch {
	case v.Times < permanentAfter:
	case to == configured: // it has moved back
		v.Address, v.Moved, v.Times = "", "", 0
	case secure(to):
		v.Address, v.Moved, v.Times = to, "", 0
	default: // who redirects on a line that anybody can write on may be anybody
		return v, "has moved for good to " + Redact(to) + ", which is not https and therefore not kept; please change the address in the configuration"
	}
	return v, v.notice()
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
