package schedule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	_ "time/tzdata" // the tests need zones wherever they run

	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func parse(t testing.TB, text string, in *time.Location) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(text, in)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return s
}

// TestParse reads each form, reads it back in words and names the three ticks
// after Thursday, 15 January 2026, 10:00 in Taipei.
func TestParse(t *testing.T) {
	tests := []struct{ text, en, zh, next string }{
		{"daily 12:00", "every day at 12:00", "每天 12:00", "01-15 12:00, 01-16 12:00, 01-17 12:00"},
		{"Every Day at 9:00", "every day at 09:00", "每天 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"daily 18:00, 09:00", "every day at 09:00 and 18:00", "每天 09:00、18:00", "01-15 18:00, 01-16 09:00, 01-16 18:00"},
		{"daily 10:00", "every day at 10:00", "每天 10:00", "01-16 10:00, 01-17 10:00, 01-18 10:00"},
		{"mon 09:00", "every Monday at 09:00", "每週一 09:00", "01-19 09:00, 01-26 09:00, 02-02 09:00"},
		{"on Mondays 09:00", "every Monday at 09:00", "每週一 09:00", "01-19 09:00, 01-26 09:00, 02-02 09:00"},
		{"tues 09:00", "every Tuesday at 09:00", "每週二 09:00", "01-20 09:00, 01-27 09:00, 02-03 09:00"},
		{"mon,thu 09:00", "every Monday and Thursday at 09:00", "每週一、四 09:00", "01-19 09:00, 01-22 09:00, 01-26 09:00"},
		{"mon , sun 09:00", "every Monday and Sunday at 09:00", "每週一、日 09:00", "01-18 09:00, 01-19 09:00, 01-25 09:00"},
		{"fri-mon 09:00", "every Monday, Friday, Saturday and Sunday at 09:00", "每週一、五、六、日 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"weekdays 09:00", "every weekday at 09:00", "平日（週一到週五）09:00", "01-16 09:00, 01-19 09:00, 01-20 09:00"},
		{"weekends 10:00", "every Saturday and Sunday at 10:00", "每週六、日 10:00", "01-17 10:00, 01-18 10:00, 01-24 10:00"},
		{"sun-sat 10:00", "every day at 10:00", "每天 10:00", "01-16 10:00, 01-17 10:00, 01-18 10:00"},
		{"day 5 12:00", "on the 5th of every month at 12:00", "每月 5 日 12:00", "02-05 12:00, 03-05 12:00, 04-05 12:00"},
		{"day 1,22 12:00", "on the 1st and 22nd of every month at 12:00", "每月 1、22 日 12:00", "01-22 12:00, 02-01 12:00, 02-22 12:00"},
		{"day last 12:00", "on the last day of every month at 12:00", "每月最後一天 12:00", "01-31 12:00, 02-28 12:00, 03-31 12:00"},
		{"day 31 12:00", "on the last day of every month at 12:00", "每月最後一天 12:00", "01-31 12:00, 02-28 12:00, 03-31 12:00"},
		{"day 30 12:00", "on the 30th of every month (or its last day) at 12:00", "每月 30 日（較短的月份是最後一天）12:00", "01-30 12:00, 02-28 12:00, 03-30 12:00"},
		{"dec 25 10:00", "every year on 25 December at 10:00", "每年 12 月 25 日 10:00", "2026-12-25 10:00, 2027-12-25 10:00, 2028-12-25 10:00"},
		{"25 december 10:00", "every year on 25 December at 10:00", "每年 12 月 25 日 10:00", "2026-12-25 10:00, 2027-12-25 10:00, 2028-12-25 10:00"},
		{"feb 29 10:00", "every year on 29 February (28 February in common years) at 10:00", "每年 2 月 29 日（平年是 28 日）10:00", "2026-02-28 10:00, 2027-02-28 10:00, 2028-02-29 10:00"},
		{"每天 12:00", "every day at 12:00", "每天 12:00", "01-15 12:00, 01-16 12:00, 01-17 12:00"},
		{"每天１２：００", "every day at 12:00", "每天 12:00", "01-15 12:00, 01-16 12:00, 01-17 12:00"},
		{"週一 09:00", "every Monday at 09:00", "每週一 09:00", "01-19 09:00, 01-26 09:00, 02-02 09:00"},
		{"每星期日9:00", "every Sunday at 09:00", "每週日 09:00", "01-18 09:00, 01-25 09:00, 02-01 09:00"},
		{"每週一、四 09:00、18:00", "every Monday and Thursday at 09:00 and 18:00", "每週一、四 09:00、18:00", "01-15 18:00, 01-19 09:00, 01-19 18:00"},
		{"禮拜一，禮拜四 09:00", "every Monday and Thursday at 09:00", "每週一、四 09:00", "01-19 09:00, 01-22 09:00, 01-26 09:00"},
		{"週一至週三 09:00", "every Monday, Tuesday and Wednesday at 09:00", "每週一、二、三 09:00", "01-19 09:00, 01-20 09:00, 01-21 09:00"},
		{"平日 09:00", "every weekday at 09:00", "平日（週一到週五）09:00", "01-16 09:00, 01-19 09:00, 01-20 09:00"},
		{"每個週末 10:00", "every Saturday and Sunday at 10:00", "每週六、日 10:00", "01-17 10:00, 01-18 10:00, 01-24 10:00"},
		{"每月 5 日 12:00", "on the 5th of every month at 12:00", "每月 5 日 12:00", "02-05 12:00, 03-05 12:00, 04-05 12:00"},
		{"每個月5號、20號 12:00", "on the 5th and 20th of every month at 12:00", "每月 5、20 日 12:00", "01-20 12:00, 02-05 12:00, 02-20 12:00"},
		{"每月最後一天 12:00", "on the last day of every month at 12:00", "每月最後一天 12:00", "01-31 12:00, 02-28 12:00, 03-31 12:00"},
		{"每月底 12:00", "on the last day of every month at 12:00", "每月最後一天 12:00", "01-31 12:00, 02-28 12:00, 03-31 12:00"},
		{"12 月 25 日 10:00", "every year on 25 December at 10:00", "每年 12 月 25 日 10:00", "2026-12-25 10:00, 2027-12-25 10:00, 2028-12-25 10:00"},
		{"每年12月25號 10:00", "every year on 25 December at 10:00", "每年 12 月 25 日 10:00", "2026-12-25 10:00, 2027-12-25 10:00, 2028-12-25 10:00"},

		{"0 9 * * *", "every day at 09:00", "每天 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"0 9 * * MON", "every Monday at 09:00", "每週一 09:00", "01-19 09:00, 01-26 09:00, 02-02 09:00"},
		{"0 9 * * 1-5", "every weekday at 09:00", "平日（週一到週五）09:00", "01-16 09:00, 01-19 09:00, 01-20 09:00"},
		{"0 9 * * 5-7", "every Friday, Saturday and Sunday at 09:00", "每週五、六、日 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"30 9,18 1 * ?", "on the 1st of every month at 09:30 and 18:30", "每月 1 日 09:30、18:30", "02-01 09:30, 02-01 18:30, 03-01 09:30"},
		{"*/15 * * * *", "every 15 minutes", "每 15 分鐘", "01-15 10:15, 01-15 10:30, 01-15 10:45"},
		{"* * * * *", "every minute", "每分鐘", "01-15 10:01, 01-15 10:02, 01-15 10:03"},
		{"0 * * * *", "every hour", "每小時", "01-15 11:00, 01-15 12:00, 01-15 13:00"},
		{"0 */2 * * sat", "every 2 hours, every Saturday", "每週六，每 2 小時", "01-17 00:00, 01-17 02:00, 01-17 04:00"},
		{"*/30 9-17 * * 1-5", "every 30 minutes from 09:00 to 17:30, every weekday", "平日（週一到週五）09:00 到 17:30，每 30 分鐘", "01-15 10:30, 01-15 11:00, 01-15 11:30"},
		{"0 9 * * 0-7", "every day at 09:00", "每天 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"0 9 * * 1-7/2", "every Monday, Wednesday, Friday and Sunday at 09:00", "每週一、三、五、日 09:00", "01-16 09:00, 01-18 09:00, 01-19 09:00"},
		{"0 9 * * 7-7", "every Sunday at 09:00", "每週日 09:00", "01-18 09:00, 01-25 09:00, 02-01 09:00"},
		{"0 9 * * 6-7", "every Saturday and Sunday at 09:00", "每週六、日 09:00", "01-17 09:00, 01-18 09:00, 01-24 09:00"},
		{"0 9 * * thu-7/2,2", "every Tuesday, Thursday and Saturday at 09:00", "每週二、四、六 09:00", "01-17 09:00, 01-20 09:00, 01-22 09:00"},
		{"0 9 1 * 0-7", "every day at 09:00", "每天 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"0 9 * 1,7 mon", "every Monday in January and July at 09:00", "每年 1、7 月，每週一 09:00", "01-19 09:00, 01-26 09:00, 07-06 09:00"},
		{"0 9 1 1,7 *", "on the 1st of January and July at 09:00", "每年 1、7 月的 1 日 09:00", "2026-07-01 09:00, 2027-01-01 09:00, 2027-07-01 09:00"},
		{"0 9 31 * *", "on the 31st of every month that has one at 09:00", "每月 31 日（沒有那天的月份除外）09:00", "01-31 09:00, 03-31 09:00, 05-31 09:00"},
		{"0 9 29 2 *", "on 29 February in leap years at 09:00", "閏年的 2 月 29 日 09:00", "2028-02-29 09:00, 2032-02-29 09:00, 2036-02-29 09:00"},
		{"0 9 1 * mon", "on the 1st of every month and every Monday at 09:00", "每月 1 日和每週一 09:00", "01-19 09:00, 01-26 09:00, 02-01 09:00"},
		// A field that begins with a star restricts the other, in crontab(5).
		{"0 9 */2 * mon", "cron 0 9 */2 * mon", "cron 0 9 */2 * mon", "01-19 09:00, 02-09 09:00, 02-23 09:00"},
		{"0 9 1-31 * mon", "every day at 09:00", "每天 09:00", "01-16 09:00, 01-17 09:00, 01-18 09:00"},
		{"*/7 * * * *", "cron */7 * * * *", "cron */7 * * * *", "01-15 10:07, 01-15 10:14, 01-15 10:21"},
		{"0 9 31 4,5 *", "cron 0 9 31 4,5 *", "cron 0 9 31 4,5 *", "2026-05-31 09:00, 2027-05-31 09:00, 2028-05-31 09:00"},
	}
	taipei := zone(t, "Asia/Taipei")
	for _, tt := range tests {
		s, err := schedule.Parse(tt.text, taipei)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := s.Describe("en"); got != tt.en {
			t.Errorf("%q is %q, want %q", tt.text, got, tt.en)
		}
		if got := s.Describe("zh-TW"); got != tt.zh {
			t.Errorf("%q is %q, want %q", tt.text, got, tt.zh)
		}
		form, next := "01-02 15:04", []string{}
		if strings.HasPrefix(tt.next, "20") {
			form = "2006-01-02 15:04"
		}
		for at := time.Date(2026, 1, 15, 10, 0, 0, 0, taipei); len(next) < 3; {
			at = s.Next(at)
			next = append(next, at.Format(form))
		}
		if got := strings.Join(next, ", "); got != tt.next {
			t.Errorf("%q: next is %s, want %s", tt.text, got, tt.next)
		}
	}
}

// TestWeekdaysOfCron tries every range and step: crontab(5) counts from 0 to 7,
// and both are Sunday.
func TestWeekdaysOfCron(t *testing.T) {
	for from := range 8 {
		for to := from; to < 8; to++ {
			for step := 1; step <= 8; step++ {
				text := fmt.Sprintf("0 9 * * %d-%d/%d", from, to, step)
				s, err := schedule.Parse(text, time.UTC)
				if err != nil {
					t.Errorf("Parse(%q): %v", text, err)
					continue
				}
				var want, got [7]bool
				for n := from; n <= to; n += step {
					want[n%7] = true
				}
				sunday := time.Date(2026, 1, 18, 0, 0, 0, 0, time.UTC)
				for _, tick := range s.Ticks(sunday, sunday.AddDate(0, 0, 7), 10) {
					got[tick.Weekday()] = true
				}
				if got != want {
					t.Errorf("%q falls due from Sunday to Saturday on %v, want %v", text, got, want)
				}
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ text, en, zh string }{
		{"", "says nothing (write daily 12:00,", "沒有內容（可以寫：每天 12:00、"},
		{" \t", "says nothing", "沒有內容"},
		{strings.Repeat("a", 201), "is too long", "太長了"},
		{"daily", `"daily" names no time of day (add it at the end: daily 12:00)`, "「daily」沒有寫幾點（請在最後加上時間：daily 12:00）"},
		{"每週一", `"每週一" names no time`, "「每週一」沒有寫幾點（請在最後加上時間：每週一 12:00）"},
		{"12:00", `"12:00" says no days`, "「12:00」沒有寫是哪幾天"},
		{"mno 09:00", `"mno" does not tell which days (write daily`, "看不懂「mno」是哪幾天"},
		{"mon,thr 09:00", `"thr" is no day of the week (mon, tue,`, "「thr」不是星期幾（請寫 mon"},
		{"mo 09:00", `"mo" does not tell which days`, "看不懂「mo」"},
		{"daily 24:00", `"24:00" is no time of day (from 00:00 to 23:59`, "「24:00」不是時間（從 00:00 到 23:59"},
		{"daily 9:5", `"9:5" is no time of day`, "「9:5」不是時間"},
		{"daily 09:00:00", `"09:00:00" is no time of day`, "「09:00:00」不是時間"},
		{"daily 9:00pm", `"9:00pm" is not how a time of day is written here (write daily 21:00)`, "這裡的時間不能寫成「9:00pm」（請寫 daily 21:00）"},
		{"day 32 12:00", `"32" is no day of a month (a number from 1 to 31`, "「32」不是一個月裡的日期（請寫 1 到 31"},
		{"day 0 12:00", `"0" is no day of a month`, "「0」不是一個月裡的日期"},
		{"每月 32 日 12:00", `"32" is no day of a month`, "「32」不是一個月裡的日期"},
		{"feb 30 10:00", "no year has such a day: feb 30 (month 2 has at most 29 days)", "沒有這樣的日子：feb 30（2 月最多有 29 天）"},
		{"2月30日 10:00", "no year has such a day: 2月30日 (month 2 has", "沒有這樣的日子：2月30日"},
		{"13月1日 10:00", `"13月1日" does not tell which days`, "看不懂「13月1日」"},
		{"每週八 10:00", `"八" is no day of the week`, "「八」不是星期幾"},
		{"每週 10:00", `"每週" does not tell which days`, "看不懂「每週」"},
		{"@daily", `"@daily" is no schedule that Herald knows (write daily 12:00`, "Herald 不認得「@daily」這種寫法"},
		{"@every 1h", `"@every 1h" is no schedule`, "Herald 不認得"},
		{"TZ=Asia/Taipei 0 9 * * *", "a schedule cannot name a zone (every time in this file is in community.timezone)", "排程裡不能寫時區"},
		{"TZ=", "a schedule cannot name a zone", "排程裡不能寫時區"},
		{"* * * *", "cron has five fields, this has 4 (minute hour day month weekday", "cron 有五欄，這裡有 4 欄"},
		{"0 0 9 * * 1", "cron has five fields, this has 6", "cron 有五欄，這裡有 6 欄"},
		{"60 9 * * *", `"60" is no minute of cron (0 to 59`, "「60」不是 cron 的分（0 到 59"},
		{"0 24 * * *", `"24" is no hour of cron`, "「24」不是 cron 的時"},
		{"0 9 0 * *", `"0" is no day of cron`, "「0」不是 cron 的日"},
		{"0 9 * 13 *", `"13" is no month of cron`, "「13」不是 cron 的月"},
		{"0 9 * * fri-mon", `"fri-mon" is no weekday of cron (0 to 6 or sun to sat`, "「fri-mon」不是 cron 的星期"},
		{"0 9 * * 8", `"8" is no weekday of cron`, "「8」不是 cron 的星期"},
		{"0 9 * * 7-1", `"7-1" is no weekday of cron`, "「7-1」不是 cron 的星期"},
		{"0 9 * * 1-8", `"1-8" is no weekday of cron`, "「1-8」不是 cron 的星期"},
		{"0 9 * * 1-7/0", `"1-7/0" is no weekday of cron`, "「1-7/0」不是 cron 的星期"},
		{"0 9 * * 7-7/", `"7-7/" is no weekday of cron`, "「7-7/」不是 cron 的星期"},
		{"0 9 * * 1-7/2/2", `"1-7/2/2" is no weekday of cron`, "「1-7/2/2」不是 cron 的星期"},
		{"0 9 * * sunday-7", `"sunday-7" is no weekday of cron`, "「sunday-7」不是 cron 的星期"},
		{", 9 * * *", "cron has five fields, this has 4", "cron 有五欄，這裡有 4 欄"},
		{"-1 9 * * *", `"-1" is no minute of cron`, "「-1」不是 cron 的分"},
		{"*/0 9 * * *", `"*/0" is no minute of cron`, "「*/0」不是 cron 的分"},
		{"0 9 30 2 *", "no year has such a day: 0 9 30 2 * (look at the third and the fourth field", "沒有這樣的日子：0 9 30 2 *（請檢查第三、四欄"},
		{"0 9 31 4,6,9,11 *", "no year has such a day", "沒有這樣的日子"},
		{"a\x1b\nb 09:00", `"a  b" does not tell`, "看不懂「a  b」"},
	}
	for _, tt := range tests {
		_, err := schedule.Parse(tt.text, time.UTC)
		var wrong *schedule.ParseError
		if !errors.As(err, &wrong) {
			t.Errorf("Parse(%q): error %v", tt.text, err)
			continue
		}
		if !strings.HasPrefix(wrong.Error(), tt.en) {
			t.Errorf("Parse(%q) says %q, want %q …", tt.text, wrong, tt.en)
		}
		if got := wrong.In("zh-TW"); !strings.HasPrefix(got, tt.zh) {
			t.Errorf("Parse(%q) says %q, want %q …", tt.text, got, tt.zh)
		}
	}
}

// TestHintsCanBeFollowed proves that every form that the hint offers is taken.
func TestHintsCanBeFollowed(t *testing.T) {
	_, err := schedule.Parse("?", nil)
	var wrong *schedule.ParseError
	if !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	forms := strings.Split(strings.TrimPrefix(wrong.Hint.EN, "write "), ", ")
	chinese := strings.ReplaceAll(strings.TrimPrefix(wrong.Hint.ZH, "可以寫："), "週一、四", "週一,四")
	for s := range strings.SplitSeq(strings.Replace(chinese, "，", "、", 1), "、") {
		forms = append(forms, s)
	}
	taken := 0
	for _, form := range forms {
		if strings.Contains(form, "cron") {
			continue
		}
		parse(t, form, nil)
		taken++
	}
	if taken < 14 {
		t.Errorf("found only %d forms in %q", taken, forms)
	}
}

// What is wrong with the time is not blamed on the days, and the hint is right.
func TestTimesWrittenOtherwise(t *testing.T) {
	for text, want := range map[string]string{
		"mon 9":          "這裡的時間不能寫成「9」（請寫 mon 09:00）",
		"monday 9am":     "這裡的時間不能寫成「9am」（請寫 monday 09:00）",
		"Mon at 9:30 PM": "這裡的時間不能寫成「9:30 pm」（請寫 mon 21:30）",
		"mon,thu 0930":   "這裡的時間不能寫成「0930」（請寫 mon,thu 09:30）",
		"day 5 9":        "這裡的時間不能寫成「9」（請寫 day 5 09:00）",
		"dec 25 10":      "這裡的時間不能寫成「10」（請寫 dec 25 10:00）",
		"週一9點":           "這裡的時間不能寫成「9點」（請寫 週一 09:00）",
		"週一 下午3點半":       "這裡的時間不能寫成「下午3點半」（請寫 週一 15:30）",
		"週一 上午 9:00":     "這裡的時間不能寫成「上午 9:00」（請寫 週一 09:00）",
		"每天晚上8:00":       "這裡的時間不能寫成「晚上8:00」（請寫 每天 20:00）",
		"每月5日 12點":       "這裡的時間不能寫成「12點」（請寫 每月5日 12:00）",
		"週一九點":           "這裡的時間不能寫成「九點」（從 00:00 到 23:59，例如 09:00）",
		"mon 12am":       "這裡的時間不能寫成「12am」（從 00:00 到 23:59，例如 09:00）",
		"09:00":          "「09:00」沒有寫是哪幾天（請把日子寫在時間前面：每天 09:00、週一 09:00）",
		"09:00,18:00":    "「09:00,18:00」沒有寫是哪幾天（請把日子寫在時間前面：每天 09:00,18:00、週一 09:00,18:00）",
		"9點":             "這裡的時間不能寫成「9點」（請寫出日子和時間：每天 09:00、週一 09:00）",
		"mon 25:00":      "「25:00」不是時間（從 00:00 到 23:59，例如 09:00）",
		"mond 09:00":     "",
		"day 5":          "「day 5」沒有寫幾點（請在最後加上時間：day 5 12:00）",
	} {
		_, err := schedule.Parse(text, nil)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		var wrong *schedule.ParseError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", text, err)
		} else if got := wrong.In("zh-TW"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}
