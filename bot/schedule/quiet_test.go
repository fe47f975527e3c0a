package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/schedule"
)

func asParseError(err error, wrong **schedule.ParseError) bool { return errors.As(err, wrong) }

func quiet(t testing.TB, text string, in *time.Location) schedule.Quiet {
	t.Helper()
	q, err := schedule.ParseQuiet(text, in)
	if err != nil {
		t.Fatalf("ParseQuiet(%q): %v", text, err)
	}
	return q
}

func TestQuiet(t *testing.T) {
	tests := []struct{ text, at, end string }{
		{"22:00-08:00", "21:59", ""}, {"22:00-08:00", "22:00", "2 08:00"}, {"22:00-08:00", "23:59", "2 08:00"},
		{"22:00-08:00", "00:00", "1 08:00"}, {"22:00-08:00", "07:59", "1 08:00"}, {"22:00-08:00", "08:00", ""},
		{"13:00-14:30", "12:59", ""}, {"13:00-14:30", "13:00", "1 14:30"}, {"13:00-14:30", "14:30", ""},
		{"22:00-24:00", "23:00", "2 00:00"}, {"22:00-24:00", "00:00", ""},
		{"00:00-23:59", "12:00", "1 23:59"}, {"00:00-23:59", "23:59", ""},
		{"none", "23:00", ""},
	}
	for _, tt := range tests {
		clock, err := time.Parse("15:04", tt.at)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 1, clock.Hour(), clock.Minute(), 0, 0, time.UTC)
		q := quiet(t, tt.text, nil)
		if got := q.In(at); got != (tt.end != "") {
			t.Errorf("%s at %s: quiet is %t", tt.text, tt.at, got)
		}
		switch end := q.End(at); {
		case tt.end == "" && !end.Equal(at):
			t.Errorf("%s at %s: ends %s, want at once", tt.text, tt.at, end)
		case tt.end != "" && end.Format("2 15:04") != tt.end:
			t.Errorf("%s at %s: ends %s, want %s", tt.text, tt.at, end, tt.end)
		}
	}
}

func TestParseQuiet(t *testing.T) {
	good := []struct{ text, is, en, zh string }{
		{"22:00-08:00", "22:00-08:00", "from 22:00 to 08:00", "22:00 到 08:00"},
		{" 22:00 – 8:00 ", "22:00-08:00", "from 22:00 to 08:00", "22:00 到 08:00"},
		{"２２：００～０８：００", "22:00-08:00", "from 22:00 to 08:00", "22:00 到 08:00"},
		{"22:00 到 08:00", "22:00-08:00", "from 22:00 to 08:00", "22:00 到 08:00"},
		{"None", "none", "never", "沒有安靜時段"}, {"無", "none", "never", "沒有安靜時段"},
	}
	for _, tt := range good {
		q := quiet(t, tt.text, nil)
		if q.String() != tt.is || q.Describe("en") != tt.en || q.Describe("zh-TW") != tt.zh {
			t.Errorf("%q is %q: %q, %q", tt.text, q, q.Describe("en"), q.Describe("zh-TW"))
		}
		if quiet(t, q.String(), nil) != q {
			t.Errorf("%q does not come back", tt.text)
		}
	}
	for text, want := range map[string]string{
		"":                       "看不出哪段時間要安靜（請寫從幾點到幾點：22:00-08:00",
		"22:00":                  "看不出哪段時間要安靜",
		"22-8":                   "看不出哪段時間要安靜",
		"25:00-08:00":            "「25:00」不是時間",
		"24:00-08:00":            "「24:00」不是時間",
		"08:00-08:00":            "開始和結束是同一個時間（不需要安靜時段請寫 none）",
		"00:00-24:00":            "開始和結束是同一個時間",
		strings.Repeat("x", 300): "看不出哪段時間要安靜",
	} {
		_, err := schedule.ParseQuiet(text, nil)
		var wrong *schedule.ParseError
		if !errors.As(err, &wrong) || !strings.Contains(wrong.In("zh-TW"), want) {
			t.Errorf("ParseQuiet(%q): %v, want %q", text, err, want)
		}
	}
}

// TestQuietWhileClocksChange watches the clock minute by minute: the hours begin
// and end where a schedule of their times would tick.
func TestQuietWhileClocksChange(t *testing.T) {
	for _, change := range changes {
		in, from, to := zone(t, change.zone), change.from, change.from.AddDate(0, 0, 4)
		for _, hours := range [][2]string{{"22:00", "08:00"}, {"01:30", "02:15"}, {"02:15", "01:30"}, {"23:30", "00:30"}, {"02:10", "02:50"}, {"03:00", "02:30"}} {
			q := quiet(t, hours[0]+"-"+hours[1], in)
			begins := func(w wall) bool { return w.Format("15:04") == hours[0] }
			ends := func(w wall) bool { return w.Format("15:04") == hours[1] }
			isQuiet, known := false, false
			highest := shows(from, in)
			for now := from.Add(time.Minute); !now.After(to); now = now.Add(time.Minute) {
				for w := highest.Add(time.Minute); !w.After(shows(now, in)); w = w.Add(time.Minute) {
					switch highest = w; {
					case begins(w):
						isQuiet, known = true, true
					case ends(w):
						isQuiet, known = false, true
					}
				}
				if known && q.In(now) != isQuiet {
					t.Fatalf("%s %s: at %s quiet is %t, want %t", change.zone, q, now.In(in), q.In(now), isQuiet)
				}
				if now.Minute()%10 != 9 {
					continue
				}
				end := q.End(now)
				if q.In(end) || end.Before(now) || q.In(now) && !q.In(end.Add(-1)) {
					t.Fatalf("%s %s: at %s it ends %s", change.zone, q, now.In(in), end)
				}
			}
		}
	}
}

func FuzzParseQuiet(f *testing.F) {
	for _, s := range []string{"22:00-08:00", "none", "0:00-24:00", "２２：００～８：００"} {
		f.Add(s, int64(1773000000))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		in := zone(t, "America/Goose_Bay")
		q, err := schedule.ParseQuiet(text, in)
		if err != nil {
			return
		}
		at := time.Unix(unix%(1<<33), 0)
		end := q.End(at)
		if q.In(end) || q.In(at) != end.After(at) || end.Sub(at) > 72*time.Hour {
			t.Errorf("%q at %s: quiet is %t until %s", text, at, q.In(at), end)
		}
		if again, err := schedule.ParseQuiet(q.String(), in); err != nil || again.String() != q.String() {
			t.Errorf("%q is %q, which is %q: %v", text, q, again, err)
		}
	})
}
