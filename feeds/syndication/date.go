package syndication

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// maxDate is how long a date is at most, in bytes.
const maxDate = 120

// oldest is the first year of which a date is one; before it are the year 1 of
// Hugo's undated pages and the 1970 of programs that have none.
const oldest = 1990

// parseDate reads a date as feeds write it: as RFC 3339 and RFC 822 say, and in
// many other ways, Chinese ones among them. A date without a zone is of zone. It
// returns false for what is no date, or could be one of several.
func parseDate(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxDate {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, time.RFC1123Z} { // almost all
		if t, err := time.Parse(layout, s); err == nil {
			return t, t.Year() >= oldest
		}
	}
	s = compact.ReplaceAllString(norm.NFKC.String(s), "$1-$2-$3 $4:$5:$6 ")
	before, c, after := readClock(s)
	d, ok := readDay(before + " " + after)
	if !ok || d.year < oldest {
		return time.Time{}, false
	}
	c, later := c.ended()
	if !d.exists() || !c.exists() {
		return time.Time{}, false
	}
	in := func(zone *time.Location) time.Time {
		return time.Date(d.year, time.Month(d.month), d.day+later, c.hour, c.minute, c.second, 0, zone)
	}
	t := in(zone)
	if offset, said := readZone(after, t); said {
		t = in(time.FixedZone("", offset))
	}
	return t, true
}

// compact matches the basic form of ISO 8601.
var compact = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)`)

type day struct{ year, month, day int }

// exists tells a day from a 30 February.
func (d day) exists() bool {
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return t.Day() == d.day && int(t.Month()) == d.month
}

const months = `(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`

// days are the ways to write a day that can mean only one. 1/2/2006 is not among
// them.
var days = []*regexp.Regexp{
	regexp.MustCompile(`\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})`),
	regexp.MustCompile(`(?P<era>民國|民国)?\s*(?P<year>\d{2,4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})`),
	regexp.MustCompile(`(?i)\b(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s,]+` + months + `[-\s,]+(?P<year>\d{4}|\d{2})\b`),
	regexp.MustCompile(`(?i)\b` + months + `\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\b.*?\b(?P<year>(?:19|20)\d{2})\b`),
	regexp.MustCompile(`\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b`),
}

func readDay(s string) (d day, ok bool) {
	for _, form := range days {
		match := form.FindStringSubmatch(s)
		if match == nil {
			continue
		}
		part := func(name string) string {
			if i := form.SubexpIndex(name); i >= 0 {
				return match[i]
			}
			return ""
		}
		d = day{number(part("year")), number(part("month")), number(part("day"))}
		if name := strings.ToLower(part("name")); name != "" {
			d.month = strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", name)/3 + 1
		}
		switch {
		case part("era") != "" || strings.Contains(s, "年") && d.year < 200:
			d.year += 1911 // of the Republic
		case d.year < 70: // RFC 822 had two digits
			d.year += 2000
		case d.year < 100:
			d.year += 1900
		}
		return d, true
	}
	return day{}, false
}

type clock struct{ hour, minute, second int }

// exists tells a time of day from 08:75.
func (c clock) exists() bool { return c.hour < 24 && c.minute < 60 && c.second < 60 }

// ended returns the time of day without the two that only clocks of 24 hours, or
// with leap seconds, know: the end of a day, which is the beginning of as many
// days later, and second 60, for which Go has no time.
func (c clock) ended() (_ clock, daysLater int) {
	if c == (clock{hour: 24}) {
		return clock{}, 1
	}
	if c.second == 60 {
		c.second = 59
	}
	return c, 0
}

var (
	clockForm   = regexp.MustCompile(`(?:^|[^-+\d:])(\d{1,2})\s*(?::\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:[.,]\d+)?)?|[時时點点](?:\s*(\d{1,2})\s*分?(?:\s*(\d{1,2})\s*秒?)?)?)`)
	halfForm    = regexp.MustCompile(`(?i)([ap])\.?m\b\.?`)
	chineseHalf = strings.NewReplacer(
		"上午", " am ", "早上", " am ", "凌晨", " am ", "清晨", " am ",
		"中午", " pm ", "下午", " pm ", "傍晚", " pm ", "晚上", " pm ")
)

// readClock finds the time of day and returns what stands before and after it.
// Without one it is midnight and all stands before.
func readClock(s string) (before string, c clock, after string) {
	s = chineseHalf.Replace(s)
	half := ""
	if m := halfForm.FindStringSubmatch(s); m != nil {
		half = strings.ToLower(m[1])
		s = halfForm.ReplaceAllString(s, " ")
	}
	m := clockForm.FindStringSubmatchIndex(s)
	if m == nil {
		return s, clock{}, ""
	}
	part := func(groups ...int) int {
		for _, g := range groups {
			if m[2*g] >= 0 {
				return number(s[m[2*g]:m[2*g+1]])
			}
		}
		return 0
	}
	c = clock{part(1), part(2, 4), part(3, 5)}
	switch {
	case half == "p" && c.hour < 12:
		c.hour += 12
	case half == "a" && c.hour == 12:
		c.hour = 0
	}
	return s[:m[2]], c, s[m[1]:]
}

var (
	offsetForm = regexp.MustCompile(`^\s*\(?\s*(?i:GMT|UTC|UT|Z)?\s*([-+])(\d{1,2}):?(\d{2})?(?:\D|$)`)
	zoneForm   = regexp.MustCompile(`^\s*\(?([A-Za-z]{1,5})\b`)
)

// zones are the abbreviations that mean one zone almost everywhere, in hours
// east of Greenwich: those of RFC 822 (section 5.1) and some neighbours.
var zones = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
}

// readZone returns the offset from UTC, in seconds, that stands after a time of
// day. local is the date as if it were of the source's own zone: an abbreviation
// that is in use there means that one.
func readZone(after string, local time.Time) (seconds int, said bool) {
	if m := offsetForm.FindStringSubmatch(after); m != nil {
		seconds = number(m[2])*3600 + number(m[3])*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return seconds, number(m[2]) <= 14 // Kiribati has the most
	}
	m := zoneForm.FindStringSubmatch(after)
	if m == nil {
		return 0, false
	}
	name := strings.ToUpper(m[1])
	if own, _ := local.Zone(); own == name {
		return 0, false
	}
	hours, known := zones[name]
	return hours * 3600, known
}

// number returns the value of up to nine digits.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
