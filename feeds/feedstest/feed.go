package feedstest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Feed is the handler of an RSS feed that misbehaves as it is told. The zero
// value behaves and has no items. It never trusts the clock of the requests: all
// dates are its own.
type Feed struct {
	mu      sync.Mutex
	trouble Trouble
	items   int
	visits  []Visit
}

// Visit is one request that a Feed got.
type Visit struct {
	At time.Time
	// Conditional tells that it said what it knows already.
	Conditional bool
	Method      string
	Path        string
	Header      http.Header
}

// Misbehave sets the feed's trouble.
func (f *Feed) Misbehave(t Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble = t
}

// Publish adds n items.
func (f *Feed) Publish(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items += n
}

// Visits returns every request so far.
func (f *Feed) Visits() []Visit {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Visit{}, f.visits...)
}

// page is what a Feed has to say to one request.
type page struct {
	trouble      Trouble
	visit, items int
	tag          string
	modified     time.Time
	date         time.Time
}

// ServeHTTP answers a request.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := f.visit(r)
	if answer, ok := answers[p.trouble]; ok {
		answer(w, r, p)
		return
	}
	p.behave(w, r)
}

func (f *Feed) visit(r *http.Request) page {
	now := time.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	conditional := r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != ""
	f.visits = append(f.visits, Visit{now, conditional, r.Method, r.URL.Path, r.Header.Clone()})
	p := page{trouble: f.trouble, visit: len(f.visits), items: f.items, date: now}
	if f.trouble == ClockAhead {
		p.date = now.AddDate(100, 0, 0)
	}
	p.tag = strconv.Itoa(f.items)
	p.modified = p.date.Truncate(24 * time.Hour).Add(time.Duration(f.items) * time.Second)
	if f.trouble == NewTags {
		p.tag += "-" + strconv.Itoa(p.visit)
		p.modified = p.date
	}
	return p
}

// behave answers as servers should, apart from a misleading detail.
func (p page) behave(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Date", p.date.UTC().Format(http.TimeFormat))
	h.Set("Expires", p.date.Add(5*time.Minute).UTC().Format(http.TimeFormat))
	h.Set("Content-Type", "application/rss+xml; charset=utf-8")
	tag := `W/"` + p.tag + `"`
	if p.trouble != NoTags {
		h.Set("ETag", tag)
		h.Set("Last-Modified", p.modified.UTC().Format(http.TimeFormat))
	}
	body := p.rss()
	switch p.trouble {
	case Untyped:
		h.Set("Content-Type", "text/html")
	case Charset:
		h.Set("Content-Type", "application/rss+xml; charset=utf-8")
		body = strings.ReplaceAll(body, "新聞", "\xb7s\xbbD") // Big5
	case SameTag, NoTags:
	default:
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	_, _ = w.Write([]byte(body)) // who does not read it is gone
}

// rss returns the feed: the newest of its items first.
func (p page) rss() string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>新聞</title>\n")
	for i := p.items; i > max(0, p.items-20); i-- {
		id := strconv.Itoa(i)
		if p.trouble == NewIDs {
			id += "-" + strconv.Itoa(p.visit)
		}
		fmt.Fprintf(&b, "<item><guid isPermaLink=\"false\">%s</guid><title>新聞 %d</title><link>https://news.example/%d</link></item>\n", id, i, i)
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}
