package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// blockedWait is how long a host that takes us for a robot is left alone: to
// ask it again soon confirms it in that.
const blockedWait = 6 * time.Hour

// refusal tells what a status other than 200 and 304 means.
func (c *Client) refusal(answer *http.Response, now time.Time) *failure {
	code := answer.StatusCode
	status := strings.TrimSpace(fmt.Sprintf("status %d %s", code, http.StatusText(code)))
	if c.challenged(answer) {
		return &failure{line: "blocked by bot protection (" + status + ")", wait: max(blockedWait, retryAfter(answer.Header, now))}
	}
	f := &failure{line: status, status: code}
	switch code {
	case http.StatusGone:
		f.gone = true
		f.line += ", which says that it will never be back"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		f.host = true
		if f.wait = retryAfter(answer.Header, now); f.wait > 0 {
			f.line += ", asks to be left alone"
		}
	}
	return f
}

// challenges are what the pages of bot protections have in them.
var challenges = [][]byte{
	[]byte("challenge-platform"), []byte("cf-chl"), []byte("_incapsula_"), []byte("captcha"),
	[]byte("<title>just a moment"), []byte("<title>attention required"), []byte("ddos protection by"),
}

// challenged tells whether an answer asks for a proof of being human.
// https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
// documents the header; the pages of others are known by their words.
func (c *Client) challenged(answer *http.Response) bool {
	if strings.EqualFold(answer.Header.Get("Cf-Mitigated"), "challenge") {
		return true
	}
	switch answer.StatusCode {
	case http.StatusForbidden, http.StatusServiceUnavailable, http.StatusTooManyRequests:
	default:
		return false
	}
	if !strings.Contains(answer.Header.Get("Content-Type"), "html") {
		return false
	}
	reader, failed := decompressed(answer, c.options.MaxBody)
	if failed != nil {
		return false
	}
	page, _ := io.ReadAll(io.LimitReader(reader, 16<<10)) // what came must do
	page = bytes.ToLower(page)
	for _, mark := range challenges {
		if bytes.Contains(page, mark) {
			return true
		}
	}
	return false
}
