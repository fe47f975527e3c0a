package main

import "cloudnative.tw/herald/bot"

// reasons are what the ledger says of why something is not said.
var reasons = translated([]translation{
	{`it waits for approval`, "等人放行"},
	{`it was there when its source was first read`, "第一次讀這個來源時就有了"},
	{`it was there when the announcement began`, "這項公告開始時就有了"},
	{`its address was announced as that of another post`, "這個網址已經當成另一篇公告過"},
	{`no announcement takes news of (\S+) anywhere`, "沒有任何公告會發 $1 的內容"},
	{`it appeared on (\S+), which is more than (?:a day|1 days?) ago`, "它在 $1 出現，已經超過 1 天"},
	{`it appeared on (\S+), which is more than (\d+) days ago`, "它在 $1 出現，已經超過 $2 天"},
	{`it appeared on (\S+), which is more than (\S+) ago`, "它在 $1 出現，已經超過 $2"},
	{`it appeared while Herald was not running`, "它出現時 Herald 沒有在執行"},
	{`it was due on (.+), while Herald was not running`, "應該在 $1 發，那時 Herald 沒有在執行"},
	{`there was nothing to say on (\S+)`, "$1 沒有可以說的"},
	{`/(.+) had nothing to say: (.*)`, "/$1 沒有答案：$2"},
	{`(\d+) items of (\S+) look new at once`, "$2 一次多了 $1 則"},
	{`(\d+) of (\d+) items of (\S+) are missing at once`, "$3 的 $2 則裡一次少了 $1 則"},
	{`except (.*)`, "被 except 擋下：$1"},
	{`only (.*)`, "不符合 only：$1"},
	{`its channel is quiet`, "頻道的安靜時段"},
	{`its page does not answer(?: yet)?: (.*)`, "它的網頁還沒上線：$1"},
	{`outcome unknown`, "不知道有沒有送到"},
	{`given up after (\d+) attempts: (.*)`, "試了 $1 次後放棄：$2"},
	{`its subject is back`, "內容又回來了"},
	{`withdrawn before it was said`, "還沒發就撤下了"},
	{`withdrawn, and perhaps said: (.*)`, "已撤下，不知道有沒有發出去：%1"},
	{`withdrawn, and taken out of its digest`, "已撤下，也從合成的那一則拿掉了"},
	{`it is older than all that its feed showed before`, "它比這個來源之前有過的都舊"},
	{`one before it waits for its page`, "排在前一則後面，那一則在等網頁上線"},
	{`perhaps withdrawn: (.*)`, "可能撤下了：%1"},
	{`withdrawn while held: (.*)`, "還在等人放行就撤下了：%1"},
	{`a person wants it`, "有人要求要發"},
	{`no longer useful`, "已經太晚了"},
	{`no longer useful; (.*)`, "已經太晚了；%1"},
	{`its message is not said: (.*)`, "它的訊息沒有發：%1"},
})

// reasonIn returns a reason of the ledger in the language of whoever reads it,
// as far as it is known; platforms give theirs in English.
func reasonIn(lang bot.Lang, reason string) string { return reasons().in(lang, reason) }
