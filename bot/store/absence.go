package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"cloudnative.tw/herald/bot/announce"
)

const absenceColumns = `id, since, look, lost`

// absencesKept is how long it is known of an item that it was missed. By then
// nobody would take it for missed again.
const absencesKept = 90 * 24 * time.Hour

func scanAbsence(scan func(...any) error) (a announce.Absence, err error) {
	var since, look, lost sql.NullInt64
	err = scan(&a.ID, &since, &look, &lost)
	a.Since, a.Look, a.Lost = fromMillis(since), fromMillis(look), fromMillis(lost)
	return a, err
}

// SeenSince implements announce.Store.
func (s *Store) SeenSince(ctx context.Context, origin string, since time.Time) ([]announce.Item, error) {
	items, err := collect(ctx, s.read, scanItem, `
		SELECT `+itemColumns+` FROM item
		WHERE origin = $1 AND first_seen >= $2 AND gone IS NULL AND reason = '' ORDER BY id`, origin, since.UnixMilli())
	return items, explain(err)
}

// PassedOver implements announce.Store.
func (s *Store) PassedOver(ctx context.Context, source, origin string, subjects []string) (map[string]string, error) {
	reasons := make(map[string]string)
	for chunk := range slices.Chunk(subjects, maxListed) {
		list, args := listed(chunk, source, origin)
		_, err := collect(ctx, s.read, func(scan func(...any) error) (struct{}, error) {
			var subject, reason string
			err := scan(&subject, &reason)
			reasons[subject] = reason
			return struct{}{}, err
		}, `SELECT subject, reason FROM item WHERE source = $1 AND origin <> $2 AND reason <> '' AND gone IS NULL AND subject IN (`+list+`)`, args...)
		if err != nil {
			return nil, explain(err)
		}
	}
	return reasons, nil
}

// Count implements announce.Store.
func (s *Store) Count(ctx context.Context, origin string) (map[string]int, error) {
	there := make(map[string]int)
	_, err := collect(ctx, s.read, func(scan func(...any) error) (struct{}, error) {
		var (
			source string
			n      int
		)
		err := scan(&source, &n)
		there[source] = n
		return struct{}{}, err
	}, `SELECT source, COUNT(*) FROM item WHERE origin = $1 AND gone IS NULL GROUP BY source`, origin)
	return there, explain(err)
}

// TakeAbsent implements announce.Store.
func (s *Store) TakeAbsent(ctx context.Context, now, until time.Time, most int) (taken []announce.AbsentItem, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		taken, err = collect(ctx, tx, scanAbsent, `
			SELECT a.origin, a.since, a.look, a.lost, i.id, i.source, i.subject, i.url, i.title, i.version, i.revision, i.first_seen, i.gone, i.reason
			FROM absence a JOIN item i ON i.origin = a.origin AND i.id = a.id
			WHERE a.look <= $1 ORDER BY a.look, a.origin, a.id LIMIT $2`, now.UnixMilli(), most)
		if err != nil {
			return fmt.Errorf("reading which pages are to be looked at: %w", err)
		}
		taken, err = mine(ctx, tx, taken, until)
		return err
	})
	return taken, err
}

// mine puts off the next look at the absences, and returns those that nobody else
// has put off meanwhile.
func mine(ctx context.Context, tx *sql.Tx, found []announce.AbsentItem, until time.Time) ([]announce.AbsentItem, error) {
	var taken []announce.AbsentItem
	for _, a := range found {
		ok, err := affected(tx.ExecContext(ctx, `UPDATE absence SET look = $1 WHERE origin = $2 AND id = $3 AND look = $4`,
			until.UnixMilli(), a.Origin, a.ID, a.Look.UnixMilli()))
		if err != nil {
			return nil, fmt.Errorf("taking the look at %s: %w", a.ID, err)
		}
		if ok {
			taken = append(taken, a)
		}
	}
	return taken, nil
}

func scanAbsent(scan func(...any) error) (a announce.AbsentItem, err error) {
	var since, look, lost sql.NullInt64
	a.Item, err = scanItem(func(dest ...any) error {
		return scan(append([]any{&a.Origin, &since, &look, &lost}, dest...)...)
	})
	a.ID = a.Item.ID
	a.Since, a.Look, a.Lost = fromMillis(since), fromMillis(look), fromMillis(lost)
	return a, err
}

func recordAbsences(ctx context.Context, tx *sql.Tx, r announce.Record) error {
	for chunk := range slices.Chunk(r.Settled, maxListed) {
		list, args := listed(chunk, r.Origin)
		if _, err := tx.ExecContext(ctx, `DELETE FROM absence WHERE origin = $1 AND id IN (`+list+`)`, args...); err != nil {
			return fmt.Errorf("recording what is missed no more: %w", err)
		}
	}
	for _, a := range r.Absent {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO absence (origin, id, since, look, lost) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (origin, id) DO UPDATE SET look = $4, lost = $5`,
			r.Origin, a.ID, a.Since.UnixMilli(), millis(a.Look), millis(a.Lost))
		if err != nil {
			return fmt.Errorf("recording that %s is missed: %w", a.ID, err)
		}
	}
	return nil
}
