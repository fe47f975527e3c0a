package schedule

import (
	"strconv"
	"strings"
)

func describeInChinese(s Schedule) string {
	on := daysInChinese(s.days)
	step, whole, ok := s.series()
	if !ok {
		return spaced(on, strings.Join(clocks(s.times), "、"))
	}
	every := hoursOr(step, "每小時", "每 %d 小時", "每分鐘", "每 %d 分鐘")
	switch {
	case !whole:
		return spaced(on, clock(s.times[0])) + " 到 " + clock(s.last()) + "，" + every
	case s.days == days{}:
		return every
	}
	return on + "，" + every
}

// spaced joins Chinese and digits: with a space, which a full-width bracket has
// already.
func spaced(chinese, digits string) string {
	if strings.HasSuffix(chinese, "）") {
		return chinese + digits
	}
	return chinese + " " + digits
}

func daysInChinese(d days) string {
	months := strings.Join(spell(d.months.numbers(), strconv.Itoa), "、") + " 月"
	switch {
	case d.dates == 0 && d.months == 0:
		return weekdaysInChinese(d)
	case d.dates == 0:
		return "每年 " + months + "，" + weekdaysInChinese(d)
	case d.weekdays != 0:
		return datesInChinese(d) + "和" + weekdaysInChinese(d)
	case d.months == 0:
		return datesInChinese(d)
	case d.leapDay() && d.fit:
		return "每年 2 月 29 日（平年是 28 日）"
	case d.leapDay():
		return "閏年的 2 月 29 日"
	}
	between := " "
	if len(d.months.numbers()) > 1 {
		between = "的 "
	}
	return "每年 " + months + between + dateList(d)
}

func weekdaysInChinese(d days) string {
	switch d.weekdays {
	case 0:
		return "每天"
	case workdays:
		return "平日（週一到週五）"
	case weekend:
		return "每週六、日"
	}
	return "每週" + strings.Join(spell(fromMonday(d.weekdays), func(n int) string { return chineseWeekdays[n] }), "、")
}

func dateList(d days) string {
	return strings.Join(spell(d.dates.numbers(), strconv.Itoa), "、") + " 日"
}

// datesInChinese says the dates of every month.
func datesInChinese(d days) string {
	switch {
	case d.fit && d.dates == setOf(31):
		return "每月最後一天"
	case !d.lateDate():
		return "每月 " + dateList(d)
	case d.fit:
		return "每月 " + dateList(d) + "（較短的月份是最後一天）"
	}
	return "每月 " + dateList(d) + "（沒有那天的月份除外）"
}
