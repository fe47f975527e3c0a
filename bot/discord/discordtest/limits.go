package discordtest

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"time"
)

// window counts the requests of a span of time that began with the first.
type window struct {
	until time.Time
	used  int
}

// take counts one more, and returns how many are left and when the span ends;
// ok is false if there was none left.
func (f *Fake) take(key string, limit int, span time.Duration) (left int, after time.Duration, ok bool) {
	now := time.Now()
	w := f.windows[key]
	if w == nil || !w.until.After(now) {
		w = &window{until: now.Add(span)}
		f.windows[key] = w
	}
	after = w.until.Sub(now)
	if w.used >= limit {
		return 0, after, false
	}
	w.used++
	return limit - w.used, after, true
}

// spend counts a request against the limits and returns the headers that tell
// of them (https://discord.com/developers/docs/topics/rate-limits#header-format).
// With Retry-After among them the request is refused.
func (f *Fake) spend(c *call) http.Header {
	header := make(http.Header)
	if !c.route.free && f.knobs.GlobalPerSecond > 0 {
		if _, after, ok := f.take("global", f.knobs.GlobalPerSecond, time.Second); !ok {
			header.Set("X-RateLimit-Global", "true")
			header.Set("X-RateLimit-Scope", "global")
			return wait(header, after)
		}
	}
	if c.route.template == "/channels/{channel_id}/messages/{message_id}/crosspost" && f.knobs.PublishPerHour > 0 {
		if _, after, ok := f.take("publish "+c.vars["channel_id"], f.knobs.PublishPerHour, time.Hour); !ok {
			header.Set("X-RateLimit-Scope", "shared")
			return wait(header, after)
		}
	}
	if f.knobs.PerRoute == 0 || c.vars["interaction_token"] != "" {
		return header
	}
	major := c.vars["channel_id"] + c.vars["guild_id"] + c.vars["webhook_token"]
	left, after, ok := f.take(c.method+c.route.template+major, f.knobs.PerRoute, f.knobs.PerRouteWindow)
	hash := fnv.New64()
	_, _ = hash.Write([]byte(c.method + c.route.template))
	header.Set("X-RateLimit-Bucket", fmt.Sprintf("%016x", hash.Sum64()))
	header.Set("X-RateLimit-Limit", strconv.Itoa(f.knobs.PerRoute))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	header.Set("X-RateLimit-Reset-After", seconds(after))
	header.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(time.Now().Add(after).UnixMilli())/1000, 'f', 3, 64))
	if !ok {
		header.Set("X-RateLimit-Scope", "user")
		return wait(header, after)
	}
	return header
}

func wait(header http.Header, after time.Duration) http.Header {
	header.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	header.Set("X-Exact-Wait", seconds(after))
	return header
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(math.Ceil(d.Seconds()*1000)/1000, 'f', 3, 64)
}

// limited is the answer to a request beyond a limit.
func limited(header http.Header) answer {
	exact, _ := strconv.ParseFloat(header.Get("X-Exact-Wait"), 64)
	header.Del("X-Exact-Wait")
	return answer{status: 429, header: header, body: map[string]any{
		"message": "You are being rate limited.", "retry_after": exact,
		"global": header.Get("X-RateLimit-Global") != "",
	}}
}
