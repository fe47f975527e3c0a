package discord

import (
	"context"
	"fmt"
	"runtime/debug"
	"strconv"

	"cloudnative.tw/herald/bot"
)

// complete offers values for the option that a member is typing.
func (d *Discord) complete(ctx context.Context, i interaction, cmd bot.Command) error {
	spec := d.focused(i)
	completer, ok := d.config.Handler.(bot.Completer)
	var choices []choice
	if ok && d.served(i) {
		ctx, cancel := context.WithTimeout(ctx, completeWithin)
		defer cancel()
		offered := make(chan []bot.Choice, 1)
		go func() { offered <- d.offers(ctx, completer, cmd) }()
		select {
		case all := <-offered:
			choices = choicesOf(all, spec.Number)
		case <-ctx.Done():
		}
	}
	answer := answering{Discord: d, interaction: i, cmd: cmd}
	return answer.respond(ctx, response{Type: respondComplete, Data: struct {
		// An empty list is left out: clients show one as a failure
		// (https://github.com/interactions-py/interactions.py/issues/755).
		Choices []choice `json:"choices,omitempty"`
	}{choices}})
}

// offers calls the completer. A panic costs the choices only.
func (d *Discord) offers(ctx context.Context, completer bot.Completer, cmd bot.Command) (choices []bot.Choice) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("discord: completion panicked", "command", d.specs[cmd.Name].Name, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			choices = nil
		}
	}()
	return completer.Complete(ctx, cmd)
}

// choice is a bot.Choice in Discord's terms. Value is a string or a number, as
// the option is.
type choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// choicesOf leaves out what Discord would refuse, and with it all the others.
func choicesOf(offered []bot.Choice, number bool) []choice {
	var choices []choice
	for _, o := range offered {
		label, _ := fitPlain(o.Label, maxChoice)
		if blank(label) || len(choices) == maxChoices {
			continue
		}
		if number {
			if n, err := strconv.Atoi(o.Value); err == nil {
				choices = append(choices, choice{label, n})
			}
			continue
		}
		if value := cleanLine(o.Value); value != "" && units(value) <= maxChoice {
			choices = append(choices, choice{label, value})
		}
	}
	return choices
}
