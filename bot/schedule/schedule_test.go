package schedule_test

import (
	"slices"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/schedule"
)

// wall is what a clock on the wall shows, in UTC.
type wall = time.Time

// changes are days in which clocks were put forward or back, by an hour, half an
// hour, a whole day, and at midnight.
var changes = []struct {
	zone string
	from time.Time
}{
	{"America/New_York", time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)},
	{"America/New_York", time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC)},
	{"Europe/London", time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC)},
	{"Europe/London", time.Date(2026, 10, 23, 0, 0, 0, 0, time.UTC)},
	{"Australia/Lord_Howe", time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC)},
	{"Australia/Lord_Howe", time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)},
	{"Asia/Taipei", time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)},
	{"America/Sao_Paulo", time.Date(2018, 11, 2, 0, 0, 0, 0, time.UTC)}, // midnight is skipped
	{"America/Sao_Paulo", time.Date(2018, 2, 16, 0, 0, 0, 0, time.UTC)}, // 23:00 comes twice
	{"America/Goose_Bay", time.Date(2010, 11, 5, 0, 0, 0, 0, time.UTC)}, // back over midnight, at 00:01
	{"Pacific/Apia", time.Date(2011, 12, 28, 0, 0, 0, 0, time.UTC)},     // a day is skipped
	{"Africa/Casablanca", time.Date(2026, 2, 13, 0, 0, 0, 0, time.UTC)}, // back for Ramadan
}

// schedules are written once more as what they mean.
var schedules = []struct {
	text  string
	means func(wall) bool
}{
	{"* * * * *", func(wall) bool { return true }},
	{"*/7 * * * *", func(w wall) bool { return w.Minute()%7 == 0 }},
	{"0 * * * *", func(w wall) bool { return w.Minute() == 0 }},
	{"daily 00:00", func(w wall) bool { return w.Hour() == 0 && w.Minute() == 0 }},
	{"daily 01:45, 02:00, 02:15, 23:30", func(w wall) bool {
		return slices.Contains([]string{"01:45", "02:00", "02:15", "23:30"}, w.Format("15:04"))
	}},
	{"sun 02:30", func(w wall) bool { return w.Weekday() == time.Sunday && w.Format("15:04") == "02:30" }},
	{"weekdays 01:30", func(w wall) bool {
		return w.Weekday() != time.Sunday && w.Weekday() != time.Saturday && w.Format("15:04") == "01:30"
	}},
	{"day last 12:00", func(w wall) bool { return w.AddDate(0, 0, 1).Day() == 1 && w.Format("15:04") == "12:00" }},
	{"30 1 1,30 * sun", func(w wall) bool {
		return (w.Day() == 1 || w.Day() == 30 || w.Weekday() == time.Sunday) && w.Format("15:04") == "01:30"
	}},
}

// ticksByHand steps through the minutes from from to to and watches the clock: a
// tick is due when it first shows a time that is meant, or has been put past one.
func ticksByHand(from, to time.Time, in *time.Location, means func(wall) bool) []time.Time {
	var ticks []time.Time
	highest := shows(from, in)
	for t := from.Add(time.Minute); !t.After(to); t = t.Add(time.Minute) {
		now, due := shows(t, in), false
		for w := highest.Add(time.Minute); !w.After(now); w = w.Add(time.Minute) {
			due = due || means(w)
			highest = w
		}
		if due {
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func shows(t time.Time, in *time.Location) wall {
	t = t.In(in)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func TestTicksWhileClocksChange(t *testing.T) {
	for _, change := range changes {
		in, from, to := zone(t, change.zone), change.from, change.from.AddDate(0, 0, 4)
		for _, tt := range schedules {
			s := parse(t, tt.text, in)
			want := ticksByHand(from, to, in, tt.means)
			if got := s.Ticks(from, to, len(want)+10); !slices.EqualFunc(got, want, time.Time.Equal) {
				t.Errorf("%s %s: %q ticks %d times, want %d:\n%v\n%v", change.zone, from, tt.text, len(got), len(want), got, want)
				continue
			}
			for i, tick := range want {
				if i > 0 && (!s.Prev(tick.Add(-1)).Equal(want[i-1]) || !s.Next(want[i-1]).Equal(tick)) {
					t.Fatalf("%s: %q: before %s it ticked %s, want %s", change.zone, tt.text, tick, s.Prev(tick.Add(-1)), want[i-1])
				}
				if !s.Prev(tick).Equal(tick) || !s.Next(tick.Add(-1)).Equal(tick) {
					t.Fatalf("%s: %q: it does not tick at %s", change.zone, tt.text, tick)
				}
			}
		}
	}
}

func TestClocksThatChange(t *testing.T) {
	tests := []struct{ zone, text, after, want string }{
		{"America/New_York", "daily 02:30", "2026-03-07T12:00:00-05:00", "2026-03-08T03:00:00-04:00"}, // skipped
		{"America/New_York", "daily 01:30", "2026-10-31T12:00:00-04:00", "2026-11-01T01:30:00-04:00"}, // twice: the first
		{"America/New_York", "daily 01:30", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"},
		{"America/New_York", "daily 01:30", "2026-11-01T01:10:00-05:00", "2026-11-02T01:30:00-05:00"},
		{"Australia/Lord_Howe", "daily 02:15", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Pacific/Apia", "daily 12:00", "2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00"}, // no 30th
		{"Asia/Taipei", "mon 09:00", "2026-01-19T09:00:00.5+08:00", "2026-01-26T09:00:00+08:00"},
	}
	for _, tt := range tests {
		after, err := time.Parse(time.RFC3339, tt.after)
		if err != nil {
			t.Fatal(err)
		}
		got := parse(t, tt.text, zone(t, tt.zone)).Next(after)
		if s := got.Format(time.RFC3339); s != tt.want {
			t.Errorf("%s: %q after %s is %s, want %s", tt.zone, tt.text, tt.after, s, tt.want)
		}
	}
}

func TestMissedTicks(t *testing.T) {
	s := parse(t, "daily 12:00", time.UTC)
	day := func(d int) time.Time { return time.Date(2026, 1, d, 12, 0, 0, 0, time.UTC) }
	if got := s.Ticks(day(1), day(4), 10); len(got) != 3 || !got[0].Equal(day(2)) || !got[2].Equal(day(4)) {
		t.Errorf("missed %v", got)
	}
	if got := s.Ticks(day(1), day(4), 2); len(got) != 2 || !got[0].Equal(day(2)) {
		t.Errorf("the oldest two are %v", got)
	}
	if got := s.Ticks(day(4), day(1), 10); got != nil {
		t.Errorf("backward in time: %v", got)
	}
	if got := s.Prev(day(3)); !got.Equal(day(3)) {
		t.Errorf("Prev at a tick is %s", got)
	}
	if got := s.Prev(day(3).Add(-1)); !got.Equal(day(2)) {
		t.Errorf("Prev before a tick is %s", got)
	}
}

func TestZeroSchedule(t *testing.T) {
	var s schedule.Schedule
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if !s.IsZero() || !s.Next(now).IsZero() || !s.Prev(now).IsZero() || s.Ticks(now, now, 1) != nil || s.Describe("en") != "never" {
		t.Error("the zero schedule falls due")
	}
}

// FuzzParse proves that no text makes Parse panic, and that what it takes can be
// said and goes on.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"daily 12:00", "每週一、四 09:00", "day last 1:00,2:00", "dec 25 10:00", "每月5號 12:00", "0 9 */2 * mon",
		", * * * *", "TZ= * * * *", "*/0 0 29 2 7", "12月25日 10:00", "fri-mon 9:00",
		"0 9 * * 1-7/2,7-7"} {
		f.Add(s, int64(1773000000), uint8(0))
	}
	zones := []string{"Asia/Taipei", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Goose_Bay"}
	f.Fuzz(func(t *testing.T, text string, unix int64, in uint8) {
		s, err := schedule.Parse(text, zone(t, zones[int(in)%len(zones)]))
		if err != nil {
			var wrong *schedule.ParseError
			if !asParseError(err, &wrong) || wrong.What.EN == "" || wrong.What.ZH == "" || wrong.Hint.EN == "" || wrong.Hint.ZH == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if s.IsZero() || s.Describe("en") == "" || s.Describe("zh-TW") == "" {
			t.Fatalf("%q has no words", text)
		}
		at := time.Unix(unix%(1<<33), 0) // years 1697 to 2242
		for range 3 {
			next := s.Next(at)
			if !next.After(at) {
				t.Fatalf("%q: after %s comes %s", text, at, next)
			}
			if prev := s.Prev(next); !prev.Equal(next) {
				t.Fatalf("%q: the tick at %s is not its own, but %s", text, next, prev)
			}
			if prev := s.Prev(next.Add(-1)); prev.After(at) {
				t.Fatalf("%q: Next(%s) passed over %s", text, at, prev)
			}
			at = next
		}
	})
}

func BenchmarkYear(b *testing.B) {
	in := zone(b, "America/New_York")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, in)
	for _, text := range []string{"daily 12:00", "mon 09:00", "dec 25 10:00", "*/15 * * * *", "* * * * *"} {
		b.Run(text, func(b *testing.B) {
			s, ticks := parse(b, text, in), 0
			for b.Loop() {
				ticks = len(s.Ticks(from, from.AddDate(1, 0, 0), 1<<20))
			}
			b.ReportMetric(float64(ticks), "ticks")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*max(ticks, 1)), "ns/tick")
		})
	}
}
