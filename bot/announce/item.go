package announce

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/feeds"
)

// maxKey bounds what becomes part of a key, in bytes: PostgreSQL indexes values
// of up to 2,700 bytes (https://www.postgresql.org/docs/current/btree.html),
// and a key has several.
const maxKey = 1000

// maxTitle bounds a title in characters. Titles are said whole; only nonsense is
// longer.
const maxTitle = 300

// read returns the post as an item. One that cannot be read is as if it had not
// changed; the log says so once.
func (a *Announcer) read(p *content.Post) (item feeds.Item, ok bool) {
	item, err := fromPost(p)
	if err == nil {
		return item, true
	}
	a.tellOnce(p.String(), "a post cannot be announced", fmt.Errorf("%s: %w", p.File, err))
	return feeds.Item{}, false
}

// tellOnce logs what is wrong with an item, unless it was the last that was said
// of it.
func (a *Announcer) tellOnce(id, what string, err error) {
	if a.told[id] == err.Error() {
		return
	}
	if len(a.told) >= maxTold {
		clear(a.told)
	}
	a.told[id] = err.Error()
	a.log.Warn(what, "err", err)
}

// maxTold bounds how many items it is remembered of what was said.
const maxTold = 1000

// fromPost returns the post as an item of news. It reads the post's body.
func fromPost(p *content.Post) (item feeds.Item, err error) {
	defer func() { // a post is input from outside, and its body is read only here
		if r := recover(); r != nil {
			err = fmt.Errorf("reading post %s: panic: %v", p.ID, r)
		}
	}()
	item = feeds.Item{
		Source:    p.Source,
		Origin:    p.Entry,
		ID:        p.Path,
		Subject:   feeds.Canonical(p.URL),
		Title:     oneLine(p.Title),
		URL:       cmp.Or(feeds.Clean(p.URL), p.URL),
		Summary:   oneLine(p.Description),
		Excerpt:   oneLine(p.Body().Excerpt),
		Image:     p.Image,
		Lang:      p.Lang,
		Published: p.Date,
		Version:   version(p),
	}
	for _, a := range p.Authors {
		item.Authors = append(item.Authors, oneLine(a.Name))
	}
	for _, t := range p.Tags {
		item.Tags = append(item.Tags, oneLine(t.Label))
	}
	for _, key := range []string{item.ID, item.Subject} {
		if err := checkKey(key); err != nil {
			return feeds.Item{}, fmt.Errorf("post %q: %w", p.ID, err)
		}
	}
	item.Revision = revision(item)
	return item, nil
}

func version(p *content.Post) string { return hex.EncodeToString(p.Hash[:]) }

// revision returns a hash of what an announcement of the community's own post
// shows, or may show by its template. Tags are not in it: they are a part of the
// message where nobody sees them, so that another would be an edit that says
// nothing but that it is one.
func revision(item feeds.Item) string {
	h := sha256.New()
	shown := []string{
		item.Title, item.URL, cut(item.Summary, maxSummary), cut(item.Excerpt, maxSummary), picture(item.Image),
		item.Published.Format(time.RFC3339),
	}
	for _, s := range append(shown, item.Authors...) {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func checkKey(s string) error {
	switch {
	case s == "":
		return fmt.Errorf("its address or path is empty")
	case len(s) > maxKey:
		return fmt.Errorf("its address or path is longer than %d bytes", maxKey)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return fmt.Errorf("its address or path holds characters that are none")
	}
	return nil
}

// oneLine returns s as valid UTF-8 on one line, without control characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}
