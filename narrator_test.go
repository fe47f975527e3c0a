package main

import (
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
)

func TestNarratorLine(t *testing.T) {
	zone := time.FixedZone("Taipei", 8*60*60)
	cfg := &Config{Community: Community{Zone: zone}}
	now := time.Date(2026, 11, 26, 10, 0, 0, 0, zone)
	all := func() []due {
		return []due{
			{now.AddDate(0, 0, 4), runTick, []any{"weekly"}},
			{now.AddDate(0, 2, 0), runOwed, []any{3}},
			{now.Add(15 * time.Minute).UTC(), runPoll, []any{"videos"}},
		}
	}
	for _, test := range []struct {
		lang bot.Lang
		due  []due
		want string
	}{
		{bot.English, all(), "next: 10:15 look at videos; Mon 30 Nov 10:00 weekly; Tue 26 Jan 2027 10:00 the first of 3 owed"},
		{bot.TraditionalChinese, all(), "接下來：10:15 看 videos；11/30（一）10:00 weekly；2027/1/26（二）10:00 待發 3 則的第一則"},
		{bot.TraditionalChinese, nil, "目前沒有排定的；內容一有新的就會公告"},
	} {
		n := &narrator{cfg: cfg, lang: test.lang}
		if got := n.line(now, test.due); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
