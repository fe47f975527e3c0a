package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"cloudnative.tw/herald/bot"
)

// translation is what a package that knows no languages says in English, for who
// reads Chinese. pattern is a regular expression of the whole of it. In chinese
// $1 is what the first parentheses match, %1 is that in Chinese, too.
type translation struct{ pattern, chinese string }

// translations are compiled when somebody first needs them.
type translations []struct {
	translation
	*regexp.Regexp
}

func translated(rows []translation) func() translations {
	return sync.OnceValue(func() translations {
		t := make(translations, len(rows))
		for i, row := range rows {
			t[i].translation, t[i].Regexp = row, regexp.MustCompile(`^(?s:`+row.pattern+`)$`)
		}
		return t
	})
}

// in returns what says text in lang, the text itself where that is not known.
func (t translations) in(lang bot.Lang, text string) string {
	if lang != bot.TraditionalChinese {
		return text
	}
	for _, row := range t {
		groups := row.FindStringSubmatch(text)
		if groups == nil {
			continue
		}
		var fill []string
		for i, g := range groups[1:] {
			fill = append(fill, fmt.Sprintf("$%d", i+1), g)
			if translate := fmt.Sprintf("%%%d", i+1); strings.Contains(row.chinese, translate) {
				fill = append(fill, translate, t.in(lang, g))
			}
		}
		return strings.NewReplacer(fill...).Replace(row.chinese)
	}
	return text
}

// texts returns text in the languages that it is known in.
func (t translations) texts(text string) bot.Texts {
	return bot.Texts{bot.English: text, bot.TraditionalChinese: t.in(bot.TraditionalChinese, text)}
}
