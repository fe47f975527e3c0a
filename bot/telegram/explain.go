package telegram

import (
	"errors"

	"cloudnative.tw/herald/bot"
)

func both(chinese, english string) bot.Texts {
	return bot.Texts{bot.TraditionalChinese: chinese, bot.English: english}
}

// explanation is a kind in words for moderators: what is the matter, and what
// to do about it.
type explanation struct{ what, hint bot.Texts }

var explanations = map[Kind]explanation{
	Blocked:       {both("對方封鎖了機器人，或帳號已刪除。", "The member blocked the bot or deleted the account."), both("請對方解除封鎖，或把這個頻道從設定移除。", "Ask the member to unblock it, or take the channel out of the config.")},
	NotStarted:    {both("對方還沒有和機器人說過話。", "The member has never written to the bot."), both("請對方先開啟機器人並按「開始」。", "Ask the member to open the bot and press Start.")},
	Kicked:        {both("機器人不在這個聊天室裡。", "The bot is not in this chat."), both("請把機器人重新加入；頻道要加為管理員。", "Add it again; to a channel, as an administrator.")},
	NoRights:      {both("機器人在這裡的權限不夠。", "The bot lacks a right here."), both("請給它「發布訊息」；要置頂就再給「置頂訊息」，頻道則是「編輯訊息」。", "Give it “Post messages”; to pin, also “Pin messages”, or in a channel “Edit messages”.")},
	TopicClosed:   {both("這個主題已經關閉。", "The topic is closed."), both("請重新開啟主題，或讓機器人管理主題。", "Open it again, or let the bot manage topics.")},
	TopicGone:     {both("沒有這個主題。", "There is no such topic."), both("請在主題裡輸入 /id，照它的回覆修改設定。", "Type /id in the topic and correct the config as it answers.")},
	ChatGone:      {both("找不到這個聊天室。", "There is no such chat, or the bot cannot see it."), both("請確認名稱或編號，並把機器人加進去。", "Check its name or number, and add the bot to it.")},
	Moved:         {both("群組升級成超級群組，編號變了。", "The group became a supergroup and has a new number."), both("請把設定裡的編號換成新的。", "Put the new number into the config.")},
	MessageGone:   {both("那則訊息已經被刪除。", "The message was deleted."), both("不用做什麼。", "Nothing needs to be done.")},
	NotModified:   {both("內容沒有變。", "Nothing changed."), both("不用做什麼。", "Nothing needs to be done.")},
	CannotDelete:  {both("Telegram 不讓機器人刪除這則訊息。", "Telegram does not let the bot delete the message."), both("超過 48 小時的訊息要由管理員刪除。", "After 48 hours only an administrator can.")},
	CannotEdit:    {both("Telegram 不讓機器人修改這則訊息。", "Telegram does not let the bot edit the message."), both("請由管理員刪除或更正。", "An administrator has to delete or correct it.")},
	TooLong:       {both("訊息太長。", "The message is too long."), both("這是 Herald 的錯，請回報。", "This is Herald's mistake: please report it.")},
	BadPicture:    {both("Telegram 讀不到圖片。", "Telegram cannot read the picture."), both("請確認圖片網址打得開，而且不是 SVG。", "Check that its address opens and that it is no SVG.")},
	QueryTooOld:   {both("回答得太晚了。", "The answer came too late."), both("請再按一次。", "Press again.")},
	Malformed:     {both("Telegram 說這個請求不對。", "Telegram says that the call is wrong."), both("這是 Herald 的錯，請回報。", "This is Herald's mistake: please report it.")},
	Refused:       {both("Telegram 拒絕了。", "Telegram refused."), both("請確認機器人在聊天室裡的權限。", "Check the bot's rights in the chat.")},
	Unauthorized:  {both("Telegram 不認得這個 token。", "Telegram does not know the token."), both("請向 @BotFather 確認 TELEGRAM_TOKEN。", "Check TELEGRAM_TOKEN with @BotFather.")},
	Conflict:      {both("有另一個程式正在用同一個 token 收訊息。", "Another program reads this bot's messages with the same token."), both("請關掉另一個，或換一個 token。", "Stop the other one, or use another token.")},
	WebhookActive: {both("這個機器人設定了 webhook。", "A webhook is set for this bot."), both("請移除 webhook，或改用 webhook 模式。", "Remove the webhook, or receive by webhook.")},
	Flood:         {both("Telegram 要我們等一下。", "Telegram asks us to wait."), both("會自動重試。", "It is tried again by itself.")},
	Broken:        {both("Telegram 或中間的網路出了問題。", "Telegram or the network on the way is in trouble."), both("會自動重試。", "It is tried again by itself.")},
}

// Explain says what an error of this package is about, in words for moderators:
// what is the matter and what to do. ok is false for other errors.
func Explain(err error) (what, hint bot.Texts, ok bool) {
	kind := kindIn(err)
	if u := (*unreachableError)(nil); errors.As(err, &u) {
		kind = Broken
	}
	x, ok := explanations[kind]
	return x.what, x.hint, ok
}
