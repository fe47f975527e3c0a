package schedule

import (
	"fmt"
	"time"
)

// What a clock on the wall shows is kept as a time in UTC that reads the same: a
// date as its midnight, a time of day as minutes since midnight.

const oneDay = 24 * time.Hour

// farthest is more than any clock is away from UTC
// (https://data.iana.org/time-zones/theory.html: 15h 13m 42s, once, in Alaska).
const farthest = 26 * time.Hour

// dateOf returns the date that a clock in the zone shows at t.
func dateOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// moment returns the first moment at which a clock in the zone shows the given
// minute of the date or a later one. time.Date leaves open what it returns where
// clocks change, so the periods between the changes are gone through.
func moment(date time.Time, minute int, zone *time.Location) time.Time {
	wall := date.Add(time.Duration(minute) * time.Minute)
	for begin := wall.Add(-farthest).In(zone); ; {
		_, offset := begin.Zone()
		_, end := begin.ZoneBounds()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if t.Before(begin) { // skipped: the clock was put past it
			t = begin
		}
		if end.IsZero() || t.Before(end) {
			return t
		}
		begin = end
	}
}

// clock writes a time of day as 24-hour clocks do.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
