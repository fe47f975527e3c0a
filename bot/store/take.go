package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// takePlatform leases the platform and adds orphans, heads, followers and pages
// to what was taken.
func takePlatform(ctx context.Context, tx *sql.Tx, step outbox.Step, p platformView, taken *outbox.Taken) error {
	fence, ok, err := lease(ctx, tx, string(p.name), step.Owner, step.Now, step.Until)
	if err != nil || !ok {
		return err
	}
	orphans, err := takeOrphans(ctx, tx, fence, p.orphans)
	if err != nil {
		return err
	}
	if err := takeLanes(ctx, tx, step.Now, p.heads); err != nil {
		return err
	}
	acts, err := takeActs(ctx, tx, fence, step.Now, append(p.heads, p.followers...))
	if err != nil {
		return err
	}
	pages, err := pagesOf(ctx, tx, p.pages)
	taken.Acts = append(append(taken.Acts, orphans...), acts...)
	taken.Pages = append(taken.Pages, pages...)
	return err
}

// takeOrphans takes acts in Sending that nobody is sending. Who sent them is gone,
// unless it is this owner under this fence: then it was never told that it took
// them, since the answer of a commit was lost, and so it has not begun them.
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
			found[i].Orphan = orphan.fence != fence
		}
		acts = append(acts, found...)
	}
	return acts, nil
}

// takeLanes notes that it is the turn of the lanes of these heads.
func takeLanes(ctx context.Context, tx *sql.Tx, now time.Time, heads []headView) error {
	if len(heads) == 0 {
		return nil
	}
	lanes := make([]string, len(heads))
	for i, h := range heads {
		lanes[i] = h.address
	}
	list, args := listed(lanes, now.UnixMilli())
	_, err := tx.ExecContext(ctx, `UPDATE lane SET taken = $1 WHERE address IN (`+list+`)`, args...)
	return err
}

func takeActs(ctx context.Context, tx *sql.Tx, fence int64, now time.Time, heads []headView) ([]outbox.Act, error) {
	if len(heads) == 0 {
		return nil, nil
	}
	list, args := listed(idsOf(heads), now.UnixMilli(), fence)
	acts, err := update(ctx, tx, `
		UPDATE act SET state = 'sending', fence = $2, attempts = attempts + 1, tried = $1
		WHERE id IN (`+list+`) AND state = 'owed'`, args...)
	slices.SortFunc(acts, func(a, b outbox.Act) int { return cmp.Compare(a.ID, b.ID) })
	return acts, err
}

func idsOf(heads []headView) []int64 {
	ids := make([]int64, len(heads))
	for i, h := range heads {
		ids[i] = h.id
	}
	return ids
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
