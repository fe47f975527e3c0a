package feedstest

// Trouble is a way in which a feed server misbehaves.
type Trouble string

// The troubles. A Feed has one at a time.
const (
	// None is a server that behaves: validators, 304, a Cache-Control.
	None Trouble = "none"

	// Status codes.
	NotFound    Trouble = "404"
	Forbidden   Trouble = "403"
	Gone        Trouble = "410"
	ServerError Trouble = "500"
	NoContent   Trouble = "204"
	// TooMany answers 429 and asks for ten minutes, Unavailable 503 and for a
	// date in half an hour.
	TooMany     Trouble = "429"
	Unavailable Trouble = "503"
	// Challenge answers 403 as Cloudflare does, Captcha with somebody's page.
	Challenge Trouble = "challenge"
	Captcha   Trouble = "captcha"
	// Unasked304 answers 304 although nothing was said of an earlier answer.
	Unasked304 Trouble = "304 unasked"

	// Silent never answers, Drip sends a byte a second, HalfBody ends in the
	// middle, Cut closes the connection instead of an answer, Reset breaks it in
	// the middle of the body.
	Silent   Trouble = "silent"
	Drip     Trouble = "drip"
	HalfBody Trouble = "half body"
	Cut      Trouble = "cut"
	Reset    Trouble = "reset"
	// NotHTTP answers in some other protocol, Headers with headers without end,
	// Interim with interim answers without end.
	NotHTTP Trouble = "not http"
	Headers Trouble = "endless headers"
	Interim Trouble = "endless interim answers"

	// Bomb is 64 MiB in 64 KB of gzip, Hollow gzip without end that holds
	// nothing, Huge a body without end.
	Bomb   Trouble = "gzip bomb"
	Hollow Trouble = "hollow gzip"
	Huge   Trouble = "huge"
	// BadGzip is not gzip though it says so, HalfGzip ends in the middle, Brotli
	// is what nobody asked for.
	BadGzip  Trouble = "bad gzip"
	HalfGzip Trouble = "half gzip"
	Brotli   Trouble = "brotli"

	// Login is an HTML page with status 200, Empty no byte, Blank some spaces.
	Login Trouble = "login page"
	Empty Trouble = "empty"
	Blank Trouble = "blank"

	// Circle redirects to itself, Chain to ever new places, ToPrivate to the
	// cloud's metadata, ToFile out of the web.
	Circle    Trouble = "redirect circle"
	Chain     Trouble = "redirect chain"
	ToPrivate Trouble = "redirect to a private address"
	ToFile    Trouble = "redirect to a file"

	// The following answers can be read, but mislead.

	// ShortLength names a length that is less than the body, Charset another
	// encoding than the body's, Untyped a type that is not a feed's.
	ShortLength Trouble = "short length"
	Charset     Trouble = "wrong charset"
	Untyped     Trouble = "wrong type"
	// NewTags has another ETag and Last-Modified each time, NewIDs other GUIDs,
	// NoTags no validators, SameTag answers in full although nothing changed.
	NewTags Trouble = "changing ETag"
	NewIDs  Trouble = "changing GUIDs"
	NoTags  Trouble = "no validators"
	SameTag Trouble = "200 instead of 304"
	// ClockAhead has a clock that is a hundred years ahead in all dates.
	ClockAhead Trouble = "clock ahead"
)

// Troubles returns every trouble but None.
func Troubles() []Trouble {
	return []Trouble{
		NotFound, Forbidden, Gone, ServerError, NoContent, TooMany, Unavailable, Challenge, Captcha, Unasked304,
		Silent, Drip, HalfBody, Cut, Reset, NotHTTP, Headers, Interim,
		Bomb, Hollow, Huge, BadGzip, HalfGzip, Brotli,
		Login, Empty, Blank,
		Circle, Chain, ToPrivate, ToFile,
		ShortLength, Charset, Untyped, NewTags, NewIDs, NoTags, SameTag, ClockAhead,
	}
}
