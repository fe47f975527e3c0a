package telegram

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Finding is one thing that Check tells moderators, in plain words.
type Finding struct {
	// Channel is the channel's name in config.yaml; "" for the bot itself.
	Channel string
	// What is the matter, and what to do about it; Hint may be empty.
	What, Hint bot.Texts
	// Wrong tells that something will not work; otherwise it is good to know.
	Wrong bool
}

// checker collects findings.
type checker struct {
	*Telegram
	findings []Finding
}

// Check asks Telegram whether everything is as it must be: the token, the bot's
// settings, each channel, and the bot's rights there. It says nothing anywhere.
func (t *Telegram) Check(ctx context.Context) []Finding {
	c := checker{Telegram: t}
	m, err := t.me(ctx)
	if err != nil {
		c.failed("", err)
		return c.findings
	}
	channels := t.sortedChannels()
	c.bot(m, channels)
	for _, channel := range channels {
		if ctx.Err() == nil {
			c.channelAt(ctx, m, channel)
		}
	}
	return c.findings
}

func (t *Telegram) sortedChannels() []Channel {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Channel
	for _, c := range t.channels {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (c *checker) add(channel string, wrong bool, what, hint bot.Texts) {
	c.findings = append(c.findings, Finding{Channel: channel, What: what, Hint: hint, Wrong: wrong})
}

func (c *checker) failed(channel string, err error) {
	what, hint, ok := Explain(err)
	if !ok {
		what = textf("Telegram 沒有回答：%v", "Telegram did not answer: %v", err)
	}
	c.add(channel, true, what, hint)
}

func (c *checker) bot(m me, channels []Channel) {
	c.add("", false, textf("機器人是 @%s。", "The bot is @%s.", m.Username), nil)
	if m.SeesAll {
		c.add("", false, both("隱私模式是關的：機器人會收到群組裡的每一則訊息，但它只需要指令。", "Privacy mode is off: the bot receives every message in groups, though it needs only commands."),
			both("可以在 @BotFather 用 /setprivacy 打開。", "It can be turned on with /setprivacy at @BotFather."))
	}
	if !m.Joins && slices.ContainsFunc(channels, func(ch Channel) bool { return isGroup(ch.Chat) }) {
		c.add("", true, both("機器人不能加入群組。", "The bot cannot be added to groups."),
			both("請在 @BotFather 用 /setjoingroups 打開。", "Turn that on with /setjoingroups at @BotFather."))
	}
	if !m.Inline {
		c.add("", false, both("行內模式是關的：成員不能在其他聊天室用 @機器人 搜尋。", "Inline mode is off: members cannot search by typing the bot's name in other chats."),
			both("可以在 @BotFather 用 /setinline 打開。", "It can be turned on with /setinline at @BotFather."))
	}
}

// chatRights is the part of a ChatMember that is looked at
// (https://core.telegram.org/bots/api#chatmember).
type chatRights struct {
	Status string `json:"status"`
	Post   bool   `json:"can_post_messages"`
	Edit   bool   `json:"can_edit_messages"`
	Pin    bool   `json:"can_pin_messages"`
	Send   *bool  `json:"can_send_messages"`
}

func (c *checker) channelAt(ctx context.Context, m me, channel Channel) {
	info, err := c.chat(ctx, channel.Chat)
	if err != nil {
		c.failed(channel.Name, err)
		return
	}
	before := len(c.findings)
	if channel.Thread != "" && channel.Thread != strconv.Itoa(generalTopic) && !info.IsForum {
		c.add(channel.Name, true, textf("「%s」沒有開啟主題功能。", "“%s” has no topics.", info.Title),
			both("請在群組設定打開主題，或拿掉 topic。", "Turn topics on in the group's settings, or take topic out of the config."))
	}
	var rights chatRights
	err = c.observe(c.api.call(ctx, "getChatMember", struct {
		ChatID chatID `json:"chat_id"`
		UserID int64  `json:"user_id"`
	}{chatID(channel.Chat), m.ID}, &rights))
	if err != nil {
		c.failed(channel.Name, err)
		return
	}
	c.rights(channel, info, rights)
	if len(c.findings) == before {
		c.add(channel.Name, false, textf("可以在「%s」說話。", "It can speak in “%s”.", title(info)), nil)
	}
}

func title(info chatInfo) string {
	if info.Title == "" {
		return strconv.FormatInt(info.ID, 10)
	}
	return clean(info.Title)
}

func (c *checker) rights(channel Channel, info chatInfo, r chatRights) {
	isChannel := info.Type == "channel"
	admin := r.Status == "administrator" || r.Status == "creator"
	mayPost := admin && r.Post
	mayPin := info.Type == "private" || admin && (isChannel && r.Edit || !isChannel && r.Pin)
	switch {
	case r.Status == "left" || r.Status == "kicked":
		x := explanations[Kicked]
		c.add(channel.Name, true, x.what, x.hint)
		return
	case isChannel && !mayPost:
		c.add(channel.Name, true, textf("機器人不能在頻道「%s」發布訊息。", "The bot may not post in the channel “%s”.", title(info)),
			both("請把它加為管理員，並給它「發布訊息」。", "Make it an administrator with “Post messages”."))
	case r.Send != nil && !*r.Send:
		c.add(channel.Name, true, textf("機器人在「%s」被禁言。", "The bot is muted in “%s”.", title(info)),
			both("請讓它可以傳送訊息。", "Let it send messages."))
	}
	if channel.Pinned && !mayPin {
		c.add(channel.Name, true, textf("機器人不能在「%s」置頂。", "The bot may not pin in “%s”.", title(info)),
			both("群組請給「置頂訊息」，頻道請給「編輯訊息」。", "In a group give it “Pin messages”, in a channel “Edit messages”."))
	}
}

// textf fills both languages of a text.
func textf(chinese, english string, args ...any) bot.Texts {
	return both(fmt.Sprintf(chinese, args...), fmt.Sprintf(english, args...))
}
