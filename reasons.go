package main

import (
	"regexp"

	"cloudnative.tw/herald/bot"
)

// reasons are what the ledger says in English of why something is not said, and
// the same in Chinese. $1 and $2 are what the parentheses matched; what stands in
// the last ones of an open end is a reason again.
var reasons = []struct {
	pattern *regexp.Regexp
	chinese string
	again   bool
}{
	{regexp.MustCompile(`^it waits for approval$`), "等人放行", false},
	{regexp.MustCompile(`^it was there when its source was first read$`), "第一次讀這個來源時就有了", false},
	{regexp.MustCompile(`^it was there when the announcement began$`), "這項公告開始時就有了", false},
	{regexp.MustCompile(`^its address was announced as that of another post$`), "這個網址已經當成另一篇公告過", false},
	{regexp.MustCompile(`^no announcement takes news of (\S+) anywhere$`), "沒有任何公告會發 $1 的內容", false},
	{regexp.MustCompile(`^it appeared on (\S+), which is more than (?:a day|1 days?) ago$`), "它在 $1 出現，已經超過 1 天", false},
	{regexp.MustCompile(`^it appeared on (\S+), which is more than (\d+) days ago$`), "它在 $1 出現，已經超過 $2 天", false},
	{regexp.MustCompile(`^it appeared on (\S+), which is more than (\S+) ago$`), "它在 $1 出現，已經超過 $2", false},
	{regexp.MustCompile(`^it appeared while Herald was not running$`), "它出現時 Herald 沒有在執行", false},
	{regexp.MustCompile(`^it was due on (.+), while Herald was not running$`), "應該在 $1 發，那時 Herald 沒有在執行", false},
	{regexp.MustCompile(`^there was nothing to say on (\S+)$`), "$1 沒有可以說的", false},
	{regexp.MustCompile(`^/(.+) had nothing to say: (.*)$`), "/$1 沒有答案：$2", false},
	{regexp.MustCompile(`^(\d+) items of (\S+) look new at once$`), "$2 一次多了 $1 則", false},
	{regexp.MustCompile(`^(\d+) of (\d+) items of (\S+) are missing at once$`), "$3 的 $2 則裡一次少了 $1 則", false},
	{regexp.MustCompile(`^except (.*)$`), "被 except 擋下：$1", false},
	{regexp.MustCompile(`^only (.*)$`), "不符合 only：$1", false},
	{regexp.MustCompile(`^its channel is quiet$`), "頻道的安靜時段", false},
	{regexp.MustCompile(`^its page does not answer(?: yet)?: (.*)$`), "它的網頁還沒上線：$1", false},
	{regexp.MustCompile(`^outcome unknown$`), "不知道有沒有送到", false},
	{regexp.MustCompile(`^given up after (\d+) attempts: (.*)$`), "試了 $1 次後放棄：$2", false},
	{regexp.MustCompile(`^its subject is back$`), "內容又回來了", false},
	{regexp.MustCompile(`^withdrawn before it was said$`), "還沒發就撤下了", false},
	{regexp.MustCompile(`^withdrawn, and taken out of its digest$`), "已撤下，也從合成的那一則拿掉了", false},
	{regexp.MustCompile(`^it is older than all that its feed showed before$`), "它比這個來源之前有過的都舊", false},
	{regexp.MustCompile(`^one before it waits for its page$`), "排在前一則後面，那一則在等網頁上線", false},
	{regexp.MustCompile(`^perhaps withdrawn: (.*)$`), "可能撤下了：", true},
	{regexp.MustCompile(`^withdrawn while held: (.*)$`), "還在等人放行就撤下了：", true},
	{regexp.MustCompile(`^a person wants it$`), "有人要求要發", false},
	{regexp.MustCompile(`^no longer useful$`), "已經太晚了", false},
	{regexp.MustCompile(`^no longer useful; (.*)$`), "已經太晚了；", true},
	{regexp.MustCompile(`^its message is not said: (.*)$`), "它的訊息沒有發：", true},
}

// reasonIn returns a reason of the ledger in the language of whoever reads it,
// as far as it is known; platforms give theirs in English.
func reasonIn(lang bot.Lang, reason string) string {
	if lang != bot.TraditionalChinese {
		return reason
	}
	for _, r := range reasons {
		m := r.pattern.FindStringSubmatchIndex(reason)
		switch {
		case m == nil:
		case r.again:
			return r.chinese + reasonIn(lang, reason[m[2]:m[3]])
		default:
			return string(r.pattern.ExpandString(nil, r.chinese, reason, m))
		}
	}
	return reason
}
