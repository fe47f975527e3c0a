package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// userAgent is in the form that Discord asks for
// (https://discord.com/developers/docs/reference#user-agent).
const userAgent = "DiscordBot (https://cloudnative.tw/herald, 1)"

// rest is Discord's REST API.
type rest struct {
	base    string
	session *discordgo.Session
}

func newREST(config Config) (*rest, error) {
	u, err := url.Parse(config.APIURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("discord: DISCORD_API_URL is no http or https address")
	}
	base := strings.TrimSuffix(config.APIURL, "/")
	if u.Path == "" || u.Path == "/" {
		base += "/api/v10"
	}
	session, err := discordgo.New("Bot " + string(config.Token))
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	session.UserAgent = userAgent
	session.LogLevel = -1 // it would write to the standard log, also what Discord answered
	session.Client = &http.Client{
		Transport:     &transport{base: config.Transport, limiter: newLimiter()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a redirect would carry the token along
	}
	return &rest{base: base, session: session}, nil
}

// request is one call of the API.
type request struct {
	// doing is what the request is for, as its errors tell: "posting to channel 1".
	doing  string
	method string
	// path has %s where args go. Together with the method it is the route.
	path string
	args []string
	// query follows the path.
	query url.Values
	// body and into are JSON, sent and received; nil for none.
	body, into any
	// creates tells that carrying it out twice would say something twice.
	creates bool
	// free tells that it answers an interaction, whose token is in the path.
	free bool
}

// route is what the limits tell requests apart by: a channel, guild, webhook or
// interaction is the first argument.
func (r request) route() route {
	name := route{name: r.method + " " + r.path, free: r.free}
	if len(r.args) > 0 {
		name.major = r.args[0]
	}
	return name
}

func (r request) url(base string) string {
	args := make([]any, len(r.args))
	for i, arg := range r.args {
		args[i] = url.PathEscape(arg)
	}
	address := base + fmt.Sprintf(r.path, args...)
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	return address
}

// call carries out a request once. discordgo's retries and limits are bypassed:
// they may send a message twice, and sleep through the end of ctx.
func (c *rest) call(ctx context.Context, r request) error {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("%s: %w: %w", r.doing, bot.ErrPermanent, err)
		}
	}
	x := &exchange{route: r.route()}
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	bucket := new(discordgo.Bucket) // of no use but to satisfy discordgo
	bucket.Lock()
	_, err := c.session.RequestWithLockedBucket(r.method, r.url(c.base), "application/json", body, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false))
	if err := x.outcome(r, err); err != nil {
		return fmt.Errorf("%s: %w", r.doing, err)
	}
	return nil
}

// outcome decides what an exchange means. err is why there was no answer.
func (x *exchange) outcome(r request, err error) error {
	switch {
	case x.status == 0:
		return x.unanswered(r, err)
	case x.status == http.StatusTooManyRequests:
		return limitError(x)
	case x.status >= 200 && x.status < 300:
		return x.decode(r)
	case x.status == http.StatusUnauthorized && !r.free:
		return &bot.RetryAfterError{Wait: unauthorizedPause, Global: true, Err: errUnauthorized}
	case x.status >= 500 && r.creates:
		return fmt.Errorf("%w: discord answered with status %d", bot.ErrUnknownOutcome, x.status)
	case x.status >= 500:
		return fmt.Errorf("discord answered with status %d", x.status)
	}
	return newError(x.status, x.body)
}

// unanswered tells what it means that there was no answer. Addresses are taken
// out of the error, because those of interactions hold their token.
func (x *exchange) unanswered(r request, err error) error {
	var wait *bot.RetryAfterError
	if errors.As(err, &wait) {
		return wait
	}
	var withAddress *url.Error
	if errors.As(err, &withAddress) {
		err = withAddress.Err
	}
	switch {
	case r.creates && x.sent.Load():
		return fmt.Errorf("%w: %w", bot.ErrUnknownOutcome, err)
	case r.creates: // not even the context's error leaves a doubt: nothing was sent
		return fmt.Errorf("not sent: %s", err.Error())
	}
	return err
}

func (x *exchange) decode(r request) error {
	if r.into == nil {
		return nil
	}
	err := x.broken
	if err == nil {
		err = json.Unmarshal(x.body, r.into)
	}
	switch {
	case err == nil:
		return nil
	case r.creates:
		return fmt.Errorf("%w: reading the answer: %w", bot.ErrUnknownOutcome, err)
	}
	return fmt.Errorf("reading the answer: %w", err)
}
