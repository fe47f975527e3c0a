package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot/outbox"
)

var _ outbox.Store = (*Store)(nil)

// Step implements outbox.Store.
func (s *Store) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	if len(step.Outcomes) == 0 && len(step.Answers) == 0 && len(step.InFlight) == 0 {
		v, err := look(ctx, s.read, s.engine, step)
		if err != nil {
			return outbox.Taken{}, explain(err)
		}
		waiting, err := pending(ctx, s.read, step.Now)
		if err != nil {
			return outbox.Taken{}, explain(err)
		}
		if !v.work && !waiting { // nothing is written while there is nothing to do
			return outbox.Taken{Due: v.due}, nil
		}
	}
	var taken outbox.Taken
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		taken, err = carryOut(ctx, tx, s.engine, step)
		return err
	})
	return taken, err
}

func carryOut(ctx context.Context, tx *sql.Tx, e engine, step outbox.Step) (taken outbox.Taken, err error) {
	if taken.Passed, err = writeOutcomes(ctx, tx, step); err != nil {
		return taken, err
	}
	if taken.Retried, err = writePending(ctx, tx, step.Now); err != nil {
		return taken, err
	}
	v, err := look(ctx, tx, e, step)
	if err == nil && len(v.quiet) > 0 {
		if err = postpone(ctx, tx, step.Now, v.quiet); err == nil {
			v, err = look(ctx, tx, e, step) // what stands behind the news may go
		}
	}
	if err != nil {
		return taken, err
	}
	taken.Due = v.due
	for _, p := range v.platforms {
		if err := takePlatform(ctx, tx, step, p, &taken); err != nil {
			return taken, fmt.Errorf("taking acts of %s: %w", p.name, err)
		}
	}
	return taken, nil
}

// writeOutcomes writes the outcomes and answers of a step and returns the acts
// whose were passed over.
func writeOutcomes(ctx context.Context, tx *sql.Tx, step outbox.Step) (passed []int64, err error) {
	if passed, err = settle(ctx, tx, step.Outcomes); err != nil {
		return nil, err
	}
	for _, a := range step.Answers {
		ok, err := answer(ctx, tx, a)
		if err != nil {
			return nil, fmt.Errorf("writing what the page of act %d answered: %w", a.ID, err)
		}
		if !ok {
			passed = append(passed, a.ID)
		}
	}
	return passed, nil
}

// writePending has happen what is due whoever speaks.
func writePending(ctx context.Context, tx *sql.Tx, now time.Time) ([]outbox.Retried, error) {
	if waiting, err := pending(ctx, tx, now); err != nil || !waiting {
		return nil, err
	}
	retried, err := retry(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("retrying what persons asked for: %w", err)
	}
	if err := expire(ctx, tx, now); err != nil {
		return nil, fmt.Errorf("skipping what is no longer useful: %w", err)
	}
	return retried, nil
}

// pending reports whether something is due whoever speaks: acts that are no
// longer useful, requests of persons.
func pending(ctx context.Context, q querier, now time.Time) (found bool, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM act WHERE `+outlived+`) OR EXISTS (SELECT 1 FROM request)`,
		now.UnixMilli()).Scan(&found)
	return found, err
}

// Release implements outbox.Store.
func (s *Store) Release(ctx context.Context, owner string) error {
	_, err := s.write.ExecContext(ctx, `UPDATE platform SET lease_until = 0 WHERE owner = $1`, owner)
	return explain(err)
}
