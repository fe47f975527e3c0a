package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/bot/store"
	"cloudnative.tw/herald/feeds"
)

func whyCommand(env environment, path *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why URL",
		Short: "Tell where something was said, and where not and why",
		Long: `Tell where a page was said, and where not and why. Instead of its address, the
name of an announcement tells of its texts, answers and digests.

Exit code 1: Herald has never seen it, and no announcement is called so.`,
		Example: "  herald why https://cloudnative.tw/blog/2023-year-end-recap\n  herald why weekly",
		Args:    one("the address of a page, or the name of an announcement"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(args[0]) == "" {
				return usageError(cmd, errors.New("this takes the address of a page, or the name of an announcement"))
			}
			return withLedger(cmd.Context(), env, *path, func(cfg *Config, ledger *store.Store) error {
				told, err := explainURL(cmd.Context(), cfg, ledger, args[0])
				if err != nil {
					return err
				}
				told.now = env.now()
				if asJSON {
					err = encodeLines(env.out, []whyJSON{told.json(cfg)})
				} else {
					for _, line := range told.lines(cfg, env.langOr(cfg.Community.Language)) {
						fmt.Fprintln(env.out, console.Clean(line))
					}
				}
				if err == nil && told.unseen() && cfg.Announcements.get(told.url) == nil {
					err = failed()
				}
				return err
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
	now       time.Time
}

// explainURL looks up what an address is about: a page, or the announcement's own
// "announcement:NAME".
func explainURL(ctx context.Context, cfg *Config, ledger *store.Store, url string) (explanation, error) {
	e := explanation{url: url}
	subject := feeds.Canonical(url)
	switch {
	case subject != "":
	case cfg.Announcements.get(url) != nil:
		subject = "announcement:" + url
	case strings.Contains(url, "."): // as browsers show it
		subject = feeds.Canonical("https://" + url)
	}
	if subject == "" {
		subject = url
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

// unseen reports whether nothing is known.
func (e explanation) unseen() bool { return len(e.items)+len(e.acts)+len(e.decisions) == 0 }

// lines tell it in words.
func (e explanation) lines(cfg *Config, lang bot.Lang) []string {
	switch ann := cfg.announcement(e.url); {
	case e.unseen() && ann != nil:
		return cfg.silence(ann, e.now, lang)
	case e.unseen():
		return []string{whyUnseen.in(lang, e.url)}
	}
	var lines []string
	for _, item := range e.items {
		lines = append(lines, whySeen.in(lang, cmp.Or(item.Title, e.url), item.Source, cfg.moment(item.FirstSeen)))
		if item.Reason != "" && len(e.acts) == 0 { // else it was said, of another feed
			lines = append(lines, "  "+whyNever.in(lang, reasonIn(lang, item.Reason)))
		}
		if !item.Gone.IsZero() {
			lines = append(lines, "  "+whyGone.in(lang, cfg.moment(item.Gone)))
		}
		if !item.Missed.IsZero() {
			lines = append(lines, "  "+whyMissed.in(lang, item.Source, cfg.moment(item.Missed)))
		}
		if !item.Lost.IsZero() {
			lines = append(lines, "  "+whyLost.in(lang, cfg.moment(item.Lost)))
		}
	}
	for _, act := range e.acts {
		lines = append(lines, "  "+cfg.fate(act, e.now, lang))
	}
	for _, d := range e.decisions {
		where := everywhere.in(lang)
		if a, ok := bot.ParseAddress(d.Address); ok {
			where = cfg.channelName(a)
		}
		if d.Announcement != "" {
			where += bracketed.in(lang, d.Announcement)
		}
		lines = append(lines, "  "+whyNotSaid.in(lang, where, reasonIn(lang, d.Reason)))
	}
	return lines
}

// announcement returns the announcement of that name, or nil.
func (c *Config) announcement(name string) *announce.Announcement {
	for _, a := range c.announcementsOn(anywhere) {
		if a.Name == name {
			return &a
		}
	}
	return nil
}

// silence says of an announcement under whose name nothing was said when that
// will be, or how to ask for what it says.
func (c *Config) silence(ann *announce.Announcement, now time.Time, lang bot.Lang) []string {
	var lines []string
	if len(ann.From) > 0 && !ann.Digest {
		lines = append(lines, whyByPage.in(lang, ann.Name))
	}
	if !ann.Schedule.IsZero() {
		form := whyNotYet
		if len(lines) > 0 {
			form = whyTick
		}
		lines = append(lines, form.in(lang, ann.Name, c.moment(ann.Schedule.Next(now))))
	}
	return lines
}

// gathering returns which announcement's digest an act waits for, and when that
// is next; "" if it waits for none that there is.
func (c *Config) gathering(e store.Entry, now time.Time) (name string, at time.Time) {
	if e.Kind != bot.Member || e.State != outbox.Owed {
		return "", at
	}
	ann := c.announcement(e.Announcement)
	if ann == nil || ann.Schedule.IsZero() {
		return "", at
	}
	return ann.Name, ann.Schedule.Next(now)
}

// fate says in one line what became of an act.
func (c *Config) fate(e store.Entry, now time.Time, lang bot.Lang) string {
	where, what := c.channelName(e.Address), kindWords[e.Kind]
	reason := ""
	if e.Reason != "" {
		reason = reasonOf.in(lang, reasonIn(lang, e.Reason))
	}
	if digest, at := c.gathering(e, now); digest != "" {
		return whyGathered.in(lang, where, e.ID, digest, c.moment(at)) + reason
	}
	switch e.State {
	case outbox.Owed:
		return whyOwed.in(lang, where, what, e.ID, c.moment(e.NotBefore)) + reason
	case outbox.Sent:
		return whySent.in(lang, where, what, e.ID, c.moment(e.Done), e.Announcement)
	case outbox.Held, outbox.Sending, outbox.Uncertain, outbox.Failed, outbox.Skipped:
	}
	return whyState.in(lang, where, what, e.ID, stateWords[e.State]) + reason
}

// whyJSON is an explanation for machines.
type whyJSON struct {
	URL       string         `json:"url"`
	Items     []itemJSON     `json:"items"`
	Acts      []entryJSON    `json:"acts"`
	Decisions []decisionJSON `json:"decisions"`
}

type itemJSON struct {
	Source    string    `json:"source"`
	Title     string    `json:"title"`
	URL       string    `json:"url"`
	FirstSeen time.Time `json:"first_seen"`
	Reason    string    `json:"reason,omitempty"`
	// Gone is when it was withdrawn, Missed since when its feed shows it no more,
	// Lost since when its page is not there.
	Gone   *time.Time `json:"gone,omitempty"`
	Missed *time.Time `json:"missed,omitempty"`
	Lost   *time.Time `json:"lost,omitempty"`
}

type decisionJSON struct {
	Announcement string `json:"announcement,omitempty"`
	Address      string `json:"address,omitempty"`
	Reason       string `json:"reason"`
}

func (e explanation) json(cfg *Config) whyJSON {
	out := whyJSON{URL: e.url, Items: []itemJSON{}, Acts: []entryJSON{}, Decisions: []decisionJSON{}}
	for _, i := range e.items {
		out.Items = append(out.Items, itemJSON{
			Source: i.Source, Title: i.Title, URL: i.URL, FirstSeen: i.FirstSeen, Reason: i.Reason,
			Gone: timeOrNil(i.Gone), Missed: timeOrNil(i.Missed), Lost: timeOrNil(i.Lost),
		})
	}
	for _, a := range e.acts {
		out.Acts = append(out.Acts, cfg.entryJSON(a))
	}
	for _, d := range e.decisions {
		out.Decisions = append(out.Decisions, decisionJSON{d.Announcement, d.Address, d.Reason})
	}
	return out
}
