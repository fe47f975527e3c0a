package command

import (
	"strings"

	"cloudnative.tw/herald/bot"
)

// help lists the commands, or explains one.
func (r *request) help() bot.Reply {
	if len(r.words) > 0 {
		return r.explain(foldName(r.words[0]))
	}
	var list []bot.Text
	for _, e := range r.commands {
		if !e.Hidden {
			list = append(list, bot.Join(item(0), bold(e.usage(r.lang)), bot.Plain(r.say.dash+e.Summary.In(r.lang))))
		}
	}
	return bot.Reply{
		Card:    bot.Card{Title: r.say.helpTitle(r.Community.Name), Body: lines(list...), Footer: r.say.helpHint},
		Private: true,
	}
}

// explain tells everything about one command. A hidden one is explained to those
// who know its name.
func (r *request) explain(name string) bot.Reply {
	e := r.names[name]
	if e == nil {
		r.typed, r.args = name, ""
		return r.unknown()
	}
	var options []bot.Text
	for _, o := range e.Options {
		options = append(options, bot.Join(item(0), bold(o.Names.In(r.lang)), bot.Plain(r.say.dash+o.Summary.In(r.lang))))
	}
	var names []string
	for _, other := range e.allNames() {
		if other != e.Name {
			names = append(names, "/"+other)
		}
	}
	parts := []bot.Text{bot.Plain(e.Summary.In(r.lang)), lines(options...)}
	line := e.Name
	if example := e.example.In(r.lang); example != "" {
		line += " " + example
		parts = append(parts, bot.Plain(r.say.example("/"+line)))
	}
	if len(names) > 0 {
		parts = append(parts, bot.Plain(r.say.alsoCalled(strings.Join(names, r.say.comma))))
	}
	return bot.Reply{
		Card:    bot.Card{Title: e.usage(r.lang), Body: paragraphs(parts...)},
		Buttons: commandButtons(line),
		Private: true,
	}
}

// completeHelp offers the commands that begin with what was typed.
func (r *request) completeHelp() []bot.Choice {
	typed := foldName(r.args)
	var choices []bot.Choice
	for _, e := range r.commands {
		if !e.Hidden && strings.HasPrefix(e.Name, typed) {
			choices = append(choices, bot.Choice{Label: "/" + e.Name, Value: e.Name})
		}
	}
	return choices
}
