package schedule

import (
	"fmt"
	"slices"
)

// Describe reads the schedule back in words, in the language of a BCP 47 tag as
// Sentence.In understands it: 「每週一 09:00」, "every Monday at 09:00". Cron that
// words would say no shorter stays as it is.
func (s Schedule) Describe(lang string) string {
	if s.IsZero() {
		return Sentence{"never", "沒有排程"}.In(lang)
	}
	describe := describeInEnglish
	if isChinese(lang) {
		describe = describeInChinese
	}
	if s.cron != "" && !s.sayable() {
		return "cron " + s.cron
	}
	return describe(s)
}

// sayable reports whether words can say cron truly and not at length.
func (s Schedule) sayable() bool {
	const mostTimes, mostDates = 6, 6
	d := s.days
	if _, _, ok := s.series(); !ok && len(s.times) > mostTimes {
		return false
	}
	switch dates := d.dates.numbers(); {
	case len(dates) > mostDates:
		return false
	case len(dates) == 0:
		return true
	case d.weekdays != 0:
		return d.either && d.months == 0
	default: // "the 31st of April and May" would promise what never comes
		return !slices.ContainsFunc(d.months.numbers(), func(month int) bool { return dates[len(dates)-1] > longest(month) })
	}
}

// series tells how many minutes the times are apart, if that is always the same
// and there are enough of them to say so. whole tells that it goes on around the
// clock, from midnight on.
func (s Schedule) series() (step int, whole, ok bool) {
	if len(s.times) < 4 {
		return 0, false, false
	}
	step = s.times[1] - s.times[0]
	for i := range s.times[1:] {
		if s.times[i+1]-s.times[i] != step {
			return 0, false, false
		}
	}
	return step, s.times[0] == 0 && s.last()+step == 24*60, true
}

func (s Schedule) last() int { return s.times[len(s.times)-1] }

// leapDay reports whether d is 29 February and nothing else.
func (d days) leapDay() bool { return d.months == setOf(2) && d.dates == setOf(29) }

// lateDate reports whether some month does not have one of the dates.
func (d days) lateDate() bool { return d.dates>>29 != 0 }

// clocks writes times of day.
func clocks(minutes []int) []string {
	var all []string
	for _, m := range minutes {
		all = append(all, clock(m))
	}
	return all
}

// spell writes each number.
func spell(numbers []int, write func(int) string) []string {
	var all []string
	for _, n := range numbers {
		all = append(all, write(n))
	}
	return all
}

// hoursOr says a number of minutes in hours if it is whole hours.
func hoursOr(minutes int, oneHour, hours, oneMinute, many string) string {
	switch {
	case minutes == 60:
		return oneHour
	case minutes%60 == 0:
		return fmt.Sprintf(hours, minutes/60)
	case minutes == 1:
		return oneMinute
	}
	return fmt.Sprintf(many, minutes)
}
