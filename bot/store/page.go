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
// it does not any more.
func answer(ctx context.Context, tx *sql.Tx, a outbox.Answer) (ok bool, err error) {
	done := millis(a.At)
	done.Valid = a.State == outbox.Skipped
	waits := a.State == outbox.Owed && !a.NotBefore.IsZero()
	ok, err = affected(tx.ExecContext(ctx, `
		UPDATE act SET state = $1, reason = $2, done = $3, not_before = COALESCE($4, not_before),
			page_until = CASE WHEN $5 = 1 THEN page_until END
		WHERE id = $6 AND state = 'owed' AND page_until IS NOT NULL`,
		a.State, a.Reason, done, notBefore(a.NotBefore), flag(waits), a.ID))
	if err == nil && ok {
		err = spread(ctx, tx, a.ID, a.State)
	}
	return ok, err
}
