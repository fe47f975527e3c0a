package fetch_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/feeds/fetch"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// header makes one of "Name: value" pairs.
func header(pairs ...string) http.Header {
	h := make(http.Header)
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func TestFreshness(t *testing.T) {
	for _, test := range []struct {
		h    http.Header
		want time.Duration
	}{
		{header(), 0},
		{header("Cache-Control", "public, max-age=600"), 10 * time.Minute},
		{header("Cache-Control", "Max-Age = 600"), 0}, // no spaces there: RFC 9111, section 5.2
		{header("Cache-Control", `max-age="600"`), 10 * time.Minute},
		{header("Cache-Control", "public", "Cache-Control", "max-age=600"), 10 * time.Minute},
		{header("Cache-Control", "max-age=600, max-age=60"), 10 * time.Minute},
		{header("Cache-Control", "s-maxage=600"), 0},
		{header("Cache-Control", "max-age=600", "Age", "60"), 9 * time.Minute},
		{header("Cache-Control", "max-age=600", "Age", "6000"), 0},
		{header("Cache-Control", "max-age=600", "Age", "-60"), 10 * time.Minute},
		{header("Cache-Control", "max-age=600, no-cache"), 0},
		{header("Cache-Control", "no-store", "Expires", "Mon, 23 Nov 2026 13:00:00 GMT"), 0},
		{header("Cache-Control", "max-age=0", "Expires", "Mon, 23 Nov 2026 13:00:00 GMT"), 0},
		{header("Cache-Control", "max-age=-5"), 0},
		{header("Cache-Control", "max-age=1e3"), 0},
		{header("Cache-Control", "max-age=99999999999999999999"), 24 * time.Hour},
		{header("Cache-Control", "max-age=31536000"), 24 * time.Hour},
		{header("Expires", "Mon, 23 Nov 2026 13:00:00 GMT"), time.Hour},
		{header("Expires", "Mon, 23 Nov 2026 13:00:00 GMT", "Date", "Mon, 23 Nov 2026 12:30:00 GMT"), 30 * time.Minute},
		{header("Expires", "Monday, 23-Nov-26 13:00:00 GMT"), time.Hour},
		{header("Expires", "Mon, 23 Nov 2099 13:00:00 GMT", "Date", "Mon, 23 Nov 2099 12:30:00 GMT"), 30 * time.Minute},
		{header("Expires", "Mon, 23 Nov 2099 13:00:00 GMT"), 24 * time.Hour},
		{header("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"), 0},
		{header("Expires", "0"), 0},
		{header("Expires", "-1"), 0},
	} {
		if got := fetch.Freshness(test.h, now); got != test.want {
			t.Errorf("%v: %s, want %s", test.h, got, test.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":    0,
		"120": 2 * time.Minute, "0": time.Minute, "1": time.Minute, " 120 ": 2 * time.Minute,
		"86401": 24 * time.Hour, "99999999999999999999999": 24 * time.Hour,
		"-5": 0, "1.5": 0, "soon": 0, "１２０": 0,
		"Mon, 23 Nov 2026 12:30:00 GMT":  30 * time.Minute,
		"Mon, 23 Nov 2026 11:30:00 GMT":  time.Minute,
		"Mon, 23 Nov 2099 12:30:00 GMT":  24 * time.Hour,
		"Mon Nov 23 12:30:00 2026":       30 * time.Minute,
		"Monday, 23-Nov-26 12:30:00 GMT": 30 * time.Minute,
	} {
		if got := fetch.RetryAfter(header("Retry-After", value), now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
	skewed := header("Retry-After", "Mon, 23 Nov 2099 12:30:00 GMT", "Date", "Mon, 23 Nov 2099 12:00:00 GMT")
	if got := fetch.RetryAfter(skewed, now); got != 30*time.Minute {
		t.Errorf("by a clock that is ahead: %s, want 30m", got)
	}
}

func FuzzWaits(f *testing.F) {
	f.Add("max-age=600, public", "Mon, 23 Nov 2026 13:00:00 GMT", "120", "5", "")
	f.Fuzz(func(t *testing.T, cache, expires, retry, age, date string) {
		h := header("Cache-Control", cache, "Expires", expires, "Retry-After", retry, "Age", age, "Date", date)
		if d := fetch.Freshness(h, now); d < 0 || d > 24*time.Hour {
			t.Errorf("freshness %s", d)
		}
		if d := fetch.RetryAfter(h, now); d != 0 && (d < time.Minute || d > 24*time.Hour) {
			t.Errorf("retry after %s", d)
		}
	})
}

// kept returns validators as they are when they were kept in between.
func kept(t *testing.T, v fetch.Validators) (read fetch.Validators) {
	t.Helper()
	if text := v.Encode(); text != "" {
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
	}
	return read
}

func TestValidatorsAreReadWithCare(t *testing.T) {
	unreadable := map[string]bool{"": true, "[]": true, "{": true, `{"etag":7}`: true}
	for cursor, want := range map[string]fetch.Validators{
		"": {}, "null": {}, "[]": {}, "{": {}, `{"etag":7}`: {},
		`{"etag":"\"a\"","more":1}`:                    {ETag: `"a"`},
		`{"etag":"a\r\nHost: evil"}`:                   {},
		`{"address":"http://new.example/"}`:            {},
		`{"address":"https://me@new.example/"}`:        {},
		`{"address":"file:///etc/passwd"}`:             {},
		`{"address":"https://new.example/"}`:           {Address: "https://new.example/"},
		`{"moved":"https://new.example/","times":-1}`:  {},
		`{"moved":"https://new.example/","times":100}`: {Moved: "https://new.example/", Times: 3},
		`{"times":2}`: {},
	} {
		var got fetch.Validators
		err := json.Unmarshal([]byte(cursor), &got)
		if got != want || (err != nil) != unreadable[cursor] {
			t.Errorf("%s: %+v, want %+v: %v", cursor, got, want, err)
		}
	}
}

func FuzzValidators(f *testing.F) {
	f.Add(fetch.Validators{ETag: `W/"<&>\u2028"`, LastModified: "yesterday", Sum: "x", Address: "https://new.example/", Moved: "https://newer.example/", Times: 2}.Encode())
	f.Fuzz(func(t *testing.T, cursor string) {
		var v fetch.Validators
		if json.Unmarshal([]byte(cursor), &v) != nil && v != (fetch.Validators{}) {
			t.Errorf("%q: something of it was taken: %+v", cursor, v)
		}
		again := v.Encode()
		if kept(t, v) != v || len(again) > 4096 || !utf8.ValidString(again) {
			t.Errorf("%q became %q", cursor, again)
		}
		for _, value := range []string{v.ETag, v.LastModified} {
			for _, b := range []byte(value) {
				if b < ' ' || b == 0x7f {
					t.Errorf("%q would be put into a header", value)
				}
			}
		}
	})
}
