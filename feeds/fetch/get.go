package fetch

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// feedTypes is what Get accepts unless told otherwise. It is a wish: what comes
// is judged by its bytes.
const feedTypes = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.5"

// Request is what to get.
type Request struct {
	// URL is the configured address: http or https.
	URL string
	// Validators are those of the last answer that was taken in.
	Validators Validators
	// Accept is the media types wanted; feeds when empty.
	Accept string
	// Header are further headers, which no other host sees.
	Header http.Header
	// HTML tells that an HTML page is what is wanted. It is an error otherwise: a
	// login, a consent or a maintenance page in place of a feed.
	HTML bool
}

// Response is what was got.
type Response struct {
	// NotModified tells that the server has what it had at the time of the
	// request's validators. Body is nil then.
	NotModified bool
	// Body is decompressed and never empty.
	Body []byte
	// ContentType is as the server says, and may be wrong.
	ContentType string
	// URL is where it came from in the end: the base of what is relative in it.
	URL string
	// Validators are for the next request.
	Validators Validators
	// Wait is how long the server says that this stays true, as by Cache-Control;
	// 0 if it does not say, a day at most.
	Wait time.Duration
	// Notice is what moderators should know although all is well, or "". It is
	// the same each time as long as it is so.
	Notice string
}

// Get asks for an address and returns what is there. An error is a
// *feeds.PollError with one clear line that holds no secret, unless ctx was
// cancelled. now is only what a server's dates are held against, and what tells
// that a day is over.
//
// Where an address has moved for good, the configured one is asked once a day,
// and whenever the other fails: if it answers by itself, it has not moved.
func (c *Client) Get(ctx context.Context, now time.Time, r Request) (*Response, error) {
	moved := r.Validators.Address
	if moved == "" {
		return c.get(ctx, now, r.URL, "", r)
	}
	since, known := sinceThen(now, r.Validators.HomeAsked)
	daily := !known || since >= homeEvery
	if daily {
		if res, err := c.getHome(ctx, now, r); err == nil {
			return res, nil
		}
		r.Validators.HomeAsked = now.Unix()
	}
	res, err := c.get(ctx, now, moved, "", r)
	if err == nil || daily || ctx.Err() != nil || isHostFailure(err) && sameHost(moved, r.URL) {
		return res, err
	}
	if home, failed := c.getHome(ctx, now, r); failed == nil {
		return home, nil
	}
	return res, err
}

// getHome asks the configured address of what has moved for good, as if it had
// never been asked. It is an error if it still leads there.
func (c *Client) getHome(ctx context.Context, now time.Time, r Request) (*Response, error) {
	moved := r.Validators.Address
	r.Validators = Validators{}
	return c.get(ctx, now, r.URL, moved, r)
}

// get asks an address, and follows no redirect to the one to avoid, if any.
func (c *Client) get(ctx context.Context, now time.Time, address, avoid string, r Request) (*Response, error) {
	ask := ask{
		method: http.MethodGet, address: address, avoid: avoid, moved: !sameHost(address, r.URL),
		accept: cmp.Or(r.Accept, feedTypes), header: r.Header.Clone(),
	}
	if ask.header == nil {
		ask.header = make(http.Header)
	}
	r.Validators.set(ask.header)
	var res *Response
	leave, err := c.enter(ctx, ask)
	if err != nil {
		return nil, err
	}
	defer leave()
	err = c.exchange(ctx, ask, func(answer *http.Response) (failed *failure) {
		res, failed = c.response(answer, now, r)
		return failed
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

// response turns what a server answered into a Response.
func (c *Client) response(answer *http.Response, now time.Time, r Request) (*Response, *failure) {
	res := &Response{
		ContentType: answer.Header.Get("Content-Type"),
		URL:         answer.Request.URL.String(),
		Wait:        freshness(answer.Header, now),
	}
	switch answer.StatusCode {
	case http.StatusOK:
		res.NotModified = r.Validators.sameTag(answer)
	case http.StatusNotModified:
		if !conditional(answer.Request) {
			return nil, &failure{line: "status 304 Not Modified, although nothing was said of an earlier answer"}
		}
		res.NotModified = true
	default:
		return nil, c.refusal(answer, now)
	}
	sum := r.Validators.Sum
	if !res.NotModified {
		body, err := c.readFeed(answer, r.HTML)
		if err != nil {
			return nil, err
		}
		if sum = digest(body); sum == r.Validators.Sum {
			res.NotModified = true
		} else {
			res.Body = body
		}
	}
	res.Validators, res.Notice = r.Validators.renewed(answer).moved(now, r.URL, answer)
	res.Validators.Sum = sum
	return res, nil
}

func conditional(req *http.Request) bool {
	return req.Header.Get("If-None-Match") != "" || req.Header.Get("If-Modified-Since") != ""
}
