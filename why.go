package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
)

func whyCommand(env environment, path *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "why URL",
		Short:   "Tell where something was said, and where not and why",
		Example: "  herald why https://cloudnative.tw/blog/2023-year-end-recap",
		Args:    exactly(1, "the address of a page"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withLedger(cmd.Context(), env, *path, func(cfg *Config, ledger *store.Store) error {
				told, err := explainURL(cmd.Context(), cfg, ledger, args[0])
				if err != nil {
					return err
				}
				if asJSON {
					return encodeLines(env.out, []whyJSON{told.json(cfg)})
				}
				return told.print(env.out, cfg)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// explanation is all that is known of one subject.
type explanation struct {
	url       string
	items     []store.Known
	acts      []store.Entry
	decisions []store.Decision
}

// explainURL looks up what an address is about: a page, or the announcement's own
// "announcement:NAME".
func explainURL(ctx context.Context, cfg *Config, ledger *store.Store, url string) (explanation, error) {
	e := explanation{url: url}
	subject := feeds.Canonical(url)
	if subject == "" {
		subject = url
		if cfg.Announcements.get(url) != nil {
			subject = "announcement:" + url
		}
	}
	var err error
	if e.items, err = ledger.Find(ctx, subject, url); err != nil {
		return e, fmt.Errorf("looking for %s: %w", url, err)
	}
	subjects := []string{subject}
	for _, item := range e.items {
		if item.Subject != subject {
			subjects = append(subjects, item.Subject)
		}
	}
	for _, subject := range subjects {
		acts, err := ledger.Ledger(ctx, store.Query{Subject: subject})
		if err != nil {
			return e, fmt.Errorf("reading the ledger: %w", err)
		}
		e.acts = append(e.acts, acts...)
		decisions, err := ledger.Decisions(ctx, subject)
		if err != nil {
			return e, fmt.Errorf("reading the decisions: %w", err)
		}
		e.decisions = append(e.decisions, decisions...)
	}
	return e, nil
}

func (e explanation) print(w io.Writer, cfg *Config) error {
	if len(e.items)+len(e.acts)+len(e.decisions) == 0 {
		fmt.Fprintf(w, "%s: Herald has never seen it\n", console.Clean(e.url))
		return failed()
	}
	for _, item := range e.items {
		fmt.Fprintf(w, "%s  seen first in %s on %s\n", console.Clean(item.Title), item.Source, cfg.moment(item.FirstSeen))
		if item.Reason != "" {
			fmt.Fprintf(w, "  never said anywhere: %s\n", item.Reason)
		}
		if !item.Gone.IsZero() {
			fmt.Fprintf(w, "  gone since %s\n", cfg.moment(item.Gone))
		}
	}
	for _, act := range e.acts {
		fmt.Fprintf(w, "  %s: %s\n", cfg.channelName(act.Address), cfg.fate(act))
	}
	for _, d := range e.decisions {
		where := "everywhere"
		if a, ok := bot.ParseAddress(d.Address); ok {
			where = cfg.channelName(a)
		}
		if d.Announcement != "" {
			where += ", " + d.Announcement
		}
		fmt.Fprintf(w, "  %s: not said: %s\n", where, console.Clean(d.Reason))
	}
	return nil
}

// fate says in one line what became of an act.
func (c *Config) fate(e store.Entry) string {
	what := string(e.Kind)
	reason := ""
	if e.Reason != "" {
		reason = ": " + console.Clean(e.Reason)
	}
	switch e.State {
	case outbox.Owed:
		return fmt.Sprintf("%s #%d is owed, not before %s%s", what, e.ID, c.moment(e.NotBefore), reason)
	case outbox.Sent:
		return fmt.Sprintf("%s #%d was made on %s by %s", what, e.ID, c.moment(e.Done), e.Announcement)
	case outbox.Held, outbox.Sending, outbox.Uncertain, outbox.Failed, outbox.Skipped:
	}
	return fmt.Sprintf("%s #%d is %s%s", what, e.ID, e.State, reason)
}

// whyJSON is an explanation for machines.
type whyJSON struct {
	URL       string         `json:"url"`
	Items     []itemJSON     `json:"items"`
	Acts      []entryJSON    `json:"acts"`
	Decisions []decisionJSON `json:"decisions"`
}

type itemJSON struct {
	Source    string `json:"source"`
	Title     string `json:"title"`
	URL       string `json:"url"`
	FirstSeen string `json:"first_seen"`
	Reason    string `json:"reason,omitempty"`
}

type decisionJSON struct {
	Announcement string `json:"announcement,omitempty"`
	Address      string `json:"address,omitempty"`
	Reason       string `json:"reason"`
}

func (e explanation) json(cfg *Config) whyJSON {
	out := whyJSON{URL: e.url, Items: []itemJSON{}, Acts: []entryJSON{}, Decisions: []decisionJSON{}}
	for _, i := range e.items {
		out.Items = append(out.Items, itemJSON{i.Source, i.Title, i.URL, i.FirstSeen.Format("2006-01-02T15:04:05Z07:00"), i.Reason})
	}
	for _, a := range e.acts {
		out.Acts = append(out.Acts, cfg.entryJSON(a))
	}
	for _, d := range e.decisions {
		out.Decisions = append(out.Decisions, decisionJSON{d.Announcement, d.Address, d.Reason})
	}
	return out
}
