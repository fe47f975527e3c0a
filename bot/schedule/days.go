package schedule

import (
	"math/bits"
	"time"
)

// set holds small numbers: days of a month, months, days of a week. The zero
// value stands for all of them.
type set uint32

func setOf(numbers ...int) set {
	var s set
	for _, n := range numbers {
		s |= 1 << n
	}
	return s
}

// between returns the set of the numbers from low to high.
func between(low, high int) set {
	var s set
	for n := low; n <= high; n++ {
		s |= 1 << n
	}
	return s
}

func (s set) has(n int) bool { return s == 0 || s&(1<<n) != 0 }

// numbers lists what is in the set, in order.
func (s set) numbers() []int {
	var all []int
	for ; s != 0; s &= s - 1 {
		all = append(all, bits.TrailingZeros32(uint32(s)))
	}
	return all
}

var (
	allMonths   = between(1, 12)
	allDates    = between(1, 31)
	allWeekdays = between(0, 6)
	workdays    = between(1, 5)
	weekend     = setOf(0, 6)
)

// days says on which days something falls due. The zero value is every day.
type days struct {
	months   set // 1 to 12
	dates    set // days of the month, 1 to 31
	weekdays set // 0 to 6, Sunday is 0
	// either tells that a day need be only one of dates and weekdays, not both.
	either bool
	// fit tells that a date after the end of its month falls on the month's last
	// day. So the 31st is the last day of every month.
	fit bool
}

// simplified returns the same days, with every set that holds all as zero.
func (d days) simplified() days {
	if d.months == allMonths {
		d.months = 0
	}
	if d.either && (d.dates == allDates || d.weekdays == allWeekdays) {
		return days{months: d.months}
	}
	if d.dates == allDates {
		d.dates = 0
	}
	if d.weekdays == allWeekdays {
		d.weekdays = 0
	}
	return d
}

// possible reports whether any year has such a day.
func (d days) possible() bool {
	if d.dates == 0 || d.either || d.fit {
		return true
	}
	for month := 1; month <= 12; month++ {
		if d.months.has(month) && d.dates&between(1, longest(month)) != 0 {
			return true
		}
	}
	return false
}

// longest returns how many days a month has in a leap year.
func longest(month int) int { return lastDay(2000, time.Month(month)) }

func lastDay(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// has reports whether the date is one of the days.
func (d days) has(date time.Time) bool {
	if !d.months.has(int(date.Month())) {
		return false
	}
	onWeekday := d.weekdays.has(int(date.Weekday()))
	if d.either {
		return onWeekday || d.onDate(date)
	}
	return onWeekday && d.onDate(date)
}

func (d days) onDate(date time.Time) bool {
	if d.dates.has(date.Day()) {
		return true
	}
	last := lastDay(date.Year(), date.Month())
	return d.fit && date.Day() == last && d.dates>>(last+1) != 0
}

type direction int

const (
	forward  direction = 1
	backward direction = -1
)

// find returns the first of the days from the date on, itself included, in a
// direction. It ends because days that are not possible are never made: the
// rarest is 29 February, or a date that has to be a certain weekday too.
func (d days) find(date time.Time, to direction) time.Time {
	for !d.has(date) {
		switch {
		case d.months.has(int(date.Month())):
			date = date.AddDate(0, 0, int(to))
		case to == forward: // on with the next month
			date = date.AddDate(0, 1, 1-date.Day())
		default: // on with the last day of the month before
			date = date.AddDate(0, 0, -date.Day())
		}
	}
	return date
}
