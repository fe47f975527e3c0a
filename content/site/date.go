package site

import (
	"cmp"
	"errors"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	errNumberDate = errors.New("a date cannot be a number")
	errBadDate    = errors.New("not a date that the site can read")
)

// yamlTimestamp is what YAML itself takes for an instant, unless it is quoted:
// https://yaml.org/type/timestamp.html, as js-yaml reads it. Everything else
// stays text.
var yamlTimestamp = regexp.MustCompile(`^(\d{4}-\d\d?-\d\d?)(?:[Tt]|[ \t]+)(\d\d?:\d\d:\d\d(?:\.\d*)?)(?:[ \t]*(Z|[-+]\d\d?(?::\d\d)?))?$`)

// lostOffset is an offset that is read and then forgotten, because Docusaurus
// writes a Z behind it.
var lostOffset = regexp.MustCompile(`(\s[\d:]+)\s+[-+]\d{4}$`)

// textDates are the forms of a date as text that the site reads, always as UTC:
// Docusaurus gives the text and a Z to JavaScript's Date (blogUtils.ts). The
// commonest is the first.
var textDates = []string{
	"2006-01-02T15:04", "2006-01-02T15:04:05",
	"2006-1-2", "2006-1-2 15:04", "2006-1-2 15:04:05",
	"2006/1/2", "2006/1/2 15:04", "2006/1/2 15:04:05",
	"January 2, 2006", "January 2, 2006 15:04", "Jan 2, 2006", "Jan 2, 2006 15:04",
	"2 January 2006", "2 Jan 2006", "2006-1", "2006/1",
}

// parseDate reads a date of the front matter as Docusaurus does. The result is
// in UTC, which is also how the site shows it.
func parseDate(v value) (time.Time, error) {
	text := strings.TrimSpace(v.text)
	if v.kind != scalar || text == "" {
		return time.Time{}, errBadDate
	}
	if !v.quoted {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return time.Time{}, errNumberDate
		}
		if m := yamlTimestamp.FindStringSubmatch(text); m != nil {
			return parseTimestamp(m[1], m[2], m[3])
		}
	}
	text = lostOffset.ReplaceAllString(text, "$1")
	for _, layout := range textDates {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errBadDate
}

// parseTimestamp reads the parts of a YAML timestamp.
func parseTimestamp(date, clock, zone string) (time.Time, error) {
	if zone == "" || zone == "Z" {
		zone = "+00"
	}
	hours, minutes, _ := strings.Cut(zone, ":")
	if len(hours) == 2 { // +8
		hours = hours[:1] + "0" + hours[1:]
	}
	text := date + " " + strings.TrimSuffix(clock, ".") + hours + cmp.Or(minutes, "00")
	t, err := time.Parse("2006-1-2 15:04:05-0700", text)
	if err != nil {
		return time.Time{}, errBadDate
	}
	return t.UTC(), nil
}

// nameDate is a date in the name of a page or of its folders, with or without
// marks between: "20190525", "2019/05/25", "2019-05-25-notes".
var nameDate = regexp.MustCompile(`(?:^|[^0-9])(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?:[^0-9]|$)`)

// dateOfName returns the day that the path of a documentation page names, the
// zero time if it names none.
func dateOfName(rel string) time.Time {
	m := nameDate.FindStringSubmatch(strings.TrimSuffix(rel, path.Ext(rel)))
	if m == nil {
		return time.Time{}
	}
	t, err := time.Parse("2006-01-02", m[1]+"-"+m[2]+"-"+m[3])
	if err != nil || t.Year() < 1970 || t.Year() > 2100 {
		return time.Time{}
	}
	return t
}
