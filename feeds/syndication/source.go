package syndication

import (
	"context"
	"errors"
	"fmt"
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

// Source is one feed.
type Source struct {
	get     Getter
	address string
	options Options
	rules   string
}

var _ feeds.Source = (*Source)(nil)

// New returns the feeds of the source that the config, which has passed Check,
// describes, to be watched one by one: what becomes of one is none of the
// others' business. name is the source's in config.yaml. Within what origin
// returns for a Part's name, the IDs of its items are unique. zone is the
// community's: that of dates without one.
func New(c Config, name string, origin func(part string) string, zone *time.Location, get Getter) ([]feeds.Watch, error) {
	var all []feeds.Watch
	for _, p := range c.Parts(name) {
		if p.spec.err != nil {
			return nil, fmt.Errorf("%s: %w", p.spec.path, p.spec.err)
		}
		all = append(all, feeds.Watch{
			Name: p.Name, Address: p.Address, Of: p.Source, Feed: p.Feed, Every: c.Interval(),
			Source: &Source{
				get: get, address: p.spec.address, rules: c.rules(zone),
				options: Options{Zone: c.zone(p.spec, zone), Source: name, Origin: origin(p.Name), quirks: c.quirks(p.spec)},
			},
		})
	}
	if len(all) == 0 {
		return nil, errors.New("names no feed")
	}
	return all, nil
}

// Poll asks for the feed, and reads it if it has changed.
func (s *Source) Poll(ctx context.Context, now time.Time, text string) (feeds.Batch, error) {
	known, reread := decodeCursor(text, s.rules)
	r, err := s.get.Get(ctx, now, fetch.Request{URL: s.address, Validators: known.Validators})
	if err != nil {
		return feeds.Batch{}, err
	}
	known.Validators = r.Validators
	batch := feeds.Batch{Origin: s.options.Origin, Unchanged: true, Reread: reread, Notice: r.Notice}
	if !r.NotModified {
		if err := s.read(now, r, &known, &batch); err != nil {
			return feeds.Batch{}, &feeds.PollError{Err: fmt.Errorf("read %s: %w", fetch.Redact(s.address), err)}
		}
	}
	batch.Wait = max(r.Wait, time.Duration(known.Wait)*time.Second)
	batch.Cursor = known.encode()
	return batch, nil
}

// read reads an answer. The batch has what is in it, unless that is what is known.
func (s *Source) read(now time.Time, r *fetch.Response, known *cursor, batch *feeds.Batch) error {
	o := s.options
	o.Now, o.URL = now, r.URL
	feed, err := Parse(r.Body, r.ContentType, o)
	if err != nil {
		return err
	}
	known.Wait = int64(feed.Wait / time.Second)
	if feed.Hash != known.Hash {
		known.Hash = feed.Hash
		batch.Unchanged, batch.Whole = false, len(feed.Problems) == 0
		batch.Items, batch.Withdrawn, batch.Problems = feed.Items, feed.Withdrawn, feed.Problems
	}
	return nil
}
