package command

import (
	"maps"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
)

// entries returns the whole table: the built-in commands as the config adapts
// them, and between them the moderators' own by name.
func entries(configs map[string]Config) []*entry {
	own := maps.Clone(configs)
	adapt := func(list []*entry) []*entry {
		for _, e := range list {
			e.adapt(configs[e.Name])
			delete(own, e.Name)
		}
		return list
	}
	reading, finding, about := adapt(readingCommands()), adapt(findingCommands()), adapt(botCommands())
	if _, configured := configs["donate"]; !configured { // there is nothing to say
		reading = slices.DeleteFunc(reading, func(e *entry) bool { return e.Name == "donate" })
	}
	var made []*entry
	for _, name := range slices.Sorted(maps.Keys(own)) {
		made = append(made, ownCommand(name, own[name]))
	}
	return slices.Concat(reading, finding, made, about)
}

// Calls reports whether a line such as "/recap 2023" calls a command of the table
// that commands make. known are the names that could be called.
func Calls(commands map[string]Config, line string) (known []string, ok bool) {
	name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	name = foldName(name)
	for _, e := range entries(commands) {
		if slices.Contains(e.allNames(), name) {
			return nil, true
		}
		known = append(known, e.Name)
	}
	return known, false
}

func (e *entry) adapt(config Config) {
	e.Aliases = append(e.Aliases, config.Aliases...)
	e.Hidden = config.Hidden
	if config.Summary != nil {
		e.Summary = config.Summary
	}
}

// ownCommand is a command that the moderators made, without code.
func ownCommand(name string, config Config) *entry {
	return &entry{
		CommandSpec: bot.CommandSpec{
			Name: name, Summary: summaryOf(config), Aliases: config.Aliases, Hidden: config.Hidden,
		},
		answer: func(r *request) bot.Reply { return r.own(config) },
	}
}

// summaryOf is the line of help for an own command: platforms refuse a command
// without one.
func summaryOf(config Config) bot.Texts {
	switch {
	case config.Summary != nil:
		return config.Summary
	case len(config.Text) > 0:
		summary := make(bot.Texts)
		for lang, text := range config.Text {
			summary[lang] = firstWords(text)
		}
		return summary
	case len(config.Buttons) > 0:
		return config.Buttons[0].Text
	}
	return bot.Texts{"": config.Quote.Section[0]}
}

// firstWords is what fits a line of help.
func firstWords(markdown string) string {
	text := bot.ParseText(markdown)
	if end := slices.IndexFunc(text, func(s bot.Span) bool { return s.Kind == bot.Line }); end >= 0 {
		text = text[:end]
	}
	text, _ = excerpt(text, 60)
	return clean(text.String())
}

// both is a text in the two languages of Herald's own sentences.
func both(chinese, english string) bot.Texts {
	return bot.Texts{bot.TraditionalChinese: chinese, bot.English: english}
}

// chinese is a localised name.
func chinese(name string) bot.Texts { return bot.Texts{bot.TraditionalChinese: name} }

// builtins returns every command that needs code.
func builtins() []*entry {
	return slices.Concat(readingCommands(), findingCommands(), botCommands())
}

func yearOption() bot.OptionSpec {
	return bot.OptionSpec{
		Name: "year", Names: both("年份", "year"), Completes: true,
		Number: true, Min: firstYear, Max: lastYear,
		Summary: both("西元年份，例如 2023；不寫就是最新的一年", "a year, such as 2023; the newest one if left out"),
	}
}

// readingCommands answer with what the community wrote.
func readingCommands() []*entry {
	return []*entry{{
		CommandSpec: bot.CommandSpec{
			Name: "recap", Names: chinese("回顧"), Options: []bot.OptionSpec{yearOption()},
			Summary: both("看社群的年度回顧", "Read the community's recap of a year"),
		},
		example: both("2023", "2023"),
		keys:    []string{"tag"},
		answer:  (*request).recap, complete: (*request).completeRecap,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "latest", Names: chinese("最新"), Aliases: []string{"news"},
			Options: []bot.OptionSpec{{
				Name: "count", Names: both("篇數", "count"), Number: true, Min: 1, Max: postsPerPage,
				Summary: both("一次要看幾篇", "how many posts to show at once"),
			}, {
				Name: "tag", Names: both("標籤", "tag"), Completes: true,
				Summary: both("只看有這個標籤的文章", "only posts with this tag"),
			}},
			Summary: both("看最新的文章", "Show the newest posts"),
		},
		example: both("3", "3"),
		answer:  (*request).latest, complete: (*request).completeTag,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "meetups", Names: chinese("聚會"), Aliases: []string{"meetup", "活動紀錄"},
			Options: []bot.OptionSpec{yearOption()},
			Summary: both("看某一年的聚會紀錄", "List the meetups of a year"),
		},
		example: both("2023", "2023"),
		keys:    []string{"from"},
		answer:  (*request).meetups, complete: (*request).completeMeetups,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "donate", Names: chinese("捐款"), Aliases: []string{"贊助"},
			Summary: both("捐款支持社群，看看錢用在哪", "Support the community, and see what donations pay for"),
		},
		keys:   []string{"text", "quote", "buttons"},
		answer: (*request).donate,
	}}
}

// findingCommands lead to posts.
func findingCommands() []*entry {
	return []*entry{{
		CommandSpec: bot.CommandSpec{
			Name: "search", Names: chinese("搜尋"), Aliases: []string{"find", "查"}, Private: true,
			Options: []bot.OptionSpec{{
				Name: "words", Names: both("關鍵字", "words"), Required: true, Completes: true,
				Summary: both("想找的字詞，中英文都可以", "what to look for, in Chinese or English"),
			}},
			Summary: both("搜尋社群的文章", "Search the community's posts"),
		},
		example: both("徵稿", "call for proposals"),
		answer:  (*request).search, complete: (*request).completeSearch,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "glossary", Names: chinese("詞彙"), Aliases: []string{"term", "術語", "名詞"},
			Options: []bot.OptionSpec{{
				Name: "term", Names: both("詞彙", "term"), Completes: true,
				Summary: both("想查的詞；不寫就列出所有詞", "the term to look up; lists all terms if left out"),
			}},
			Summary: both("查一個名詞是什麼意思", "Look up what a term means"),
		},
		keys:   []string{"from"},
		answer: (*request).glossary, complete: (*request).completeTerm,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "tags", Names: chinese("標籤"), Aliases: []string{"tag"},
			Summary: both("看有哪些標籤", "List the tags"),
		},
		answer: (*request).tags,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "authors", Names: chinese("作者"), Aliases: []string{"author"},
			Summary: both("看有哪些作者", "List the authors"),
		},
		answer: (*request).authors,
	}}
}

// botCommands are about the bot itself.
func botCommands() []*entry {
	return []*entry{{
		CommandSpec: bot.CommandSpec{
			Name: "help", Names: chinese("說明"), Aliases: []string{"start", "幫助"}, Private: true,
			Options: []bot.OptionSpec{{
				Name: "command", Names: both("指令", "command"), Completes: true,
				Summary: both("想了解的指令", "the command to explain"),
			}},
			Summary: both("看有哪些指令、怎麼用", "List the commands and how to use them"),
		},
		example: both("recap", "recap"),
		answer:  (*request).help, complete: (*request).completeHelp,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "about", Names: chinese("關於"),
			Summary: both("認識這個社群和機器人", "About the community and this bot"),
		},
		answer: (*request).about,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "privacy", Names: chinese("隱私"), Private: true,
			Summary: both("機器人記錄了什麼、沒記錄什麼", "What this bot keeps and what it does not"),
		},
		answer: (*request).privacy,
	}, {
		CommandSpec: bot.CommandSpec{
			Name: "id", Names: chinese("頻道設定"), Private: true,
			Summary: both("取得這個頻道的設定（給管理員）", "Show the settings line of this channel (for moderators)"),
		},
		answer: (*request).id,
	}}
}
