package schedule

import (
	"regexp"
	"strings"
)

var (
	englishWeekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	englishMonths   = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december"}
)

// named returns which of the names a word is short for, or the plural of. Three
// letters tell any month and any day of the week.
func named(word string, names []string) (i int, ok bool) {
	if len(word) < 3 {
		return 0, false
	}
	for i, name := range names {
		if strings.HasPrefix(name+"s", word) {
			return i, true
		}
	}
	return 0, false
}

// parseEnglishDays reads "daily", "mon,thu", "day 5", "dec 25".
func parseEnglishDays(when string) (days, error) {
	words := strings.TrimPrefix(strings.TrimPrefix(when, "on "), "every ")
	switch words {
	case "daily", "day", "everyday":
		return days{}, nil
	case "weekdays", "weekday", "workdays":
		return days{weekdays: workdays}, nil
	case "weekends", "weekend":
		return days{weekdays: weekend}, nil
	case "day last", "last day":
		return lastOfMonth, nil
	}
	first, rest, two := strings.Cut(words, " ")
	if two && first == "day" {
		return parseDates(rest)
	}
	if month, ok := named(first, englishMonths); ok && two {
		return yearly(month+1, rest, when)
	}
	if month, ok := named(rest, englishMonths); ok && two {
		return yearly(month+1, first, when)
	}
	return parseEnglishWeekdays(when, words)
}

// parseEnglishWeekdays reads "mon", "mon,thu", "mon thu", "mon-fri".
func parseEnglishWeekdays(when, words string) (days, error) {
	var weekdays set
	for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' }) {
		from, to, isRange := strings.Cut(word, "-")
		low, ok := named(from, englishWeekdays)
		high := low
		if ok && isRange {
			high, ok = named(to, englishWeekdays)
		}
		switch {
		case ok:
			weekdays |= around(low, high)
		case weekdays != 0:
			return days{}, wrong(badWeekday.with(shown(word)), weekdayHint)
		default:
			return days{}, wrong(badDay.with(shown(when)), formsHint)
		}
	}
	if weekdays == 0 {
		return days{}, wrong(badDay.with(shown(when)), formsHint)
	}
	return days{weekdays: weekdays}, nil
}

// around returns the days of the week from one to another, over the weekend if
// need be.
func around(from, to int) set {
	if from <= to {
		return between(from, to)
	}
	return between(from, 6) | between(0, to)
}

var (
	chineseLast  = regexp.MustCompile(`^每個?月的?(最後一[天日]|月?底)$`)
	chineseDates = regexp.MustCompile(`^每個?月的?(.+)[日號]$`)
	chineseDate  = regexp.MustCompile(`^(?:每年的?)?([0-9]+)月(.+)[日號]$`)
	chineseWeek  = strings.NewReplacer("星期", "週", "禮拜", "週", "周", "週", "到", "-", "至", "-")
)

// parseChineseDays reads 「每天」, 「每週一、四」, 「每月5日」, 「12月25日」.
func parseChineseDays(when string) (days, error) {
	switch when {
	case "每天", "每日":
		return days{}, nil
	case "平日", "每個平日", "工作日", "每個工作日":
		return days{weekdays: workdays}, nil
	}
	if chineseLast.MatchString(when) {
		return lastOfMonth, nil
	}
	if m := chineseDates.FindStringSubmatch(when); m != nil {
		return parseDates(strings.NewReplacer("日", "", "號", "").Replace(m[1]))
	}
	if m := chineseDate.FindStringSubmatch(when); m != nil {
		month, _ := number(m[1], 1, 12)
		return yearly(month, m[2], when)
	}
	week, ok := strings.CutPrefix(strings.TrimPrefix(chineseWeek.Replace(when), "每個"), "每週")
	if !ok {
		week, ok = strings.CutPrefix(week, "週")
	}
	switch {
	case !ok || week == "":
		return days{}, wrong(badDay.with(shown(when)), formsHint)
	case week == "末":
		return days{weekdays: weekend}, nil
	}
	return parseChineseWeekdays(week)
}

// parseChineseWeekdays reads what follows the first 「週」: 「一」, 「一,四」, 「一四」,
// 「一,週四」, 「一-五」.
func parseChineseWeekdays(week string) (days, error) {
	var weekdays set
	for part := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(week, "每週", ""), "週", ""), ",") {
		from, to, isRange := strings.Cut(part, "-")
		low, ok := chineseWeekday(from)
		high, okHigh := chineseWeekday(to)
		if ok && okHigh && isRange {
			weekdays |= around(low, high)
			continue
		}
		for _, r := range part {
			n, ok := chineseWeekday(string(r))
			if !ok {
				return days{}, wrong(badWeekday.with(shown(part)), weekdayHint)
			}
			weekdays |= setOf(n)
		}
	}
	return days{weekdays: weekdays}, nil
}

func chineseWeekday(s string) (n int, ok bool) {
	if s == "天" {
		return 0, true
	}
	for n, name := range chineseWeekdays {
		if s == name {
			return n, true
		}
	}
	return 0, false
}

var chineseWeekdays = []string{"日", "一", "二", "三", "四", "五", "六"}
