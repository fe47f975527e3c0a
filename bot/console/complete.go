package console

import (
	"context"
	"strings"

	"cloudnative.tw/herald/bot"
)

// completion completes command names, and values where the command offers some.
type completion struct {
	ctx     context.Context //nolint:containedctx // readline hands none on
	console *Console
	specs   []bot.CommandSpec
	values  bot.Completer // nil where the handler completes nothing
}

// Do implements readline.AutoCompleter: it returns what may follow the text
// before the cursor, and how many runes before the cursor it repeats.
func (c completion) Do(typed []rune, cursor int) (rest [][]rune, length int) {
	text := strings.TrimLeft(string(typed[:cursor]), " ")
	text = strings.TrimPrefix(text, "/")
	name, args, named := strings.Cut(text, " ")
	if !named {
		return suffixes(name, c.names()), len([]rune(name))
	}
	if c.values == nil {
		return nil, 0
	}
	cmd := c.console.command(name + " " + args)
	var offered []string
	for _, choice := range c.values.Complete(c.ctx, cmd) {
		offered = append(offered, Clean(choice.Value))
	}
	return suffixes(args, offered), len([]rune(args))
}

func (c completion) names() []string {
	var names []string
	for _, spec := range c.specs {
		if !spec.Hidden {
			names = append(names, spec.Name+" ")
		}
	}
	return names
}

// suffixes returns what is missing of each word that begins with typed, whose
// case does not matter.
func suffixes(typed string, words []string) [][]rune {
	prefix := []rune(typed)
	var rest [][]rune
	for _, word := range words {
		w := []rune(word)
		if len(w) > len(prefix) && strings.EqualFold(string(w[:len(prefix)]), typed) {
			rest = append(rest, w[len(prefix):])
		}
	}
	return rest
}
