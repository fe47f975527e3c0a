package telegram

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"cloudnative.tw/herald/bot"
)

// A deep link opens the private chat and runs a command there: its parameter is
// at most 64 characters of A-Z, a-z, 0-9, _ and -
// (https://core.telegram.org/bots/features#deep-linking). "recap 2023" becomes
// "recap_2023"; what cannot be written so is kept under a short id.
var (
	linkable  = regexp.MustCompile(`^[A-Za-z0-9_]+( [A-Za-z0-9-]+)*$`)
	parameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// keptLink begins the parameter of a command that is kept. No command's name
// has a hyphen.
const keptLink = "k-"

// link returns the address that runs a command in the private chat.
func (r *receiver) link(ctx context.Context, line string) (string, error) {
	p := strings.ReplaceAll(line, " ", "_")
	if !linkable.MatchString(line) || !parameter.MatchString(p) || commandLine(r.unlink(p)) != line {
		p = keptLink + shortID(line)
		if err := r.memory.Remember(ctx, keptKey(p), line, r.now().Add(keptFor)); err != nil {
			return "", fmt.Errorf("remembering a link's command: %w", err)
		}
	}
	return "https://t.me/" + r.me.Username + "?start=" + p, nil
}

// opened returns the command of a deep link that was opened.
func (r *receiver) opened(ctx context.Context, p string) (cmd bot.Command, ok bool) {
	if !strings.HasPrefix(p, keptLink) {
		return r.unlink(p), true
	}
	if !parameter.MatchString(p) {
		return bot.Command{}, false
	}
	line, err := r.memory.Recall(ctx, keptKey(p))
	if err != nil {
		r.log.Warn("recalling a link's command", "err", err)
	}
	return commandOf(line), line != ""
}

// unlink reads "recap_2023": the longest known name that it begins with, and the
// words behind it.
func (r *receiver) unlink(p string) bot.Command {
	for end := len(p); end > 0; end = strings.LastIndexByte(p[:end], '_') {
		if r.names[foldName(p[:end])] {
			return bot.Command{Name: p[:end], Args: strings.ReplaceAll(strings.TrimPrefix(p[end:], "_"), "_", " ")}
		}
	}
	return commandOf(strings.ReplaceAll(p, "_", " "))
}

// commandOf reads a button's line, such as "recap 2023 3".
func commandOf(line string) bot.Command {
	name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
	return bot.Command{Name: name, Args: strings.TrimSpace(args)}
}

func commandLine(cmd bot.Command) string { return strings.TrimSpace(cmd.Name + " " + cmd.Args) }
