package discord

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
)

func headersOf(hash string, limit, remaining int, after string) http.Header {
	h := make(http.Header)
	h.Set("X-RateLimit-Bucket", hash)
	h.Set("X-RateLimit-Limit", fmt.Sprint(limit))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(remaining))
	h.Set("X-RateLimit-Reset-After", after)
	return h
}

// one sends a request through the limiter and returns how long it waited.
func one(t *testing.T, l *limiter, r route, status int, h http.Header, refused refusal) (time.Duration, error) {
	t.Helper()
	begin := time.Now()
	ticket, err := l.acquire(t.Context(), r)
	if err == nil {
		ticket.done(status, h, refused)
	}
	return time.Since(begin), err
}

func TestGlobalLimitCountsFromTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		var tickets []*ticket
		for i := range globalLimit {
			ticket, err := l.acquire(t.Context(), route{name: "r", major: fmt.Sprint(i)})
			if err != nil {
				t.Fatal(err)
			}
			tickets = append(tickets, ticket)
		}
		time.AfterFunc(3*time.Second, func() {
			for _, ticket := range tickets {
				ticket.done(200, nil, refusal{})
			}
		})
		waited, err := one(t, l, route{name: "r", major: "x"}, 200, nil, refusal{})
		if want := 3*time.Second + globalWindow; err != nil || waited != want {
			t.Errorf("waited %s, want %s: %v", waited, want, err)
		}
		if waited, _ := one(t, l, route{name: "callback", free: true}, 204, nil, refusal{}); waited != 0 {
			t.Errorf("the answer to an interaction waited %s", waited)
		}
	})
}

func TestAGlobalRefusalStopsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		one(t, l, route{name: "r", major: "1"}, 429, nil, refusal{wait: 2 * time.Second, global: true})
		waited, err := one(t, l, route{name: "other", major: "2"}, 200, nil, refusal{})
		if err != nil || waited != 2*time.Second {
			t.Errorf("another route waited %s: %v", waited, err)
		}
		one(t, l, route{name: "r", major: "1"}, 429, nil, refusal{wait: time.Hour, global: true})
		_, err = one(t, l, route{name: "other", major: "2"}, 200, nil, refusal{})
		var wait *bot.RetryAfterError
		if !errors.As(err, &wait) || !wait.Global || wait.Wait != time.Hour {
			t.Errorf("a long pause: %v", err)
		}
	})
}

func TestABanStopsAnswersToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		one(t, l, route{name: "r", major: "1"}, 429, nil, refusal{wait: time.Hour, global: true, banned: true})
		if _, err := one(t, l, route{name: "callback", free: true}, 204, nil, refusal{}); !errors.Is(err, errBanned) {
			t.Errorf("an interaction is answered: %v", err)
		}
	})
}

func TestBucketsAreSharedByHashAndNotByChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		post, edit := route{name: "POST", major: "1"}, route{name: "PATCH", major: "1"}
		one(t, l, post, 200, headersOf("h", 5, 3, "4"), refusal{})
		one(t, l, edit, 200, headersOf("h", 5, 0, "4"), refusal{})
		if waited, _ := one(t, l, route{name: "POST", major: "2"}, 200, headersOf("h", 5, 4, "4"), refusal{}); waited != 0 {
			t.Errorf("another channel waited %s", waited)
		}
		waited, _ := one(t, l, edit, 200, headersOf("h", 5, 4, "4"), refusal{})
		if waited != 4*time.Second {
			t.Errorf("waited %s", waited)
		}
	})
}

func TestOddHeadersCostNothingButCare(t *testing.T) {
	for _, h := range []http.Header{
		headersOf("h", 5, 1, "soon"), headersOf("h", 0, 1, "1"), headersOf("h", 5, -1, "1"), headersOf("h", 5, 1, "NaN"), headersOf("h", 5, 1, "-1"), headersOf("h", 5, 1, "1e300"), {},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter()
			r := route{name: "r", major: "1"}
			one(t, l, r, 200, headersOf("h", 2, 1, "1"), refusal{})
			one(t, l, r, 200, h, refusal{})
			if waited, err := one(t, l, r, 200, h, refusal{}); err != nil || waited != time.Second {
				t.Errorf("%v: waited %s: %v", h, waited, err)
			}
		})
	}
}

func TestTooManyRefusalsStopEverythingForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		asked := 0
		for range 100_000 {
			_, err := one(t, l, route{name: "r", major: fmt.Sprint(asked)}, 403, nil, refusal{})
			if err != nil {
				if !errors.Is(err, errTooManyRefused) {
					t.Fatal(err)
				}
				break
			}
			asked++
		}
		if asked != invalidLimit {
			t.Errorf("%d requests were refused", asked)
		}
		for range 1000 { // a limit that is not our doing does not count
			one(t, newLimiter(), route{name: "r"}, 429, nil, refusal{shared: true})
		}
		time.Sleep(invalidWindow)
		if _, err := one(t, l, route{name: "r"}, 200, nil, refusal{}); err != nil {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

func TestBucketsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		for i := range 10_000 {
			one(t, l, route{name: "r", major: fmt.Sprint(i)}, 200, headersOf("h", 5, 4, "0.5"), refusal{})
			one(t, l, route{name: "POST callback", major: fmt.Sprint(i), free: true}, 204, nil, refusal{})
		}
		time.Sleep(time.Minute)
		one(t, l, route{name: "r", major: "x"}, 200, nil, refusal{})
		if n := len(l.buckets); n > 200 {
			t.Errorf("%d buckets are left", n)
		}
		if n := len(l.answered); n > globalLimit {
			t.Errorf("%d answers are remembered", n)
		}
	})
}

func TestReadRefusal(t *testing.T) {
	header := func(pairs ...string) http.Header {
		h := make(http.Header)
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	for _, tt := range []struct {
		header http.Header
		body   string
		want   refusal
	}{
		{header(), `{"retry_after":1.5,"global":false}`, refusal{wait: 1500 * time.Millisecond}},
		{header(), `{"retry_after":0.0001,"global":true}`, refusal{wait: time.Millisecond, global: true}},
		{header("X-RateLimit-Scope", "shared"), `{"retry_after":43837}`, refusal{wait: 43837 * time.Second, shared: true}},
		{header("X-RateLimit-Global", "true"), `{"retry_after":2}`, refusal{wait: 2 * time.Second, global: true}},
		{header(), `{"retry_after":20,"code":20016}`, refusal{wait: 20 * time.Second, code: 20016}},
		{header(), `{"code":30046}`, refusal{code: 30046}},
		{header("Retry-After", "7"), `{"message":"x"}`, refusal{wait: 7 * time.Second}},
		{header(), `{}`, refusal{wait: unknownPause}},
		{header(), `{"retry_after":-1}`, refusal{wait: unknownPause}},
		{header(), `<html>`, refusal{wait: bannedPause, global: true, banned: true}},
		{header("Retry-After", "99"), `<html>`, refusal{wait: 99 * time.Second, global: true, banned: true}},
		{header("Retry-After", "-1"), ``, refusal{wait: bannedPause, global: true, banned: true}},
	} {
		if got := readRefusal(tt.header, []byte(tt.body)); got != tt.want {
			t.Errorf("%v %s: %+v, want %+v", tt.header, tt.body, got, tt.want)
		}
	}
}

func FuzzWhatDiscordAnswers(f *testing.F) {
	f.Add(429, `{"retry_after":1.5,"global":true,"code":20016}`, "1", "2", "0.5")
	f.Add(400, `{"code":50035,"errors":{"embeds":{"0":{"image":{"url":{"_errors":[{"message":"x"}]}}}}}}`, "", "", "NaN")
	f.Add(403, `<html>`, "many", "-1", "soon")
	f.Fuzz(func(t *testing.T, status int, body, limit, remaining, after string) {
		h := make(http.Header)
		h.Set("X-RateLimit-Limit", limit)
		h.Set("X-RateLimit-Remaining", remaining)
		h.Set("X-RateLimit-Reset-After", after)
		if r, ok := readHeaders(h); ok && (r.limit < 1 || r.remaining < 0 || r.resetAfter < 0) {
			t.Errorf("read %+v", r)
		}
		if r := readRefusal(h, []byte(body)); r.wait < 0 || r.wait > 1e6*time.Second {
			t.Errorf("wait %s", r.wait)
		}
		if e := newError(status, []byte(body)); len(e.Error()) > 4096 {
			t.Errorf("an error of %d bytes", len(e.Error()))
		}
	})
}
