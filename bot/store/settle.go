package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// settle writes what became of acts, and returns those that were taken again
// since: they are left alone.
func settle(ctx context.Context, tx *sql.Tx, outcomes []outbox.Outcome) (passed []int64, err error) {
	if len(outcomes) == 0 {
		return nil, nil
	}
	written, err := write(ctx, tx, outcomes)
	if err != nil {
		return nil, fmt.Errorf("writing the outcomes of acts: %w", err)
	}
	followed, err := targets(ctx, tx, written)
	if err != nil {
		return nil, fmt.Errorf("looking for what depends on acts: %w", err)
	}
	for _, o := range outcomes {
		if !slices.Contains(written, o.ID) {
			passed = append(passed, o.ID)
			continue
		}
		if err := consequences(ctx, tx, o, slices.Contains(followed, o.ID)); err != nil {
			return nil, fmt.Errorf("writing the outcome of act %d: %w", o.ID, err)
		}
	}
	return passed, nil
}

// write writes outcomes into their acts, all with one statement because each
// would wait for the server otherwise, and returns the acts that were still in
// the hands of who did them. What is written already, by a step whose answer was
// lost, is written again, or nobody would be told of it.
func write(ctx context.Context, tx *sql.Tx, outcomes []outbox.Outcome) ([]int64, error) {
	var (
		rows []string
		args []any
	)
	for _, o := range outcomes {
		done := millis(o.At)
		done.Valid = o.State != outbox.Owed
		n := len(args)
		rows = append(rows, fmt.Sprintf(`(CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS TEXT), CAST($%d AS TEXT),
			CAST($%d AS TEXT), CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS BIGINT))`,
			n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8))
		args = append(args, o.ID, o.Fence, string(o.State), o.Reason, o.MessageID, o.Attempts, done, notBefore(o.NotBefore))
	}
	return collect(ctx, tx, scanID, `
		WITH outcome (of_act, of_fence, became, why, message, calls, ended, due) AS (VALUES `+strings.Join(rows, ", ")+`)
		UPDATE act SET state = became, reason = why, message_id = message, attempts = calls,
			done = ended, not_before = COALESCE(due, not_before)
		FROM outcome WHERE id = of_act AND fence = of_fence AND state IN ('sending', became)
		RETURNING id`, args...)
}

// consequences writes what an outcome means beyond its act.
func consequences(ctx context.Context, tx *sql.Tx, o outbox.Outcome, followed bool) error {
	if followed {
		state, err := withdrawn(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := spread(ctx, tx, o.ID, state); err != nil {
			return err
		}
	}
	if o.MovedTo != (bot.Address{}) {
		if err := moved(ctx, tx, o); err != nil {
			return err
		}
	}
	return pause(ctx, tx, o)
}

// targets returns which of these acts others are about.
func targets(ctx context.Context, tx *sql.Tx, ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, nil // all were passed over
	}
	list, args := listed(ids)
	return collect(ctx, tx, scanID, `SELECT DISTINCT target FROM act WHERE target IN (`+list+`)`, args...)
}

// pause has a lane or a platform say nothing for a time, unless it does for longer
// already: of two calls at once the later one to end may know less.
func pause(ctx context.Context, tx *sql.Tx, o outbox.Outcome) error {
	if !o.LanePause.IsZero() {
		_, err := tx.ExecContext(ctx, `
			UPDATE lane SET paused_until = $1
			WHERE address = (SELECT address FROM act WHERE id = $2)`+shorter, after(o.LanePause), o.ID, longestPause(o.At))
		if err != nil {
			return err
		}
	}
	if o.PlatformPause.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE platform SET paused_until = $1
		WHERE name = (SELECT l.platform FROM act a JOIN lane l ON l.address = a.address WHERE a.id = $2)`+shorter,
		after(o.PlatformPause), o.ID, longestPause(o.At))
	return err
}

// shorter is the condition of pauses that end before $1, or that are none ($3).
const shorter = ` AND (paused_until < $1 OR paused_until > $3)`

// longestPause returns until when a pause may last at a time. One that lasts
// longer is over: a clock was ahead when it began, and would silence the channel
// for as long. A pause may have begun a little after the step that it is looked at.
func longestPause(now time.Time) int64 { return now.Add(outbox.MaxWait + time.Hour).UnixMilli() }

// standing returns until when a pause lasts, 0 if it is none.
func standing(pause int64, now time.Time) int64 {
	if pause > longestPause(now) {
		return 0
	}
	return pause
}

// after returns the first millisecond that is not before t, so that no pause
// ends early.
func after(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// notBefore returns the same, NULL for the zero time.
func notBefore(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: after(t), Valid: !t.IsZero()}
}

// outlived is the condition of acts that are no longer useful at $1. Members of
// a digest are so when that is.
const outlived = `state IN ('owed', 'held') AND useful_until <= $1 AND NOT (kind = 'member' AND target IS NOT NULL)`

// expire skips what is no longer useful.
func expire(ctx context.Context, tx *sql.Tx, now time.Time) error {
	followed, err := collect(ctx, tx, scanID, `
		UPDATE act SET state = 'skipped', done = $1,
			reason = CASE WHEN reason = '' THEN 'no longer useful' ELSE 'no longer useful; ' || reason END
		WHERE `+outlived+`
		RETURNING id`, now.UnixMilli())
	for _, id := range followed {
		if err == nil {
			err = spread(ctx, tx, id, outbox.Skipped)
		}
	}
	return err
}

func scanID(scan func(...any) error) (id int64, err error) {
	err = scan(&id)
	return id, err
}

// spread has the acts that depend on a post know what became of it. The members
// of a digest are what it is, so that the ledger tells of each. Followers wait
// while it may still be said.
func spread(ctx context.Context, tx *sql.Tx, post int64, state outbox.State) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE act SET state = p.state, message_id = p.message_id, done = p.done,
			reason = CASE WHEN act.reason = $2 THEN act.reason ELSE p.reason END
		FROM act p
		WHERE p.id = $1 AND act.target = p.id AND act.kind = 'member'`, post, takenOut)
	if err != nil {
		return err
	}
	switch state {
	case outbox.Sent:
		_, err = tx.ExecContext(ctx, `
			UPDATE act SET ready = 1 WHERE target = $1 AND kind IN ('publish', 'pin', 'thread')`, post)
	case outbox.Skipped:
		_, err = tx.ExecContext(ctx, `
			UPDATE act SET state = 'skipped', reason = 'its message is not said: ' || p.reason, done = p.done
			FROM act p
			WHERE p.id = $1 AND act.target = p.id AND act.kind IN ('publish', 'pin', 'thread') AND act.state = 'owed'`, post)
	case outbox.Owed, outbox.Held, outbox.Sending, outbox.Uncertain, outbox.Failed:
	}
	return err
}
