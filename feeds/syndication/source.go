package syndication

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
)

// Getter asks for feeds. fetch.Client is one.
type Getter interface {
	// Get returns what is at an address. Its errors say what was asked and hold no
	// secret.
	Get(ctx context.Context, now time.Time, r fetch.Request) (*fetch.Response, error)
}

// Source is one feed, or several of a kind that are watched together.
type Source struct {
	get   Getter
	feeds []source
	rules string
}

// source is one feed with how it is read.
type source struct {
	// key is what is kept of the feed under.
	key, address string
	options      Options
}

var _ feeds.Source = (*Source)(nil)

// New returns the source that the config names, which has passed Check. name is
// its name there; within origin its items' IDs are unique. zone is the
// community's: that of dates without one.
//
// The items of several feeds are kept apart by a prefix of their IDs: that is
// the id which the publisher gives the feed, so that the list may grow and
// shrink. Of feeds at large, the first has no prefix, so that a second may join
// it.
func New(c Config, name, origin string, zone *time.Location, get Getter) (*Source, error) {
	s := &Source{get: get, rules: c.rules(zone)}
	for i, spec := range c.specs() {
		if spec.err != nil {
			return nil, fmt.Errorf("%s: %w", spec.path, spec.err)
		}
		f := source{key: spec.id, address: spec.address}
		f.options = Options{Zone: c.zone(spec, zone), Source: name, Origin: origin, quirks: c.quirks(spec)}
		if spec.preset.host == "" {
			f.key = hash(feeds.Canonical(spec.address))[:16]
		}
		if spec.preset.host != "" || i > 0 {
			f.options.Prefix = f.key + "|"
		}
		s.feeds = append(s.feeds, f)
	}
	if len(s.feeds) == 0 {
		return nil, errors.New("names no feed")
	}
	return s, nil
}

// Poll asks each of the feeds. If some fail, the others are taken in and the
// batch's Notice names them; if all fail, so does the poll.
func (s *Source) Poll(ctx context.Context, now time.Time, cursor string) (feeds.Batch, error) {
	known := decodeCursor(cursor, s.rules)
	batch := feeds.Batch{Unchanged: true, Feeds: make(map[string]bool, len(s.feeds))}
	for _, f := range s.feeds {
		batch.Feeds[f.options.Prefix] = false
	}
	var notices []string
	var failed error
	for _, f := range s.feeds {
		if refuses(failed) || ctx.Err() != nil {
			break // the others are on the same host; next time
		}
		state, err := s.ask(ctx, now, f, known.Feeds[f.key], &batch)
		switch {
		case errors.Is(err, context.Canceled):
			return feeds.Batch{}, err
		case err != nil && len(s.feeds) == 1:
			return feeds.Batch{}, err
		case err != nil:
			notices = append(notices, fmt.Sprintf("one of its %d feeds fails: %v", len(s.feeds), err))
			batch.Wait = max(batch.Wait, waitOf(err))
			failed = err
		default:
			known.Feeds[f.key] = state.feedCursor
			batch.Wait = max(batch.Wait, state.wait)
			if state.notice != "" {
				notices = append(notices, state.notice)
			}
			known.good = true
		}
	}
	if !known.good {
		return feeds.Batch{}, orStopped(ctx, failed)
	}
	batch.Notice = strings.Join(notices, "; ")
	batch.Cursor = known.encode(s.feeds)
	return batch, nil
}

// answer is what came of one feed, beside its items.
type answer struct {
	feedCursor
	wait   time.Duration
	notice string
}

// ask asks for one feed and adds what is new in it to the batch.
func (s *Source) ask(ctx context.Context, now time.Time, f source, last feedCursor, batch *feeds.Batch) (answer, error) {
	r, err := s.get.Get(ctx, now, fetch.Request{URL: f.address, Validators: last.Validators})
	if err != nil {
		return answer{}, err
	}
	a := answer{feedCursor: last, notice: r.Notice}
	a.Validators = r.Validators
	if !r.NotModified {
		o := f.options
		o.Now, o.URL = now, r.URL
		feed, err := Parse(r.Body, r.ContentType, o)
		if err != nil {
			return answer{}, &feeds.PollError{Err: fmt.Errorf("read %s: %w", fetch.Redact(f.address), err)}
		}
		a.Wait = int64(feed.Wait / time.Second)
		if feed.Hash != last.Hash {
			a.Hash = feed.Hash
			batch.Unchanged = false
			batch.Items = append(batch.Items, feed.Items...)
			batch.Withdrawn = append(batch.Withdrawn, feed.Withdrawn...)
			batch.Problems = append(batch.Problems, feed.Problems...)
			batch.Feeds[f.options.Prefix] = len(feed.Problems) == 0
		}
	}
	a.wait = max(r.Wait, time.Duration(a.Wait)*time.Second)
	return a, nil
}

// refuses tells whether an error means that the host is not to be asked again.
func refuses(err error) bool {
	var failed *feeds.PollError
	return errors.As(err, &failed) && failed.Host
}

func waitOf(err error) time.Duration {
	var failed *feeds.PollError
	if errors.As(err, &failed) {
		return failed.Wait
	}
	return 0
}

// orStopped returns err, or why nothing was asked.
func orStopped(ctx context.Context, err error) error {
	if err == nil {
		return ctx.Err()
	}
	return err
}
