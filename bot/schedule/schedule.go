// Package schedule reads when moderators want something said, in words or as
// cron, and tells when that falls due.
//
// Every time is the wall clock's in one zone, and every time that a schedule
// names falls due once: at the first moment at which the clock shows that time or a
// later one. So a time that is skipped when clocks go forward is due right after
// the gap, and one that comes twice when they go back is due the first time only.
// Two times that fall on one moment are one tick.
//
// It reads no clock and imports nothing else of Herald.
package schedule

import (
	"fmt"
	"sort"
	"time"
)

// Schedule is when something falls due, again and again. The zero value never
// does. It may be copied, and used from several goroutines.
type Schedule struct {
	zone *time.Location
	// times are the times of the day, in minutes since midnight, sorted.
	times []int
	days  days
	// cron is the text of a schedule that was written as cron.
	cron string
}

// IsZero reports whether nothing was scheduled.
func (s Schedule) IsZero() bool { return len(s.times) == 0 }

// Key tells the schedule from others: the same for the same days, times and zone,
// however they were written. It is kept beside what was carried out, so it stays
// as it is.
func (s Schedule) Key() string {
	if s.IsZero() {
		return ""
	}
	d := s.days
	return fmt.Sprintf("%s %v %d/%d/%d %t %t", s.zone, s.times, d.months, d.dates, d.weekdays, d.either, d.fit)
}

// Next returns the first tick after a moment, in the schedule's zone; the zero
// time if s is zero.
func (s Schedule) Next(after time.Time) time.Time {
	if s.IsZero() {
		return time.Time{}
	}
	// What the clock has shown by now is over, so the search begins today.
	for day := dateOf(after, s.zone); ; day = day.Add(oneDay) {
		day = s.days.find(day, forward)
		if i := s.passed(day, after); i < len(s.times) {
			return moment(day, s.times[i], s.zone)
		}
	}
}

// Prev returns the last tick that is not after now, in the schedule's zone; the
// zero time if s is zero.
func (s Schedule) Prev(now time.Time) time.Time {
	if s.IsZero() {
		return time.Time{}
	}
	// Tomorrow may have been on the clock before it went back across midnight.
	for day := dateOf(now, s.zone).Add(oneDay); ; day = day.Add(-oneDay) {
		day = s.days.find(day, backward)
		if i := s.passed(day, now); i > 0 {
			return moment(day, s.times[i-1], s.zone)
		}
	}
}

// Ticks returns the ticks after from that are not after to, the oldest first, and
// no more than limit of them.
func (s Schedule) Ticks(from, to time.Time, limit int) []time.Time {
	var ticks []time.Time
	for len(ticks) < limit {
		from = s.Next(from)
		if from.IsZero() || from.After(to) {
			break
		}
		ticks = append(ticks, from)
	}
	return ticks
}

// passed returns how many of the day's times are not after now. Later times never
// fall due before earlier ones, so they can be searched.
func (s Schedule) passed(day time.Time, now time.Time) int {
	return sort.Search(len(s.times), func(i int) bool { return moment(day, s.times[i], s.zone).After(now) })
}
