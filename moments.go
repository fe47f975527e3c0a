package main

import (
	"time"

	"cloudnative.tw/herald/bot"
)

// sayMoment says a time as people do: 「12/7（一）09:00」, "Mon 7 Dec 09:00". The
// year is said where it is not that of now. t is in the zone in which it is said.
func sayMoment(t, now time.Time, lang bot.Lang) string {
	thisYear := t.Year() == now.In(t.Location()).Year()
	if lang == bot.TraditionalChinese {
		day := t.Format("1/2")
		if !thisYear {
			day = t.Format("2006/1/2")
		}
		return day + "（" + chineseWeekdays[t.Weekday()] + "）" + t.Format("15:04")
	}
	if !thisYear {
		return t.Format("Mon 2 Jan 2006 15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}

var chineseWeekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}
