package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
	"cloudnative.tw/herald/feeds"
)

// takenOut is why a member that was said does not stand in its digest any more.
const takenOut = "withdrawn, and taken out of its digest"

// stands puts what is back into the digest that it was taken out of.
func (w *writing) stands(ctx context.Context) (bool, error) {
	here := w.act.Address
	found, err := w.find(ctx)
	if err != nil || !found || w.target.digest == 0 || !w.target.out || w.act.Item == nil {
		return false, err
	}
	return w.changeDigest(ctx, here)
}

// changeDigest records what is to be done about the digest that the target is a
// member of. here is where the channel is now.
func (w *writing) changeDigest(ctx context.Context, here bot.Address) (bool, error) {
	if w.r.Redigest == nil || w.gone() && w.act.Held {
		return false, nil
	}
	digest, at, err := w.digest(ctx)
	if err != nil || !at.body.Valid { // too long ago
		return false, err
	}
	if digest.Items, err = w.standing(ctx, at); err != nil {
		return false, err
	}
	stands := digest.Address
	digest.Address, digest.Withdrawn = here, w.gone()
	act, ok := w.r.Redigest(digest)
	if !ok {
		return false, nil
	}
	if err := w.changeMember(ctx, at); err != nil {
		return false, err
	}
	act.Address = stands
	rec := w.recording
	rec.r.Origin = "" // a digest is of no origin
	change := newWriting(rec, act)
	change.target = at
	if !w.gone() {
		if err := change.keep(ctx); err != nil {
			return false, err
		}
	}
	return change.amend(ctx)
}

// gone reports whether the act withdraws something.
func (w *writing) gone() bool { return w.act.Kind == bot.Retract }

// keep skips what was to take back the target.
func (w *writing) keep(ctx context.Context) error {
	return w.exec(ctx, `
		UPDATE act SET state = 'skipped', reason = $1, done = $2
		WHERE target = $3 AND kind = 'retract' AND state IN ('owed', 'held')`,
		isBack, w.r.Now.UnixMilli(), w.target.id)
}

// digest returns the digest that the target is a member of, without its items,
// and as what a change is about.
func (w *writing) digest(ctx context.Context) (d announce.Digest, t target, err error) {
	var address string
	err = w.tx.QueryRowContext(ctx, `
		SELECT id, subject, address, occasion, announcement, state, body, `+isRetracted+` FROM act WHERE id = $1`+w.engine.lockAct, w.target.digest).
		Scan(&t.id, &d.Subject, &address, &d.Occasion, &d.Announcement, &t.state, &t.body, &t.retracted)
	if err != nil {
		return d, t, fmt.Errorf("reading the digest %d: %w", w.target.digest, err)
	}
	d.Address, _ = bot.ParseAddress(address)
	return d, t, nil
}

// standing returns what stands in a digest once the target is changed.
func (w *writing) standing(ctx context.Context, digest target) ([]feeds.Item, error) {
	members, err := collect(ctx, w.tx, scanMember,
		`SELECT id, item FROM act WHERE target = $1 AND kind = 'member' AND item IS NOT NULL AND id <> $2`, digest.id, w.target.id)
	if err != nil {
		return nil, err
	}
	if !w.gone() && w.act.Item != nil {
		members = append(members, announce.Waiting{ID: w.target.id, Item: *w.act.Item})
	}
	slices.SortFunc(members, func(a, b announce.Waiting) int { return cmp.Compare(a.ID, b.ID) })
	items := make([]feeds.Item, len(members))
	for i, m := range members {
		items[i] = m.Item
	}
	return items, nil
}

// changeMember has the target be what it is now, or be no member any more: of a
// digest that was not said it may still be said later, if it is back.
func (w *writing) changeMember(ctx context.Context, digest target) error {
	switch {
	case !w.gone():
		words := w.unsaid
		if w.act.Kind == bot.Post {
			words = w.body
		}
		return w.exec(ctx, `
			UPDATE act SET body = COALESCE($1, body), item = $2, reason = CASE WHEN reason = $3 THEN $4 ELSE reason END WHERE id = $5`,
			words, w.item, takenOut, isBack, w.target.id)
	case digest.said() || digest.state == outbox.Uncertain:
		return w.exec(ctx, `UPDATE act SET item = NULL, reason = $1 WHERE id = $2`, takenOut, w.target.id)
	default:
		if err := w.exec(ctx, `UPDATE act SET target = NULL WHERE id = $1`, w.target.id); err != nil {
			return err
		}
		return w.withdraw(ctx)
	}
}
