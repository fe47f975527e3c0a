package main

import (
	"testing"

	"cloudnative.tw/herald/bot"
)

func TestReasonIn(t *testing.T) {
	for reason, want := range map[string]string{
		"":                      "",
		"it waits for approval": "等人放行",
		"withdrawn, and perhaps said: outcome unknown":                                     "已撤下，不知道有沒有發出去：不知道有沒有送到",
		"no longer useful; it waits for approval":                                          "已經太晚了；等人放行",
		"its message is not said: no longer useful":                                        "它的訊息沒有發：已經太晚了",
		"4 of 9 items of blog are missing at once":                                         "blog 的 9 則裡一次少了 4 則",
		"perhaps withdrawn: 4 of 9 items of blog are missing at once":                      "可能撤下了：blog 的 9 則裡一次少了 4 則",
		"withdrawn while held: it waits for approval":                                      "還在等人放行就撤下了：等人放行",
		"it appeared on 2026-11-20, which is more than 3 days ago":                         "它在 2026-11-20 出現，已經超過 3 天",
		"it appeared on 2026-11-20, which is more than 6h0m0s ago":                         "它在 2026-11-20 出現，已經超過 6h0m0s",
		"except title: 「徵才」":                                                               "被 except 擋下：title: 「徵才」",
		"/recap 2027 had nothing to say: 2027 年還沒有":                                        "/recap 2027 沒有答案：2027 年還沒有",
		"withdrawn, and taken out of its digest":                                           "已撤下，也從合成的那一則拿掉了",
		"its channel moved to telegram:-1002, which has it already":                        "頻道搬到 telegram:-1002，那裡已經有這一則",
		"the platform does not have it (stopped while it was being sent: outcome unknown)": "平台上沒有這一則（正在發送時中斷了：不知道有沒有送到）",
		"stopped while it was being sent: outcome unknown; asking the platform: EOF":       "正在發送時中斷了：不知道有沒有送到；向平台查詢也沒有結果：EOF",
		"given up after 30 attempts: outcome unknown: EOF":                                 "試了 30 次後放棄：不知道有沒有送到：EOF",
		"403 Missing Access": "403 Missing Access",
	} {
		if got := reasonIn(bot.TraditionalChinese, reason); got != want {
			t.Errorf("%q: %q, want %q", reason, got, want)
		}
		if got := reasonIn(bot.English, reason); got != reason {
			t.Errorf("%q in English: %q", reason, got)
		}
	}
}
