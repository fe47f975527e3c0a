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

// momentIn says a time so that lines that begin with one stand below each other:
// 「2026-12-07（一）09:00」, "Mon 2026-12-07 09:00".
func (c *Config) momentIn(t time.Time, lang bot.Lang) string {
	t = t.In(c.Community.Zone)
	if lang == bot.TraditionalChinese {
		return t.Format(time.DateOnly) + "（" + chineseWeekdays[t.Weekday()] + "）" + t.Format("15:04")
	}
	return t.Format("Mon 2006-01-02 15:04")
}
