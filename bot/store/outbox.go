package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

var _ outbox.Store = (*Store)(nil)

// Step implements outbox.Store.
func (s *Store) Step(ctx context.Context, step outbox.Step) (outbox.Taken, error) {
	if len(step.Outcomes) == 0 && len(step.InFlight) == 0 {
		v, err := s.look(ctx, s.read, step)
		if err != nil {
			return outbox.Taken{}, explain(err)
		}
		if !v.work { // nothing is written while there is nothing to do
			return outbox.Taken{Due: v.due}, nil
		}
	}
	var taken outbox.Taken
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		taken, err = s.step(ctx, tx, step)
		return err
	})
	return taken, err
}

func (s *Store) step(ctx context.Context, tx *sql.Tx, step outbox.Step) (outbox.Taken, error) {
	for _, o := range step.Outcomes {
		if err := settle(ctx, tx, o); err != nil {
			return outbox.Taken{}, fmt.Errorf("writing the outcome of act %d: %w", o.ID, err)
		}
	}
	if err := expire(ctx, tx, step.Now); err != nil {
		return outbox.Taken{}, fmt.Errorf("skipping what is no longer useful: %w", err)
	}
	v, err := s.look(ctx, tx, step)
	if err != nil {
		return outbox.Taken{}, err
	}
	taken := outbox.Taken{Due: v.due}
	for _, p := range v.platforms {
		acts, err := takePlatform(ctx, tx, step, p)
		if err != nil {
			return outbox.Taken{}, fmt.Errorf("taking acts of %s: %w", p.name, err)
		}
		taken.Acts = append(taken.Acts, acts...)
	}
	return taken, nil
}

// settle writes what became of an act. An act that was taken again since is
// left alone.
func settle(ctx context.Context, tx *sql.Tx, o outbox.Outcome) error {
	done := millis(o.At)
	done.Valid = o.State != outbox.Owed
	changed, err := affected(tx.ExecContext(ctx, `
		UPDATE act SET state = $1, reason = $2, message_id = $3, attempts = $4, done = $5
		WHERE id = $6 AND fence = $7 AND state = 'sending'`,
		o.State, o.Reason, o.MessageID, o.Attempts, done, o.ID, o.Fence))
	if err != nil || !changed {
		return err
	}
	if !o.LanePause.IsZero() {
		_, err = tx.ExecContext(ctx, `
			UPDATE lane SET paused_until = $1
			WHERE address = (SELECT address FROM act WHERE id = $2)`, after(o.LanePause), o.ID)
	}
	if err == nil && !o.PlatformPause.IsZero() {
		_, err = tx.ExecContext(ctx, `
			UPDATE platform SET paused_until = $1
			WHERE name = (SELECT l.platform FROM act a JOIN lane l ON l.address = a.address WHERE a.id = $2)`,
			after(o.PlatformPause), o.ID)
	}
	return err
}

// after returns the first millisecond that is not before t, so that no pause
// ends early.
func after(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

func expire(ctx context.Context, tx *sql.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET state = 'skipped', done = $1,
			reason = CASE WHEN reason = '' THEN 'no longer useful' ELSE 'no longer useful; ' || reason END
		WHERE state IN ('owed', 'held') AND useful_until <= $1`, now.UnixMilli())
	return err
}

// takePlatform leases the platform and takes orphans and heads.
func takePlatform(ctx context.Context, tx *sql.Tx, step outbox.Step, p platformView) ([]outbox.Act, error) {
	fence, ok, err := lease(ctx, tx, step, p.name)
	if err != nil || !ok {
		return nil, err
	}
	acts, err := takeOrphans(ctx, tx, fence, p.orphans)
	if err != nil || len(p.heads) == 0 {
		return acts, err
	}
	heads, err := takeHeads(ctx, tx, fence, step.Now, p.heads)
	return append(acts, heads...), err
}

func takeOrphans(ctx context.Context, tx *sql.Tx, fence int64, orphans []sendingView) ([]outbox.Act, error) {
	var acts []outbox.Act
	for _, orphan := range orphans {
		found, err := update(ctx, tx, `
			UPDATE act SET fence = $1 WHERE id = $2 AND state = 'sending' AND fence = $3`,
			fence, orphan.id, orphan.fence)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Orphan = true
		}
		acts = append(acts, found...)
	}
	return acts, nil
}

func takeHeads(ctx context.Context, tx *sql.Tx, fence int64, now time.Time, heads []headView) ([]outbox.Act, error) {
	args := []any{now.UnixMilli()}
	var ids strings.Builder
	for i, h := range heads {
		args = append(args, h.id)
		if i > 0 {
			ids.WriteString(", ")
		}
		fmt.Fprintf(&ids, "$%d", len(args))
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE lane SET taken = $1
		WHERE address IN (SELECT address FROM act WHERE id IN (`+ids.String()+`))`, args...)
	if err != nil {
		return nil, err
	}
	args = append(args, fence)
	acts, err := update(ctx, tx, fmt.Sprintf(`
		UPDATE act SET state = 'sending', fence = $%d, attempts = attempts + 1, tried = $1
		WHERE id IN (%s) AND state = 'owed'`, len(args), &ids), args...)
	slices.SortFunc(acts, func(a, b outbox.Act) int { return cmp.Compare(a.ID, b.ID) })
	return acts, err
}

// lease takes or renews the lease on a platform; ok is false while another
// owner has it.
func lease(ctx context.Context, tx *sql.Tx, step outbox.Step, p bot.Platform) (fence int64, ok bool, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO platform (name, owner, fence, lease_until) VALUES ($1, $2, 1, $3)
		ON CONFLICT (name) DO UPDATE SET
			owner = $2,
			lease_until = $3,
			fence = CASE WHEN platform.owner = $2 THEN platform.fence ELSE platform.fence + 1 END
		WHERE platform.owner = $2 OR platform.lease_until <= $4
		RETURNING fence`, p, step.Owner, step.Until.UnixMilli(), step.Now.UnixMilli()).Scan(&fence)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return fence, err == nil, err
}

// update runs an update of acts and returns those that it found.
func update(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]outbox.Act, error) {
	return collect(ctx, tx, scanAct, query+`
		RETURNING id, kind, subject, address, occasion, body, fence, attempts,
			(SELECT t.message_id FROM act t WHERE t.id = act.target)`, args...)
}

func scanAct(scan func(...any) error) (outbox.Act, error) {
	var (
		act           outbox.Act
		address, body string
		target        sql.NullString
	)
	err := scan(&act.ID, &act.Kind, &act.Subject, &address, &act.Occasion, &body, &act.Fence, &act.Attempts, &target)
	if err != nil {
		return act, err
	}
	act.Address, _ = bot.ParseAddress(address)
	act.MessageID = target.String
	act.Message, act.Unreadable = decode(body)
	return act, nil
}

// Release implements outbox.Store.
func (s *Store) Release(ctx context.Context, owner string) error {
	_, err := s.write.ExecContext(ctx, `UPDATE platform SET lease_until = 0 WHERE owner = $1`, owner)
	return explain(err)
}
