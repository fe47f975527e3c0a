package fetch

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Live returns nil if the page at address answers 200 now, after redirects. An
// error is a *feeds.PollError that tells what it does instead, unless ctx was
// cancelled. The page itself is not read.
func (c *Client) Live(ctx context.Context, now time.Time, address string) error {
	judge := func(answer *http.Response) *failure {
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		return c.refusal(answer, now)
	}
	ask := ask{method: http.MethodHead, address: address, accept: "text/html, */*;q=0.8"}
	leave, err := c.enter(ctx, ask)
	if err != nil {
		return err
	}
	defer leave()
	if err = c.exchange(ctx, ask, judge); err == nil || isHostFailure(err) {
		return err
	}
	// Many servers answer HEAD with 403, 404 or 405, or not at all.
	ask.method = http.MethodGet
	return c.exchange(ctx, ask, judge)
}

// Lost tells whether the page at address answers 404 or 410 now, after redirects:
// that nothing is there. An error is why that is not known, and of Live's kind.
func (c *Client) Lost(ctx context.Context, now time.Time, address string) (bool, error) {
	err := c.Live(ctx, now, address)
	var f *failure
	if errors.As(err, &f) && (f.status == http.StatusNotFound || f.status == http.StatusGone) {
		return true, nil
	}
	return false, err
}
