package command

import (
	"strconv"

	"cloudnative.tw/herald/bot"
)

// about introduces the community and the bot.
func (r *request) about() bot.Reply {
	return bot.Reply{
		Card: bot.Card{
			Title: r.Community.Name,
			URL:   r.Community.URL,
			Body: paragraphs(
				bot.ParseText(r.Community.About.In(r.lang)),
				bot.Plain(r.say.whatIDo(len(r.posts().dated), len(r.posts().terms))),
			),
			Footer: "Herald " + r.Version,
		},
		Buttons: commandButtons("help", "privacy"),
	}
}

// privacy says what is kept of members: nothing. Whoever makes Herald keep
// something changes these sentences with it.
func (r *request) privacy() bot.Reply {
	var list []bot.Text
	for _, sentence := range r.say.privacy {
		list = append(list, bot.Join(item(0), bot.Plain(sentence)))
	}
	return bot.Reply{
		Card:    bot.Card{Title: r.say.privacyTitle, Body: lines(list...)},
		Private: true,
	}
}

// id answers with the line of config.yaml for the channel.
func (r *request) id() bot.Reply {
	c := r.cmd.Channel
	name, sentence := c.Name, r.say.channelKnown(c.Name)
	if name == "" {
		name, sentence = r.say.channelNew(c.Platform)
	}
	return bot.Reply{
		Card:    bot.Card{Body: lines(bot.Plain(sentence), bot.Styled(bot.Code, name+": "+settings(c.Address)))},
		Private: true,
	}
}

// settings is an address as config.yaml writes it.
func settings(a bot.Address) string {
	switch a.Platform {
	case bot.Discord:
		// A thread is a channel of its own there.
		if a.Thread != "" {
			return "{discord: " + a.Thread + "}"
		}
		return "{discord: " + a.Chat + "}"
	case bot.Telegram:
		if a.Thread != "" {
			return "{telegram: " + a.Chat + ", topic: " + a.Thread + "}"
		}
		return "{telegram: " + a.Chat + "}"
	case bot.Console:
		return "{console: true}"
	}
	return "{" + string(a.Platform) + ": " + strconv.Quote(a.Chat) + "}"
}
