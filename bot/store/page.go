package store

import (
	"context"
	"database/sql"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// pagesOf returns the heads that wait for a page.
func pagesOf(ctx context.Context, tx *sql.Tx, heads []headView) ([]outbox.Page, error) {
	if len(heads) == 0 {
		return nil, nil
	}
	list, args := listed(idsOf(heads))
	return collect(ctx, tx, scanPage, `
		SELECT id, kind, subject, address, occasion, body, attempts, page_until, page_missing
		FROM act WHERE id IN (`+list+`) ORDER BY id`, args...)
}

func scanPage(scan func(...any) error) (outbox.Page, error) {
	var (
		page          outbox.Page
		address, body string
		until         sql.NullInt64
	)
	err := scan(&page.ID, &page.Kind, &page.Subject, &address, &page.Occasion, &body, &page.Attempts, &until, &page.Missing)
	if err != nil {
		return page, err
	}
	page.Address, _ = bot.ParseAddress(address)
	page.Message, page.Unreadable = decode(body)
	page.Until = fromMillis(until)
	return page, nil
}

// answer writes what a page answered to an act that waits for it; ok is false if
// it does not any more, other than because of this answer.
func answer(ctx context.Context, tx *sql.Tx, a outbox.Answer) (ok bool, err error) {
	done := millis(a.At)
	done.Valid = a.State == outbox.Skipped
	if a, err = inTurn(ctx, tx, a); err != nil {
		return false, err
	}
	waits := a.State == outbox.Owed && !a.NotBefore.IsZero()
	ok, err = affected(tx.ExecContext(ctx, `
		UPDATE act SET state = $1, reason = $2, done = $3, not_before = COALESCE($4, not_before),
			page_until = CASE WHEN $5 = 1 THEN page_until END
		WHERE id = $6 AND (state = 'owed' AND page_until IS NOT NULL OR state = $1 AND reason = $2 AND state <> 'owed')`,
		a.State, a.Reason, done, notBefore(a.NotBefore), flag(waits), a.ID))
	if err == nil && ok {
		err = spread(ctx, tx, a.ID, a.State)
	}
	return ok, err
}

// inTurn has an act whose page is there wait for those of its lane that were owed
// before it and still wait for theirs: one build of a site brings the pages of
// several posts, and they are said in order. None waits longer than the longest
// wait of those.
func inTurn(ctx context.Context, tx *sql.Tx, a outbox.Answer) (outbox.Answer, error) {
	if a.State != outbox.Owed || !a.NotBefore.IsZero() {
		return a, nil
	}
	var until sql.NullInt64
	// The kinds are those of the index of lanes. The plus keeps SQLite from reading
	// by number what is owed in all of them.
	err := tx.QueryRowContext(ctx, `
		SELECT MAX(e.not_before) FROM act a JOIN act e ON e.address = a.address
		WHERE a.id = $1 AND +e.id < a.id AND e.state = 'owed' AND e.kind IN ('post', 'edit', 'retract') AND e.kind = 'post'
			AND e.page_until IS NOT NULL AND e.not_before <= e.page_until AND e.reason <> ''`, a.ID).Scan(&until)
	if err != nil || !until.Valid {
		return a, err
	}
	a.NotBefore, a.Reason = fromMillis(until), "one before it waits for its page"
	return a, nil
}
