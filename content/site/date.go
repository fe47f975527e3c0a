package site

import (
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

// lostOffset is an offset that a browser's date parser reads and then forgets,
// because Docusaurus writes a Z behind it.
var lostOffset = regexp.MustCompile(`(\d)\s+(?:[-+]\d{4}|GMT|UTC)$`)

// textDates are the forms of a date as text that the site reads, always as UTC:
// Docusaurus gives the text and a Z to JavaScript's Date (blogUtils.ts).
var textDates = []string{"2006-1-2", "2006/1/2", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "2006-1"}

// textTimes may follow a date; the commonest is the first. Seconds may have
// fractions, which time.Parse takes unasked.
var textTimes = []string{"T15:04", "", " 15:04", "T15:04:05", " 15:04:05"}

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
	for _, date := range textDates {
		for _, clock := range textTimes {
			if t, err := time.Parse(date+clock, text); err == nil {
				return t, nil
			}
		}
	}
	return time.Time{}, errBadDate
}

// parseTimestamp reads the parts of a YAML timestamp.
func parseTimestamp(date, clock, zone string) (time.Time, error) {
	layout := "-0700"
	switch sign, hours, _ := strings.Cut(zone, ":"); {
	case zone == "" || zone == "Z":
		zone = "+0000"
	case len(sign) == 2: // +8
		zone = sign[:1] + "0" + sign[1:] + (hours + "00")[:2]
	default:
		zone = sign + (hours + "00")[:2]
	}
	t, err := time.Parse("2006-1-2 15:4:5"+layout, date+" "+strings.TrimSuffix(clock, ".")+zone)
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
