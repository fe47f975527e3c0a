package main

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/content"
)

// build makes pages and feed of the tree as it is.
func (s *yearSite) build() {
	s.Helper()
	s.generator.Load(s.Context())
	snapshot := s.generator.Snapshot()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.pages)
	var blog []*content.Post
	for _, p := range snapshot.Posts() {
		s.pages[strings.TrimPrefix(p.URL, s.http.URL)] = p
		if s.firstSeen[p.Path].IsZero() {
			s.firstSeen[p.Path] = s.clock.now()
		}
		if p.Source == "blog" && !p.Unlisted {
			blog = append(blog, p)
		}
	}
	slices.SortStableFunc(blog, func(a, b *content.Post) int { return s.dateOf(b).Compare(s.dateOf(a)) })
	s.feed = s.rss(blog[:min(len(blog), feedWindow)])
}

// dateOf is a post's date as Docusaurus has it: that of the file if it names
// none.
func (s *yearSite) dateOf(p *content.Post) time.Time {
	if p.Date.IsZero() {
		return s.firstSeen[p.Path]
	}
	return p.Date
}

func (s *yearSite) rss(posts []*content.Post) []byte {
	var b bytes.Buffer
	text := func(tag, text string) {
		b.WriteString("<" + tag + ">")
		s.must(xml.EscapeText(&b, []byte(text)))
		b.WriteString("</" + strings.Fields(tag)[0] + ">")
	}
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>`)
	text("title", "Blog")
	text("link", s.http.URL+"/blog")
	for _, p := range posts {
		b.WriteString("<item>")
		text("title", p.Title)
		text("link", p.URL)
		if s.plainIDs {
			text(`guid isPermaLink="false"`, "blog:"+path.Base(p.URL))
		} else {
			text(`guid isPermaLink="true"`, p.URL)
		}
		text("pubDate", s.dateOf(p).UTC().Format(time.RFC1123Z))
		text("description", p.Description)
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.Bytes()
}

func (s *yearSite) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.URL.Path != "/blog/rss.xml" && s.pages[r.URL.EscapedPath()] == nil:
		http.NotFound(w, r)
	case r.URL.Path != "/blog/rss.xml":
		_, _ = w.Write([]byte("<title>a page</title>"))
	case s.trouble == http.StatusOK:
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Please sign in</title>"))
	case s.trouble != 0:
		w.WriteHeader(s.trouble)
	default:
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = w.Write(s.feed)
	}
}

// misbehave has the feed answer with a status; 0 is as it should be, and 200 is
// a page instead of a feed.
func (s *yearSite) misbehave(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = status
}

// urlOf returns the address of a post's page, as it was last built.
func (s *yearSite) urlOf(p *yearPost) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, page := range s.pages {
		if page.Path == p.path {
			return page.URL
		}
	}
	return ""
}
