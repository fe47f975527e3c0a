package fetch

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// permanentAfter is how many times in a row, and permanentFor for how long, a
// permanent redirect must lead to the same place before that takes the place of
// the address: what a server says by mistake for an hour is not to be kept for
// years, however often it is asked in that hour.
const (
	permanentAfter = 3
	permanentFor   = 24 * time.Hour
)

// homeEvery is how often the configured address is asked although it has moved
// for good: that may be taken back.
const homeEvery = 24 * time.Hour

const (
	maxETag         = 256
	maxLastModified = 40
	maxMoved        = 300
)

// Validators are what is kept of an answer for the next request to the same
// address. The zero value is of an address that was never asked. They are meant
// to be part of a cursor, and take at most 4 KB there however they are quoted.
type Validators struct {
	// ETag and LastModified are as the server wrote them (RFC 9110, section
	// 8.8), or "".
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"modified,omitempty"`
	// Sum is of the body, for servers that have no validators.
	Sum string `json:"sum,omitempty"`
	// Address is asked in place of the configured one, which has moved for good;
	// or "". HomeAsked is when the configured one was asked last, in Unix seconds.
	Address   string `json:"address,omitempty"`
	HomeAsked int64  `json:"home,omitempty"`
	// Moved is where permanent redirects led the last time, Times how often in a
	// row, MovedSince since when, in Unix seconds.
	Moved      string `json:"moved,omitempty"`
	Times      int    `json:"times,omitempty"`
	MovedSince int64  `json:"since,omitempty"`
}

// Encode returns v as a cursor.
func (v Validators) Encode() string {
	if v == (Validators{}) {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil { // strings and a number can be written
		return ""
	}
	return string(text)
}

// UnmarshalJSON reads what Encode wrote, wherever it was kept meanwhile: what
// stands there was set by a server, and goes into the next request's headers. What
// a server would not have been allowed to set is dropped.
func (v *Validators) UnmarshalJSON(text []byte) error {
	type plain Validators // without this method
	var read plain
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	*v = Validators(read).sane()
	return nil
}

// sane drops what a server would not have been allowed to set.
func (v Validators) sane() Validators {
	v.ETag = short(v.ETag, maxETag)
	v.LastModified = short(v.LastModified, maxLastModified)
	v.Sum = short(v.Sum, sumLength)
	if !secure(v.Address) {
		v.Address, v.HomeAsked = "", 0
	}
	v.Moved = short(v.Moved, maxMoved)
	if v.Moved == "" || v.Times < 0 {
		v.Moved, v.Times, v.MovedSince = "", 0, 0
	}
	v.Times = min(v.Times, permanentAfter)
	return v
}

// short returns s, or "" if it is too long or cannot stand in a header.
func short(s string, limit int) string {
	if len(s) > limit || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return ""
	}
	return s
}

func secure(address string) bool {
	u, err := url.Parse(short(address, maxMoved))
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// set puts v on a request.
func (v Validators) set(h http.Header) {
	if v.ETag != "" {
		h.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		h.Set("If-Modified-Since", v.LastModified)
	}
}

// renewed returns v with the validators of an answer. Those that a 304 does not
// repeat stay; a 200 has its own or none.
func (v Validators) renewed(answer *http.Response) Validators {
	h := answer.Header
	etag, modified := short(h.Get("ETag"), maxETag), short(h.Get("Last-Modified"), maxLastModified)
	if e := strings.TrimPrefix(etag, "W/"); e == `""` || len(e) < 2 {
		etag = "" // it says nothing about anything
	}
	if e := h.Get("Expires"); e == "0" || e == "-1" {
		etag, modified = "", "" // nothing here is ever the same, it says
	}
	if answer.StatusCode != http.StatusNotModified || etag != "" {
		v.ETag = etag
	}
	if answer.StatusCode != http.StatusNotModified || modified != "" {
		v.LastModified = modified
	}
	return v
}

// sameTag tells whether an answer has the ETag that is known, although the
// server sent all of it.
func (v Validators) sameTag(answer *http.Response) bool {
	return v.ETag != "" && v.ETag == answer.Header.Get("ETag")
}
