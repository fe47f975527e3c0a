package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/feeds"
)

// Feeds is the part of a Store that remembers how sources are doing.
type Feeds struct{ store *Store }

var _ feeds.StateStore = Feeds{}

// Feeds returns the part of s that remembers how sources are doing.
func (s *Store) Feeds() Feeds { return Feeds{s} }

// feedColumns are those of a feeds.State, in the order of feedValues and
// scanFeed.
const feedColumns = `source, address, cursor, due, polled, good, changed, failures, since, err, told, notice`

func feedValues(s feeds.State) []any {
	h := s.Health
	return []any{
		s.Source, s.Address, text(s.Cursor), millis(s.Due), millis(h.Polled), millis(h.Good), millis(h.Changed),
		h.Failures, millis(h.Since), text(h.Err), flag(h.Told), text(h.Notice),
	}
}

// text returns s as both engines can keep it: PostgreSQL refuses what is not
// UTF-8, and NUL.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// feedRow is a row of the table.
type feedRow struct {
	feeds.State
	owner string
	until sql.NullInt64
}

func scanFeed(scan func(...any) error) (r feedRow, err error) {
	var due, polled, good, changed, since sql.NullInt64
	h := &r.Health
	err = scan(&r.Source, &r.Address, &r.Cursor, &due, &polled, &good, &changed,
		&h.Failures, &since, &h.Err, &h.Told, &h.Notice, &r.owner, &r.until)
	r.Due, h.Polled, h.Good, h.Changed, h.Since =
		fromMillis(due), fromMillis(polled), fromMillis(good), fromMillis(changed), fromMillis(since)
	return r, err
}

// States implements feeds.StateStore.
func (f Feeds) States(ctx context.Context) ([]feeds.State, error) { return f.store.States(ctx) }

// States returns what is known of every source that was ever polled, by name.
func (s *Store) States(ctx context.Context) ([]feeds.State, error) {
	rows, err := collect(ctx, s.read, scanFeed, `SELECT `+feedColumns+`, owner, claimed_until FROM feed ORDER BY source`)
	states := make([]feeds.State, len(rows))
	for i, r := range rows {
		states[i] = r.State
	}
	return states, explain(err)
}

// Step implements feeds.StateStore. It costs what it names, however many sources
// there are.
func (f Feeds) Step(ctx context.Context, step feeds.Step) (turns []feeds.Turn, err error) {
	err = f.store.transact(ctx, func(tx *sql.Tx) error {
		turns = nil
		if err := saveFeeds(ctx, tx, step); err != nil {
			return err
		}
		for chunk := range slices.Chunk(step.Claim, maxListed) {
			found, err := claimFeeds(ctx, tx, step, chunk)
			if err != nil {
				return fmt.Errorf("claiming sources: %w", err)
			}
			turns = append(turns, found...)
		}
		return nil
	})
	return turns, err
}

// saveFeeds writes the states of sources that the owner still holds.
func saveFeeds(ctx context.Context, tx *sql.Tx, step feeds.Step) error {
	if len(step.Save) == 0 {
		return nil
	}
	update, err := tx.PrepareContext(ctx, `
		UPDATE feed SET (`+feedColumns+`) = (`+numbered(1, 12)+`), owner = '', claimed_until = 0
		WHERE source = $1 AND owner = $13`)
	if err != nil {
		return err
	}
	defer func() { _ = update.Close() }() // it ends with the transaction in any case
	for _, s := range step.Save {
		if _, err := update.ExecContext(ctx, append(feedValues(s), step.Owner)...); err != nil {
			return fmt.Errorf("saving the state of source %s: %w", s.Source, err)
		}
	}
	return nil
}

// claimFeeds claims those sources that are due and free.
func claimFeeds(ctx context.Context, tx *sql.Tx, step feeds.Step, wanted []feeds.State) ([]feeds.Turn, error) {
	here, elsewhere, err := locateFeeds(ctx, tx, wanted)
	if err != nil {
		return nil, err
	}
	var turns []feeds.Turn
	claimed := make(map[string]bool)
	for condition, sources := range map[string][]string{
		`(due IS NULL OR due <= $3)`: here,
		`TRUE`:                       elsewhere, // at an address that was never polled
	} {
		if len(sources) == 0 {
			continue
		}
		list, args := listed(sources, step.Owner, step.Until.UnixMilli(), step.Now.UnixMilli())
		rows, err := collect(ctx, tx, scanFeed, `
			UPDATE feed SET owner = $1, claimed_until = $2
			WHERE source IN (`+list+`) AND `+condition+` AND (owner IN ('', $1) OR claimed_until <= $3)
			RETURNING `+feedColumns+`, owner, claimed_until`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			claimed[r.Source] = true
			turns = append(turns, feeds.Turn{State: r.State, Claimed: true})
		}
	}
	left := slices.DeleteFunc(append(here, elsewhere...), func(source string) bool { return claimed[source] })
	waiting, err := waitingFeeds(ctx, tx, step, left)
	return append(turns, waiting...), err
}

// locateFeeds returns which sources are known at the address that they are
// wanted at, and which are not. Those that were not known at all are now.
func locateFeeds(ctx context.Context, tx *sql.Tx, wanted []feeds.State) (here, elsewhere []string, err error) {
	sources := make([]string, len(wanted))
	for i, s := range wanted {
		sources[i] = s.Source
	}
	list, args := listed(sources)
	rows, err := collect(ctx, tx, scanFeed,
		`SELECT `+feedColumns+`, owner, claimed_until FROM feed WHERE source IN (`+list+`)`, args...)
	if err != nil {
		return nil, nil, err
	}
	known := make(map[string]string, len(rows))
	for _, r := range rows {
		known[r.Source] = r.Address
	}
	for _, s := range wanted {
		address, ok := known[s.Source]
		if !ok {
			_, err := tx.ExecContext(ctx, `INSERT INTO feed (`+feedColumns+`) VALUES (`+numbered(1, 12)+`)
				ON CONFLICT DO NOTHING`, feedValues(s)...)
			if err != nil {
				return nil, nil, fmt.Errorf("adding source %s: %w", s.Source, err)
			}
		}
		if !ok || address == s.Address {
			here = append(here, s.Source)
		} else {
			elsewhere = append(elsewhere, s.Source)
		}
	}
	return here, elsewhere, nil
}

// waitingFeeds returns when sources that could not be claimed may be asked for
// again.
func waitingFeeds(ctx context.Context, tx *sql.Tx, step feeds.Step, sources []string) ([]feeds.Turn, error) {
	if len(sources) == 0 {
		return nil, nil
	}
	list, args := listed(sources)
	rows, err := collect(ctx, tx, scanFeed,
		`SELECT `+feedColumns+`, owner, claimed_until FROM feed WHERE source IN (`+list+`)`, args...)
	var turns []feeds.Turn
	for _, r := range rows {
		turn := feeds.Turn{State: r.State, Again: r.Due}
		if until := fromMillis(r.until); r.owner != "" && r.owner != step.Owner && until.After(step.Now) {
			turn.Again = until
		}
		turns = append(turns, turn)
	}
	return turns, err
}
