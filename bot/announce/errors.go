package announce

import (
	"fmt"
	"strings"
	"unicode"

	"cloudnative.tw/herald/bot"
)

// ConfigError is what is wrong with something that moderators wrote, and what to
// write instead, in each language. Hint may be empty.
type ConfigError struct{ What, Hint bot.Texts }

// Error returns the sentence in English.
func (e *ConfigError) Error() string { return e.In(bot.English) }

// In returns what is wrong and the hint in one language.
func (e *ConfigError) In(lang bot.Lang) string {
	what, hint := e.What.In(lang), e.Hint.In(lang)
	switch {
	case hint == "":
		return what
	case lang == bot.TraditionalChinese:
		return what + "（" + hint + "）"
	}
	return what + " (" + hint + ")"
}

// sentence is something said to moderators, with fmt's verbs, which both
// languages have the same of.
type sentence struct{ en, zh string }

func (s sentence) with(args ...any) bot.Texts {
	return bot.Texts{
		bot.English:            fmt.Sprintf(s.en, args...),
		bot.TraditionalChinese: fmt.Sprintf(s.zh, args...),
	}
}

// shown returns somebody's words short enough to repeat, on one line.
func shown(s string) string {
	const most = 40
	runes := []rune(oneLine(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // what has no shape, or turns the direction
			return -1
		}
		return r
	}, s)))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
