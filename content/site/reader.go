package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/text/language"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/markdown"
)

// pageReader reads one file and collects what is wrong with it.
type pageReader struct {
	entry    *entry
	file     content.File
	line     int // of the file, at which the header starts
	problems []content.Problem
}

// name is where a person finds the file.
func (r *pageReader) name() string { return cmp.Or(r.file.Name, r.file.Path) }

// problem notes what is wrong at v.
func (r *pageReader) problem(v value, what, hint string) {
	p := content.Problem{
		Entry: r.entry.name, File: r.name(), Line: max(r.line, 1),
		Err: errors.New(what), Hint: hint,
	}
	if v.line > 0 {
		p.Line, p.Column = r.line+v.line-1, v.column
	}
	r.problems = append(r.problems, p)
}

// recover turns a panic into a problem of the file: the parsers of three
// languages work on whatever was committed, and one file must not take the
// others with it. It is for defer only.
func (r *pageReader) recover() {
	if cause := recover(); cause != nil {
		r.problem(value{}, fmt.Sprintf("reading the file failed: %v", cause), "")
	}
}

// front returns the front matter and the body of the file. Without ok the file
// cannot be read, and a problem says why.
//
// An empty file is one that is still being written: a program that copies or
// saves in place cuts it to nothing first, and its title is not news yet.
func (r *pageReader) front() (front value, body []byte, ok bool) {
	if len(r.file.Data) == 0 {
		r.problem(value{}, "the file is empty", "write the post, or delete the file")
		return value{}, nil, false
	}
	h, err := split(r.file.Data)
	if err != nil {
		r.problem(value{}, err.Error(), "")
		return value{}, nil, false
	}
	front, ok = r.decode(h, "the front matter")
	return front, h.body, ok
}

// decode returns the keys of h, which is what the file calls it.
func (r *pageReader) decode(h header, what string) (value, bool) {
	r.line = h.line
	v, err := h.decode()
	if err == nil {
		return v, true
	}
	var at value
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		at = value{line: syntax.line, column: syntax.column}
	}
	r.problem(at, fmt.Sprintf("%s cannot be read as %s: %v", what, h.notation, err), h.hint(at.line))
	return value{}, false
}

// text returns the text of a key as one line, "" without it.
func (r *pageReader) text(front value, key string) string {
	v := front.get(key)
	if v.kind == list || v.kind == mapping {
		r.problem(v, key+" must be a text, not "+v.kind.String(), "")
		return ""
	}
	return v.word()
}

// flag returns whether a key is true. What is neither true nor false counts as
// true: whoever writes "draft: yes" wants it to be one.
func (r *pageReader) flag(front value, key string) bool {
	v := front.get(key)
	switch {
	case v.kind == null || strings.EqualFold(v.word(), "false"):
		return false
	case v.kind != scalar || !strings.EqualFold(v.word(), "true"):
		r.problem(v, key+" must be true or false", "write "+key+": true")
	}
	return true
}

// date returns the date of a value, the zero time without one.
func (r *pageReader) date(v value) time.Time {
	if v.kind == null {
		return time.Time{}
	}
	t, err := parseDate(v)
	switch {
	case errors.Is(err, errNumberDate):
		r.problem(v, fmt.Sprintf("the date %s is read as a number", v.text), "write 2024-04-03")
	case err != nil:
		r.problem(v, fmt.Sprintf("the date %q cannot be read", v.text), "write 2024-04-03T18:00, without quotes and without a time zone")
	}
	return t
}

// title returns the title: the front matter's, else the first heading, else
// the first of names that is not empty.
func (r *pageReader) title(front value, body []byte, o markdown.Options, names ...string) string {
	if title := r.text(front, "title"); title != "" {
		return title
	}
	if heading, ok := markdown.Heading(body, o); ok && oneLine(heading) != "" {
		return oneLine(heading)
	}
	for _, name := range names {
		if name = strings.Trim(oneLine(name), "-_. "); name != "" {
			return name
		}
	}
	return r.file.Path
}

// outside returns a link to another site, "" for everything else.
func (r *pageReader) outside(dest string) string {
	u, err := url.Parse(dest)
	if err != nil {
		return ""
	}
	s, _ := outside(u)
	return s
}

// picture returns the URL of a picture that chat platforms can show, "" if it
// has none that can be known.
func (r *pageReader) picture(dest string) string {
	if dest == "" {
		return ""
	}
	s, ok := r.entry.address.picture(dest)
	if !ok || isSVG(s) {
		return ""
	}
	return s
}

// cover returns the front matter's picture, else the first of the body.
func (r *pageReader) cover(front value, body []byte) string {
	if s := r.picture(r.text(front, "image")); s != "" {
		return s
	}
	return firstPicture(body, r.picture)
}

func isSVG(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.EqualFold(path.Ext(u.Path), ".svg")
}

// post returns the post at u, with what every generator reads alike.
func (r *pageReader) post(front value, kind content.Kind, u *url.URL) content.Post {
	return content.Post{
		ID:          content.ID{Entry: r.entry.name, Path: r.file.Path},
		Source:      r.entry.name,
		File:        r.name(),
		Kind:        kind,
		URL:         u.String(),
		Slug:        strings.Trim(path.Base(u.Path), "/."),
		Description: r.text(front, "description"),
		License:     r.entry.cfg.License,
	}
}

// lang returns the language of a page: the front matter's, else the entry's,
// else the one that the text looks like.
func (r *pageReader) lang(front value, title string, body []byte) string {
	v := front.get("lang", "language")
	if v.kind != null {
		if tag, err := language.Parse(v.word()); err == nil {
			return tag.String()
		}
		r.problem(v, "the language must be a tag such as zh-TW or en", "")
	}
	if own := r.entry.cfg.Language; own != "" {
		return own
	}
	return guessLang(title, body)
}
