package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
)

func logCommand(env environment, path *string) *cobra.Command {
	var query store.Query
	var state, channel string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "log",
		Short: "Show what was said, what is owed, and what was not said and why",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query.State = outbox.State(state)
			if state != "" && !slices.Contains(outbox.States(), query.State) {
				return usageError(cmd, fmt.Errorf("there is no state %q; one of: %s", state, stateNames()))
			}
			return withLedger(cmd.Context(), env, *path, func(cfg *Config, ledger *store.Store) error {
				if channel != "" {
					c := cfg.Channels.get(channel)
					if c == nil {
						return usageError(cmd, fmt.Errorf("there is no channel %q; one of: %s", channel, strings.Join(cfg.Channels.names(), ", ")))
					}
					query.Address = c.Channel.Address.String()
				}
				entries, err := ledger.Ledger(cmd.Context(), query)
				if err != nil {
					return fmt.Errorf("reading the ledger: %w", err)
				}
				slices.Reverse(entries) // the newest stands last, beside the prompt
				return cfg.printLog(env, entries, asJSON)
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

func (c *Config) printLog(env environment, entries []store.Entry, asJSON bool) error {
	if asJSON {
		var lines []entryJSON
		for _, e := range entries {
			lines = append(lines, c.entryJSON(e))
		}
		return encodeLines(env.out, lines)
	}
	if len(entries) == 0 {
		fmt.Fprintln(env.out, "nothing yet")
		return nil
	}
	for _, e := range entries {
		c.printEntry(env.out, e)
	}
	return nil
}

// printEntry prints an act on one line, and below it why it is not said.
func (c *Config) printEntry(w io.Writer, e store.Entry) {
	when := e.Done
	if when.IsZero() {
		when = e.NotBefore
	}
	title := titleOf(e.Message)
	if title == "" {
		title = e.Subject
	}
	fmt.Fprintf(w, "%s  %s  %s  %s  %s  %s\n", pad(fmt.Sprintf("#%d", e.ID), 6), c.moment(when),
		pad(string(e.State), 9), pad(c.channelName(e.Address), 10), pad(string(e.Kind), 7), console.Clean(title))
	if e.Reason != "" {
		fmt.Fprintf(w, "        %s\n", console.Clean(e.Reason))
	}
}
