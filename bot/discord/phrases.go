package discord

import "cloudnative.tw/herald/bot"

// What Herald itself says on Discord.
var (
	readWord  = both("閱讀", "read")
	readOn    = both("繼續閱讀", "read on")
	wentWrong = both("出了點問題，請稍後再試。", "Something went wrong. Please try again later.")
	tookLong  = both("這次花了太久，請再試一次。", "That took too long. Please try again.")
	notHere   = both("這個伺服器沒有設定使用這個機器人。", "This bot is not set up for this server.")
)

// both is a text in the two languages of Herald's own sentences.
func both(chinese, english string) bot.Texts {
	return bot.Texts{bot.TraditionalChinese: chinese, bot.English: english}
}
