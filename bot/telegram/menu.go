package telegram

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
)

// menuCommand is one line of a menu
// (https://core.telegram.org/bots/api#botcommand).
type menuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

type menuScope struct {
	Type string `json:"type"`
}

type setMyCommands struct {
	Commands []menuCommand `json:"commands,omitzero"`
	Scope    menuScope     `json:"scope"`
	Language string        `json:"language_code,omitzero"`
}

const (
	// maxMenu is how many commands a menu holds
	// (https://core.telegram.org/bots/api#setmycommands).
	maxMenu = 100
	// maxDescription is how long a line of it may be.
	maxDescription = 256
)

var menuName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// menu computes a menu from the table. In groups what is for one member alone
// comes last.
func menu(specs []bot.CommandSpec, lang bot.Lang, group bool) []menuCommand {
	var public, private []menuCommand
	for _, s := range specs {
		summary := strings.TrimSpace(clean(s.Summary.In(lang)))
		if s.Hidden || summary == "" || !menuName.MatchString(s.Name) {
			continue
		}
		line := menuCommand{s.Name, beginningOf(summary, maxDescription-1)}
		if group && s.Private {
			private = append(private, line)
		} else {
			public = append(public, line)
		}
	}
	all := append(public, private...)
	return all[:min(len(all), maxMenu)]
}

// updateMenus brings the menus up to date, and leaves alone those that are. A
// menu for a language is shown to members whose app speaks it, the one without a
// language to all others.
func (r *receiver) updateMenus(ctx context.Context) {
	for _, scope := range []string{"all_private_chats", "all_group_chats"} {
		group := scope == "all_group_chats"
		menus := []setMyCommands{{Commands: menu(r.Specs, r.lang("", bot.Channel{}), group), Scope: menuScope{scope}}}
		for _, lang := range bot.Langs() {
			code, _, _ := strings.Cut(string(lang), "-") // two letters, ISO 639-1
			menus = append(menus, setMyCommands{Commands: menu(r.Specs, lang, group), Scope: menuScope{scope}, Language: code})
		}
		for _, m := range menus {
			if err := r.updateMenu(ctx, m); err != nil {
				r.log.Warn("a menu was not updated", "scope", scope, "language", m.Language, "err", err)
				return // the next start tries again
			}
		}
	}
}

func (r *receiver) updateMenu(ctx context.Context, m setMyCommands) error {
	ctx, cancel := context.WithTimeout(ctx, handleTime)
	defer cancel()
	wanted := m.Commands
	m.Commands = nil
	var present []menuCommand
	if err := r.observe(r.api.call(ctx, "getMyCommands", m, &present)); err != nil {
		return err
	}
	if slices.Equal(present, wanted) {
		return nil
	}
	m.Commands = wanted
	method := "setMyCommands"
	if len(wanted) == 0 {
		method = "deleteMyCommands"
	}
	return r.observe(r.api.call(ctx, method, m, nil))
}
