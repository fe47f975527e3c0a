package schedule

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxText bounds what is read, in bytes. The longest sensible cron has fewer.
const maxText = 200

// Parse reads a schedule whose times are those of a zone; nil means UTC. It
// takes words:
//
//	daily 12:00                        每天 12:00
//	mon 09:00     mon,thu 09:00        週一 09:00    每週一、四 09:00
//	weekdays 09:00    weekends 10:00   平日 09:00    週末 10:00
//	day 5 12:00   day last 12:00       每月 5 日 12:00   每月最後一天 12:00
//	dec 25 10:00                       12月25日 10:00
//
// or cron with its five fields, minute to day of the week, as crontab(5) has
// them. After words there may be several times: "daily 09:00,18:00".
//
// In words, a day that a month does not have falls on the month's last day, so
// that nothing is left out: "day 31" in April on the 30th, "feb 29" in common
// years on the 28th. In cron such a day is left out, as cron users expect. A date
// that no year has is refused. Errors are *ParseError.
func Parse(text string, zone *time.Location) (Schedule, error) {
	if len(text) > maxText {
		return Schedule{}, wrong(tooLong, formsHint)
	}
	if zone == nil {
		zone = time.UTC
	}
	line := fold(text)
	if line == "" {
		return Schedule{}, wrong(empty, formsHint)
	}
	when, at := cutTimes(line)
	if at == "" {
		return withoutTime(line, zone)
	}
	times, err := parseTimes(at)
	if err != nil {
		return Schedule{}, err
	}
	if when == "" {
		return Schedule{}, wrong(noDays.with(shown(at)), noDaysHint.with(shown(at)))
	}
	on, err := parseDays(when)
	if clumsy := unclearTime(line); err != nil && clumsy != nil {
		return Schedule{}, clumsy
	}
	if err != nil {
		return Schedule{}, err
	}
	return Schedule{zone: zone, times: times, days: on.simplified()}, nil
}

// withoutTime reads cron, or says what is missing in words.
func withoutTime(line string, zone *time.Location) (Schedule, error) {
	if looksLikeCron(line) {
		return parseCron(line, zone)
	}
	if _, err := parseDays(line); err == nil {
		return Schedule{}, wrong(noTime.with(shown(line)), noTimeHint.with(shown(line)))
	}
	if err := unclearTime(line); err != nil {
		return Schedule{}, err
	}
	return Schedule{}, wrong(badDay.with(shown(line)), formsHint)
}

var aroundCommas = regexp.MustCompile(`\s*,[\s,]*`)

// fold makes one form of the many that keyboards write: lower case, half width,
// single spaces, no space around commas.
func fold(s string) string {
	s = strings.ToLower(width.Fold.String(strings.ToValidUTF8(s, "\uFFFD")))
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "、", ",")), " ")
	return aroundCommas.ReplaceAllString(s, ",")
}

// timesAtEnd finds the times of day at the end of a line.
var timesAtEnd = regexp.MustCompile(`[0-9]*:[0-9:]*(,[0-9]*:[0-9:]*)*$`)

// cutTimes divides a line into its days and its times of day, "" if there are
// none.
func cutTimes(line string) (when, times string) {
	at := timesAtEnd.FindStringIndex(line)
	if at == nil {
		return line, ""
	}
	return strings.TrimSuffix(strings.TrimRight(line[:at[0]], " ,"), " at"), line[at[0]:]
}

func parseTimes(list string) ([]int, error) {
	var times []int
	for s := range strings.SplitSeq(list, ",") {
		minute, ok := parseTime(s)
		if !ok {
			return nil, wrong(badTime.with(shown(s)), timeHint)
		}
		times = append(times, minute)
	}
	slices.Sort(times)
	return slices.Compact(times), nil
}

// parseTime reads a time of a 24-hour clock: 9:00, 09:00.
func parseTime(s string) (minute int, ok bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, isHour := number(h, 0, 23)
	minute, isMinute := number(m, 0, 59)
	return hour*60 + minute, ok && isHour && isMinute && len(m) == 2
}

// number reads one or two digits.
func number(s string, low, high int) (n int, ok bool) {
	if len(s) < 1 || len(s) > 2 || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && low <= n && n <= high
}

// parseDays reads the words before the time of day.
func parseDays(when string) (days, error) {
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(when, "0123456789 ")); unicode.Is(unicode.Han, first) {
		return parseChineseDays(strings.ReplaceAll(when, " ", ""))
	}
	return parseEnglishDays(when)
}

// parseDates reads days of the month, by number.
func parseDates(list string) (days, error) {
	var dates set
	for s := range strings.SplitSeq(list, ",") {
		n, ok := number(s, 1, 31)
		if !ok {
			return days{}, wrong(badDate.with(shown(s)), dateHint)
		}
		dates |= setOf(n)
	}
	return days{dates: dates, fit: true}, nil
}

// lastOfMonth is the last day of every month.
var lastOfMonth = days{dates: setOf(31), fit: true}

// yearly returns a date of every year.
func yearly(month int, day string, said string) (days, error) {
	date, ok := number(day, 1, 31)
	switch {
	case !ok:
		return days{}, wrong(badDate.with(shown(day)), dateHint)
	case month < 1 || month > 12:
		return days{}, wrong(badDay.with(shown(said)), formsHint)
	case date > longest(month):
		return days{}, wrong(impossible.with(shown(said)), longestHint.with(month, longest(month)))
	}
	return days{months: setOf(month), dates: setOf(date), fit: true}, nil
}
