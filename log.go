package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func logCommand(env environment, path *string) *cobra.Command {
	var query store.Query
	var state, channel string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "log",
		Short:   "Show what was said, what is owed, and what was not said and why",
		Example: "  herald log\n  herald log --state held\n  herald log --channel news -n 100",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query.State = outbox.State(state)
			switch {
			case state != "" && !slices.Contains(outbox.States(), query.State):
				return usageError(cmd, fmt.Errorf("there is no state %q; one of: %s", state, stateNames()))
			case query.Limit < 1:
				return usageError(cmd, errors.New("--limit must be 1 or more"))
			}
			return withLedger(cmd.Context(), env, *path, func(cfg *Config, ledger *store.Store) error {
				if channel != "" {
					c := cfg.Channels.get(channel)
					if c == nil {
						return usageError(cmd, fmt.Errorf("there is no channel %q; %s", channel, nearName(channel, cfg.Channels.names())))
					}
					query.Address = c.Channel.String()
				}
				entries, err := ledger.Ledger(cmd.Context(), query)
				if err != nil {
					return fmt.Errorf("reading the ledger: %w", err)
				}
				if name := query.Announcement; name != "" && len(entries) == 0 && cfg.Announcements.get(name) == nil {
					return usageError(cmd, fmt.Errorf("there is no announcement %q; %s", name, nearName(name, cfg.Announcements.names())))
				}
				if err := nameOriginals(cmd.Context(), ledger, entries); err != nil {
					return err
				}
				slices.Reverse(entries) // the newest stands last, beside the prompt
				return cfg.printLog(env, entries, state+channel+query.Announcement != "", asJSON)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&state, "state", "", "only acts in this `state`: "+stateNames())
	flags.StringVar(&channel, "channel", "", "only what is said in this `channel`, a name of config.yaml")
	flags.StringVar(&query.Announcement, "announcement", "", "only acts of this `announcement`")
	flags.IntVarP(&query.Limit, "limit", "n", 20, "at most this `number` of acts, the newest")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

func stateNames() string {
	var names []string
	for _, s := range outbox.States() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

func (c *Config) printLog(env environment, entries []store.Entry, chosen, asJSON bool) error {
	if asJSON {
		var lines []entryJSON
		for _, e := range entries {
			lines = append(lines, c.entryJSON(e))
		}
		return encodeLines(env.out, lines)
	}
	lang := env.langOr(c.Community.Language)
	switch {
	case len(entries) > 0:
		return c.printEntries(env.out, lang, env.now(), entries...)
	case chosen:
		fmt.Fprintln(env.out, logNoMatch.in(lang))
	default:
		fmt.Fprintln(env.out, logNothing.in(lang))
	}
	return nil
}

// printEntries prints each act on one line, and below it why it stands as it
// does.
func (c *Config) printEntries(w io.Writer, lang bot.Lang, now time.Time, entries ...store.Entry) error {
	var rows [][]string
	var reasons []string
	for _, e := range entries {
		when, reason := e.Done, console.Clean(reasonIn(lang, e.Reason))
		if when.IsZero() {
			when = e.NotBefore
		}
		if digest, at := c.gathering(e, now); digest != "" {
			when, reason = at, cmp.Or(reason, logGathered.in(lang, digest))
		}
		reasons = append(reasons, reason)
		rows = append(rows, []string{
			fmt.Sprintf("#%d", e.ID), c.moment(when), stateWords[e.State].in(lang), c.channelName(e.Address), kindWords[e.Kind].in(lang),
			console.Clean(cmp.Or(titleOf(e.Message), e.Subject)),
		})
	}
	for i, line := range aligned(rows) {
		if reasons[i] != "" {
			line += "\n        " + reasons[i]
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return fmt.Errorf("printing the ledger: %w", err)
		}
	}
	return nil
}

// nameOriginals puts the title of what is changed or taken back in the place of
// that of the change, which does not tell what it is about.
func nameOriginals(ctx context.Context, ledger *store.Store, entries []store.Entry) error {
	for i, e := range entries {
		if e.Kind != bot.Edit && e.Kind != bot.Retract {
			continue
		}
		about, err := ledger.Ledger(ctx, store.Query{Subject: e.Subject, Address: e.Address.String()})
		if err != nil {
			return fmt.Errorf("reading the ledger: %w", err)
		}
		for _, post := range about {
			if post.Kind == bot.Post && post.Said == e.MessageID {
				entries[i].Message.Title = cmp.Or(titleOf(post.Message), titleOf(e.Message))
			}
		}
	}
	return nil
}

// aligned returns rows as lines whose columns stand below each other.
func aligned(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	var lines []string
	for _, row := range rows {
		for i, cell := range row {
			row[i] = pad(cell, widths[i])
		}
		lines = append(lines, strings.TrimRight(strings.Join(row, "  "), " "))
	}
	return lines
}
