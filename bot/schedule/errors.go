package schedule

import (
	"fmt"
	"strings"
)

// Sentence is something said to moderators, in English and in Traditional
// Chinese.
type Sentence struct{ EN, ZH string }

// In returns the sentence in the language of a BCP 47 tag: Chinese for "zh" and
// what begins with it, English for all others.
func (s Sentence) In(lang string) string {
	if isChinese(lang) {
		return s.ZH
	}
	return s.EN
}

func isChinese(lang string) bool { return lang == "zh" || strings.HasPrefix(lang, "zh-") }

// with fills in the verbs of fmt, which both languages have the same of.
func (s Sentence) with(args ...any) Sentence {
	return Sentence{EN: fmt.Sprintf(s.EN, args...), ZH: fmt.Sprintf(s.ZH, args...)}
}

// ParseError is what is wrong with a text of the config, and what to write
// instead.
type ParseError struct{ What, Hint Sentence }

// Error returns the sentence in English.
func (e *ParseError) Error() string { return e.In("en") }

// In returns what is wrong and the hint in one language, as Sentence.In does.
func (e *ParseError) In(lang string) string {
	if isChinese(lang) {
		return e.What.ZH + "（" + e.Hint.ZH + "）"
	}
	return e.What.EN + " (" + e.Hint.EN + ")"
}

func wrong(what, hint Sentence) error { return &ParseError{What: what, Hint: hint} }

// shown returns a person's words short enough to repeat, and fit to print.
func shown(s string) string {
	const most = 40
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}

// What can be wrong with a schedule.
var (
	empty      = Sentence{"says nothing", "沒有內容"}
	tooLong    = Sentence{"is too long for a schedule", "太長了，不像排程"}
	noTime     = Sentence{"%q names no time of day", "「%s」沒有寫幾點"}
	noTimeHint = Sentence{"add it at the end: %s 12:00", "請在最後加上時間：%s 12:00"}
	badTime    = Sentence{"%q is no time of day", "「%s」不是時間"}
	timeHint   = Sentence{"from 00:00 to 23:59, such as 09:00", "從 00:00 到 23:59，例如 09:00"}
	notTime    = Sentence{"%q is not how a time of day is written here", "這裡的時間不能寫成「%s」"}
	writeHint  = Sentence{"write %s", "請寫 %s"}
	dailyHint  = Sentence{"write the days and the time: daily %[1]s, mon %[1]s", "請寫出日子和時間：每天 %[1]s、週一 %[1]s"}
	noDays     = Sentence{"%q says no days", "「%s」沒有寫是哪幾天"}
	noDaysHint = Sentence{"write them before the time: daily %[1]s, mon %[1]s", "請把日子寫在時間前面：每天 %[1]s、週一 %[1]s"}
	badDay     = Sentence{"%q does not tell which days", "看不懂「%s」是哪幾天"}
	formsHint  = Sentence{
		"write daily 12:00, weekdays 09:00, mon 09:00, mon,thu 09:00, day 5 12:00, day last 12:00, dec 25 10:00, or cron with five fields",
		"可以寫：每天 12:00、平日 09:00、週一 09:00、週一、四 09:00、每月 5 日 12:00、每月最後一天 12:00、12月25日 10:00，或五欄的 cron",
	}
	badWeekday  = Sentence{"%q is no day of the week", "「%s」不是星期幾"}
	weekdayHint = Sentence{"mon, tue, wed, thu, fri, sat or sun; several with commas: mon,thu", "請寫 mon、tue、wed、thu、fri、sat、sun 或週一到週日，好幾天用逗號分開：mon,thu"}
	badDate     = Sentence{"%q is no day of a month", "「%s」不是一個月裡的日期"}
	dateHint    = Sentence{"a number from 1 to 31, or last for the last day: day 5 12:00", "請寫 1 到 31，或用 last 表示最後一天：day 5 12:00"}
	impossible  = Sentence{"no year has such a day: %s", "沒有這樣的日子：%s"}
	longestHint = Sentence{"month %d has at most %d days", "%d 月最多有 %d 天"}
	anyDateHint = Sentence{"look at the third and the fourth field: day and month", "請檢查第三、四欄：日期和月份"}
)

// What can be wrong with cron.
var (
	nickname   = Sentence{"%q is no schedule that Herald knows", "Herald 不認得「%s」這種寫法"}
	zoneInCron = Sentence{"a schedule cannot name a zone", "排程裡不能寫時區"}
	zoneHint   = Sentence{"every time in this file is in community.timezone", "這個檔案裡的時間都用 community.timezone 的時區"}
	fieldCount = Sentence{"cron has five fields, this has %d", "cron 有五欄，這裡有 %d 欄"}
	fieldsHint = Sentence{"minute hour day month weekday, such as 0 9 * * 1", "分 時 日 月 星期，例如 0 9 * * 1"}
	badField   = Sentence{"%q is no %s of cron", "「%s」不是 cron 的%s"}
)

// What can be wrong with quiet hours.
var (
	noQuiet      = Sentence{"%q does not tell when to be quiet", "「%s」看不出哪段時間要安靜"}
	quietHint    = Sentence{"write from when until when: 22:00-08:00, or none", "請寫從幾點到幾點：22:00-08:00，或 none 表示沒有"}
	quietNever   = Sentence{"begins and ends at the same time", "開始和結束是同一個時間"}
	quietOffHint = Sentence{"write none for no quiet hours", "不需要安靜時段請寫 none"}
)
