package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
)

var _ announce.Store = (*Store)(nil)

const itemColumns = `id, source, subject, url, title, version, revision, first_seen, gone, reason`

// Known implements announce.Store.
func (s *Store) Known(ctx context.Context, origin string) (announce.Known, error) {
	known, err := s.origin(ctx, origin)
	if err != nil || known.Generation == 0 {
		return known, err
	}
	known.Items, err = collect(ctx, s.read, scanItem,
		`SELECT `+itemColumns+` FROM item WHERE origin = $1 ORDER BY id`, origin)
	return known, explain(err)
}

// KnownOf implements announce.Store.
func (s *Store) KnownOf(ctx context.Context, origin string, w announce.Wanted) (announce.Known, error) {
	known, err := s.origin(ctx, origin)
	if err != nil || known.Generation == 0 {
		return known, err
	}
	found := make(map[string]bool)
	for column, values := range map[string][]string{"id": w.IDs, "subject": w.Subjects} {
		for chunk := range slices.Chunk(values, maxListed) {
			list, args := listed(chunk, origin)
			items, err := collect(ctx, s.read, scanItem,
				`SELECT `+itemColumns+` FROM item WHERE origin = $1 AND `+column+` IN (`+list+`)`, args...)
			if err != nil {
				return announce.Known{}, explain(err)
			}
			for _, item := range items {
				if !found[item.ID] {
					found[item.ID] = true
					known.Items = append(known.Items, item)
				}
			}
		}
	}
	known.Absent, err = collect(ctx, s.read, scanAbsence, `SELECT `+absenceColumns+` FROM absence WHERE origin = $1 ORDER BY id`, origin)
	return known, explain(err)
}

// maxListed bounds how many values one query names: SQLite takes 32,766 of them
// (https://www.sqlite.org/limits.html), a long text of them is slow to read.
const maxListed = 500

// origin returns what is known of an origin, without its items.
func (s *Store) origin(ctx context.Context, origin string) (announce.Known, error) {
	var (
		known announce.Known
		seen  sql.NullInt64
	)
	err := s.read.QueryRowContext(ctx, `SELECT generation, seen FROM origin WHERE name = $1`, origin).
		Scan(&known.Generation, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return announce.Known{}, nil
	}
	if err != nil {
		return announce.Known{}, explain(err)
	}
	known.Seen = fromMillis(seen)
	return known, nil
}

func scanItem(scan func(...any) error) (announce.Item, error) {
	var (
		i           announce.Item
		first, gone sql.NullInt64
	)
	err := scan(&i.ID, &i.Source, &i.Subject, &i.URL, &i.Title, &i.Version, &i.Revision, &first, &gone, &i.Reason)
	i.FirstSeen, i.Gone = fromMillis(first), fromMillis(gone)
	return i, err
}

// Routes implements announce.Store.
func (s *Store) Routes(ctx context.Context) ([]announce.Route, error) {
	routes, err := collect(ctx, s.read, func(scan func(...any) error) (announce.Route, error) {
		var (
			r       announce.Route
			address string
		)
		err := scan(&r.Announcement, &r.Source, &address)
		r.Address, _ = bot.ParseAddress(address)
		return r, err
	}, `SELECT announcement, source, address FROM route`)
	return routes, explain(err)
}

// Begin implements announce.Store.
func (s *Store) Begin(ctx context.Context, now time.Time, routes []announce.Route) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		for _, r := range routes {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO route (announcement, source, address, since) VALUES ($1, $2, $3, $4)
				ON CONFLICT DO NOTHING`, r.Announcement, r.Source, r.Address.String(), now.UnixMilli())
			if err != nil {
				return fmt.Errorf("beginning announcement %s: %w", r.Announcement, err)
			}
		}
		return nil
	})
}

// Record implements announce.Store.
func (s *Store) Record(ctx context.Context, r announce.Record) (done announce.Recorded, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		done = announce.Recorded{Held: make(map[string]int)}
		if err := advance(ctx, tx, r); err != nil {
			return err
		}
		if err := recordTicks(ctx, tx, r.Ticks); err != nil {
			return err
		}
		if err := recordItems(ctx, tx, r); err != nil {
			return err
		}
		if err := recordAbsences(ctx, tx, r); err != nil {
			return err
		}
		if err := recordDecisions(ctx, tx, r); err != nil {
			return err
		}
		rec := recording{tx, s.engine, r, &done}
		for _, act := range r.Acts {
			if err := rec.record(ctx, act); err != nil {
				return err
			}
		}
		if len(done.Held) == 0 || r.Ask == nil {
			return nil
		}
		question, ok := r.Ask(done.Held)
		if !ok {
			return nil
		}
		return rec.record(ctx, question)
	})
	return done, err
}

// advance moves the origin to its next generation, if nobody else did.
func advance(ctx context.Context, tx *sql.Tx, r announce.Record) error {
	var moved bool
	var err error
	if r.Origin == "" {
		return nil
	}
	if r.Generation == 0 {
		moved, err = affected(tx.ExecContext(ctx, `
			INSERT INTO origin (name, generation, first_read, seen) VALUES ($1, 1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET generation = 1, first_read = $2, seen = $3 WHERE origin.generation = 0`,
			r.Origin, r.Now.UnixMilli(), r.Seen.UnixMilli()))
	} else {
		moved, err = affected(tx.ExecContext(ctx, `
			UPDATE origin SET generation = generation + 1, seen = $1 WHERE name = $2 AND generation = $3`,
			r.Seen.UnixMilli(), r.Origin, r.Generation))
	}
	switch {
	case err != nil:
		return fmt.Errorf("recording origin %s: %w", r.Origin, err)
	case !moved:
		return announce.ErrStale
	}
	return nil
}

func recordItems(ctx context.Context, tx *sql.Tx, r announce.Record) error {
	for _, id := range r.Forget {
		if _, err := tx.ExecContext(ctx, `DELETE FROM item WHERE origin = $1 AND id = $2`, r.Origin, id); err != nil {
			return fmt.Errorf("forgetting item %s: %w", id, err)
		}
	}
	if len(r.Items) == 0 {
		return nil
	}
	upsert, err := tx.PrepareContext(ctx, `
		INSERT INTO item (origin, id, source, subject, url, title, version, revision, first_seen, gone, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (origin, id) DO UPDATE SET source = $3, url = $5, title = $6,
			version = $7, revision = $8, gone = $10, reason = $11`)
	if err != nil {
		return err
	}
	defer func() { _ = upsert.Close() }() // it ends with the transaction in any case
	for _, i := range r.Items {
		_, err := upsert.ExecContext(ctx, r.Origin, i.ID, i.Source, i.Subject, i.URL, i.Title,
			i.Version, i.Revision, i.FirstSeen.UnixMilli(), millis(i.Gone), i.Reason)
		if err != nil {
			return fmt.Errorf("recording item %s: %w", i.ID, err)
		}
	}
	return nil
}

func recordDecisions(ctx context.Context, tx *sql.Tx, r announce.Record) error {
	for _, d := range r.Decisions {
		address := ""
		if d.Address != (bot.Address{}) {
			address = d.Address.String()
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO decision (subject, announcement, address, at, reason) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (subject, announcement, address) DO UPDATE SET at = $4, reason = $5`,
			d.Subject, d.Announcement, address, r.Now.UnixMilli(), d.Reason)
		if err != nil {
			return fmt.Errorf("recording the decision on %s: %w", d.Subject, err)
		}
	}
	return nil
}
