package schedule

import (
	"regexp"
	"time"
)

// Quiet is the hours of the day in which nobody wants to be disturbed. The zero
// value is none. They begin and end as a Schedule ticks: at the first moment at
// which the clock shows that time or a later one.
type Quiet struct {
	zone *time.Location
	// from and to are minutes since midnight. If to is not after from, it is of the
	// next day. Both are zero for none.
	from, to int
}

var quietHours = regexp.MustCompile(`^([0-9]+:[0-9]+) ?(?:-|–|—|~|〜|到|至|to) ?([0-9]+:[0-9]+)$`)

// ParseQuiet reads "22:00-08:00" in a zone, nil meaning UTC, or "none". The
// hours may go across midnight. Errors are *ParseError.
func ParseQuiet(text string, zone *time.Location) (Quiet, error) {
	if zone == nil {
		zone = time.UTC
	}
	if len(text) > maxText {
		return Quiet{}, wrong(noQuiet.with(shown(text)), quietHint)
	}
	line := fold(text)
	switch line {
	case "none", "no", "無", "沒有":
		return Quiet{}, nil
	}
	m := quietHours.FindStringSubmatch(line)
	if m == nil {
		return Quiet{}, wrong(noQuiet.with(shown(line)), quietHint)
	}
	if m[2] == "24:00" {
		m[2] = "00:00"
	}
	var minutes [2]int
	for i, s := range m[1:] {
		var ok bool
		if minutes[i], ok = parseTime(s); !ok {
			return Quiet{}, wrong(badTime.with(shown(s)), timeHint)
		}
	}
	if minutes[0] == minutes[1] {
		return Quiet{}, wrong(quietNever, quietOffHint)
	}
	return Quiet{zone: zone, from: minutes[0], to: minutes[1]}, nil
}

// IsZero reports whether there are no quiet hours.
func (q Quiet) IsZero() bool { return q.from == q.to }

// In reports whether t is in the quiet hours: from their first moment on, and
// until the moment at which they end.
func (q Quiet) In(t time.Time) bool { return q.endOf(t).After(t) }

// End returns when the quiet hours are over that t is in, in their zone; t itself
// if it is in none.
func (q Quiet) End(t time.Time) time.Time {
	for {
		end := q.endOf(t)
		if !end.After(t) {
			return t
		}
		t = end // which is quiet as well if what lay between was skipped
	}
}

// endOf returns when the hours that t is in end, or t.
func (q Quiet) endOf(t time.Time) time.Time {
	if q.IsZero() {
		return t
	}
	// Tomorrow may have been on the clock before it went back across midnight.
	today := dateOf(t, q.zone)
	for _, day := range []time.Time{today.Add(-oneDay), today, today.Add(oneDay)} {
		last := day
		if q.to < q.from {
			last = day.Add(oneDay)
		}
		begin, end := moment(day, q.from, q.zone), moment(last, q.to, q.zone)
		if !t.Before(begin) && t.Before(end) {
			return end
		}
	}
	return t
}

// Describe says the hours in the language of a BCP 47 tag, as Sentence.In
// understands it.
func (q Quiet) Describe(lang string) string {
	if q.IsZero() {
		return Sentence{"never", "沒有安靜時段"}.In(lang)
	}
	return Sentence{"from %s to %s", "%s 到 %s"}.with(clock(q.from), clock(q.to)).In(lang)
}

// String returns the hours as ParseQuiet reads them.
func (q Quiet) String() string {
	if q.IsZero() {
		return "none"
	}
	return clock(q.from) + "-" + clock(q.to)
}
