package schedule

import (
	"fmt"
	"strings"
	"time"
)

func describeInEnglish(s Schedule) string {
	on := daysInEnglish(s.days)
	step, whole, ok := s.series()
	if !ok {
		return on + " at " + and(clocks(s.times))
	}
	every := hoursOr(step, "every hour", "every %d hours", "every minute", "every %d minutes")
	if whole && s.days == (days{}) {
		return every
	}
	if !whole {
		every += " from " + clock(s.times[0]) + " to " + clock(s.last())
	}
	return every + ", " + on
}

func daysInEnglish(d days) string {
	months := and(spell(d.months.numbers(), func(m int) string { return time.Month(m).String() }))
	weekdays := weekdaysInEnglish(d)
	switch {
	case d.dates == 0 && d.months == 0:
		return weekdays
	case d.dates == 0:
		return weekdays + " in " + months
	case d.weekdays != 0:
		return datesInEnglish(d) + " and " + weekdays
	case d.months == 0:
		return datesInEnglish(d)
	case d.leapDay() && d.fit:
		return "every year on 29 February (28 February in common years)"
	case d.leapDay():
		return "on 29 February in leap years"
	}
	if dates := d.dates.numbers(); len(dates) == 1 && len(d.months.numbers()) == 1 {
		return fmt.Sprintf("every year on %d %s", dates[0], months)
	}
	return "on the " + and(spell(d.dates.numbers(), ordinal)) + " of " + months
}

func weekdaysInEnglish(d days) string {
	switch d.weekdays {
	case 0:
		return "every day"
	case workdays:
		return "every weekday"
	}
	return "every " + and(spell(fromMonday(d.weekdays), func(n int) string { return time.Weekday(n).String() }))
}

// fromMonday lists days of the week as people do, Sunday last.
func fromMonday(weekdays set) []int {
	numbers := weekdays.numbers()
	if len(numbers) > 0 && numbers[0] == 0 {
		return append(numbers[1:], 0)
	}
	return numbers
}

// datesInEnglish says the dates of every month.
func datesInEnglish(d days) string {
	if d.fit && d.dates == setOf(31) {
		return "on the last day of every month"
	}
	dates := "on the " + and(spell(d.dates.numbers(), ordinal)) + " of every month"
	switch {
	case !d.lateDate():
		return dates
	case d.fit:
		return dates + " (or its last day)"
	case len(d.dates.numbers()) == 1:
		return dates + " that has one"
	}
	return dates + " that has them"
}

func ordinal(n int) string {
	suffix := "th"
	if n < 11 || n > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// and joins words: "a", "a and b", "a, b and c".
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
