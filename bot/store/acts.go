package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/outbox"
)

// recording is a record on its way into the store.
type recording struct {
	tx     *sql.Tx
	engine engine
	r      announce.Record
	done   *announce.Recorded // what came of it so far
}

// record does what announce.Act says.
func (rec recording) record(ctx context.Context, act announce.Act) error {
	address, err := current(ctx, rec.tx, act.Address)
	if err != nil {
		return err
	}
	act.Address = address
	w := newWriting(rec, act)
	record := w.change
	switch act.Kind {
	case bot.Post:
		record = w.post
	case bot.Member:
		record = w.member
	case bot.Edit, bot.Retract, bot.Publish, bot.Pin, bot.Thread:
	}
	owed, err := record(ctx)
	if err != nil {
		return fmt.Errorf("recording %s of %s at %s: %w", act.Occasion, act.Subject, act.Address, err)
	}
	if owed {
		rec.done.Owed++
	}
	return nil
}

// change records what is to be done about a post.
func (w *writing) change(ctx context.Context) (bool, error) {
	here := w.act.Address
	found, err := w.find(ctx)
	if err != nil || !found || w.keeps() {
		return false, err
	}
	if w.target.digest != 0 {
		return w.changeDigest(ctx, here)
	}
	return w.amend(ctx)
}

// keeps reports whether the target stays as it is.
func (w *writing) keeps() bool {
	return w.target.said() && w.r.Kept != nil && w.r.Kept(w.act.Announcement, w.act.Kind)
}

// amend is change of the target, which is no part of another post.
func (w *writing) amend(ctx context.Context) (bool, error) {
	if w.act.Kind == bot.Edit && !w.target.retracted {
		if differs, err := w.replace(ctx); err != nil || !differs {
			return false, err
		}
	}
	switch {
	case w.target.retracted:
		return false, nil // there is no message any more
	case w.target.said():
		return w.follow(ctx)
	case w.act.Kind == bot.Retract:
		return false, w.withdraw(ctx)
	case w.act.Unwanted != "":
		return false, w.exec(ctx, `UPDATE act SET state = 'skipped', reason = $1, done = $2 WHERE id = $3 AND state IN ('owed', 'held')`,
			w.act.Unwanted, w.r.Now.UnixMilli(), w.target.id)
	default:
		return false, nil
	}
}

// target is the post that a change is about.
type target struct {
	id    int64
	state outbox.State
	body  sql.NullString
	// digest is the digest that it is a member of, 0 for none; out tells that it was
	// taken out of it.
	digest int64
	out    bool
	// retracted tells that it was said and taken back.
	retracted bool
}

// said reports whether people may have read it, or will.
func (t target) said() bool { return t.state == outbox.Sent || t.state == outbox.Sending }

// writing is one act on its way into the ledger.
type writing struct {
	recording
	act announce.Act

	body   sql.NullString // NULL if it cannot be stored, which costs this act only
	unsaid sql.NullString // the same of an edit's Unsaid
	state  outbox.State
	reason string
	ended  sql.NullInt64
	item   sql.NullString // what a member is about
	target target
}

func newWriting(rec recording, act announce.Act) *writing {
	w := &writing{recording: rec, act: act, state: outbox.Owed, reason: act.Reason}
	if act.Held {
		w.state = outbox.Held
	}
	var err error
	if w.body, err = nullable(act.Message); err != nil {
		w.state, w.reason, w.ended = outbox.Failed, err.Error(), millis(rec.r.Now)
	}
	w.unsaid, _ = nullable(act.Unsaid)
	if act.Item != nil {
		item, err := json.Marshal(act.Item)
		w.item = sql.NullString{String: string(item), Valid: err == nil}
	}
	return w
}

func nullable(m bot.Message) (sql.NullString, error) {
	s, err := encode(m)
	return sql.NullString{String: s, Valid: err == nil}, err
}

func (w *writing) exec(ctx context.Context, query string, args ...any) error {
	_, err := w.tx.ExecContext(ctx, query, args...)
	return err
}

func (w *writing) address() string { return w.act.Address.String() }

// post owes a post that was never owed.
func (w *writing) post(ctx context.Context) (bool, error) {
	if !w.act.Again.IsZero() {
		return w.again(ctx)
	}
	if said, err := w.begin(ctx); err != nil || said {
		return false, err
	}
	if err := w.pace(ctx); err != nil {
		return false, err
	}
	// Saying something at once goes before having it wait for a digest.
	written, err := w.put(ctx, ` WHERE act.kind = 'member' AND act.target IS NULL AND act.state = 'owed'`)
	if err != nil {
		return false, err
	}
	switch {
	case !written:
		return false, w.claim(ctx)
	case w.state == outbox.Failed: // it will never be said
		return false, nil
	}
	return w.state == outbox.Owed, w.attach(ctx)
}

// begin makes the lane, and reports whether the same was said already where the
// channel was before.
func (w *writing) begin(ctx context.Context) (said bool, err error) {
	if err := w.lane(ctx); err != nil {
		return false, err
	}
	err = w.tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM act WHERE subject = $1 AND occasion = $3 AND state IN ('sent', 'sending', 'uncertain')
			AND address IN (SELECT address FROM former WHERE moved = $2))`,
		w.act.Subject, w.address(), w.act.Occasion).Scan(&said)
	return said, err
}

// member has something wait for its digest.
func (w *writing) member(ctx context.Context) (bool, error) {
	if said, err := w.begin(ctx); err != nil || said {
		return false, err
	}
	written, err := w.put(ctx, ` WHERE FALSE`)
	if err != nil || written {
		return w.state == outbox.Owed, err
	}
	return false, w.claim(ctx)
}

// claim makes an act that is there already the origin's that knows most of it.
func (w *writing) claim(ctx context.Context) error {
	if !w.r.Whole {
		return nil
	}
	return w.exec(ctx, `UPDATE act SET origin = $1 WHERE subject = $2 AND address = $3 AND occasion = $4 AND origin <> $1`,
		w.r.Origin, w.act.Subject, w.address(), w.act.Occasion)
}

func (w *writing) lane(ctx context.Context) error {
	return w.exec(ctx, `INSERT INTO lane (address, platform) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		w.address(), w.act.Address.Platform)
}

// pace defers a post that would be one too many.
func (w *writing) pace(ctx context.Context) error {
	if w.act.AtMost.Posts == 0 {
		return nil
	}
	var first sql.NullInt64
	err := w.tx.QueryRowContext(ctx, `
		SELECT not_before FROM act
		WHERE announcement = $1 AND address = $2 AND kind = 'post' AND state NOT IN ('skipped', 'held') AND subject <> $3
		ORDER BY not_before DESC LIMIT 1 OFFSET $4`,
		w.act.Announcement, w.address(), w.act.Subject, w.act.AtMost.Posts-1).Scan(&first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if free := fromMillis(first).Add(w.act.AtMost.In); free.After(w.act.NotBefore) {
		wait := free.Sub(w.act.NotBefore)
		for _, t := range []*time.Time{&w.act.NotBefore, &w.act.Until, &w.act.Page.Until} {
			if !t.IsZero() { // it is not its fault that it waits
				*t = t.Add(wait)
			}
		}
	}
	return nil
}

// attach gives a new post its followers and, if it is a digest, its members.
func (w *writing) attach(ctx context.Context) error {
	var id int64
	err := w.tx.QueryRowContext(ctx, `SELECT id FROM act WHERE subject = $1 AND address = $2 AND occasion = $3`,
		w.act.Subject, w.address(), w.act.Occasion).Scan(&id)
	if err != nil {
		return err
	}
	for _, kind := range w.act.Followers {
		follower := *w
		follower.act.Kind, follower.act.Occasion = kind, string(kind)
		if w.act.Occasion != bot.OccasionNew {
			follower.act.Occasion += ":" + w.act.Occasion
		}
		follower.state, follower.reason, follower.target.id = outbox.Owed, "", id
		if _, err := follower.put(ctx, ` WHERE FALSE`); err != nil {
			return err
		}
	}
	for _, member := range w.act.Members {
		waits, err := affected(w.tx.ExecContext(ctx,
			`UPDATE act SET target = $1 WHERE id = $2 AND kind = 'member' AND state = 'owed' AND target IS NULL`, id, member))
		if err != nil {
			return err
		}
		if !waits { // another process has it in its digest, or it is withdrawn
			return announce.ErrStale
		}
	}
	return nil
}

// again undoes a retraction that was not made yet, as far as it can be.
func (w *writing) again(ctx context.Context) (bool, error) {
	err := w.exec(ctx, `
		UPDATE act SET state = 'skipped', reason = $4, done = $1
		WHERE subject = $2 AND address = $3 AND kind = 'retract' AND state IN ('owed', 'held')`,
		w.r.Now.UnixMilli(), w.act.Subject, w.address(), isBack)
	if err == nil {
		err = w.undoubt(ctx)
	}
	if err != nil || !w.body.Valid {
		return false, err
	}
	var (
		id    int64
		state outbox.State
	)
	err = w.tx.QueryRowContext(ctx, `
		UPDATE act SET state = CASE WHEN reason LIKE $8 || '%' THEN 'held' ELSE 'owed' END,
			reason = CASE WHEN reason LIKE $8 || '%' THEN SUBSTR(reason, LENGTH($8) + 1) ELSE '' END,
			body = $1, item = CASE WHEN kind = 'member' THEN COALESCE($10, item) ELSE item END, not_before = $2, useful_until = $3, done = NULL
		WHERE subject = $4 AND address = $5 AND occasion = $6
			AND (state = 'skipped' AND done = $7 OR state = 'held' AND reason LIKE $9 || '%')
		RETURNING id, state`,
		w.body, w.act.NotBefore.UnixMilli(), millis(w.act.Until),
		w.act.Subject, w.address(), w.act.Occasion, w.act.Again.UnixMilli(), withdrawnHeld, heldMissing, w.item).Scan(&id, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return w.stands(ctx)
	}
	if err != nil {
		return false, err
	}
	return state == outbox.Owed, reviveFollowers(ctx, w.tx, id)
}

const (
	// isBack is why something is not taken back.
	isBack = "its subject is back"
	// withdrawnHeld comes before the reason for which an act was held when it was
	// withdrawn: that holds again if its subject comes back.
	withdrawnHeld = "withdrawn while held: "
	// heldMissing comes before the reason for which what was owed is held since its
	// subject is missing: it is owed again if that comes back.
	heldMissing = "perhaps withdrawn: "
)

// isRetracted is whether an act was said and taken back, or that is under way.
const isRetracted = `EXISTS (SELECT 1 FROM act r WHERE r.target = act.id AND r.kind = 'retract' AND r.state IN ('sent', 'sending'))`

// find looks for the post that an edit or a retraction is about, also where its
// channel was before. The act is then about that place, and of the announcement
// that owed the post.
func (w *writing) find(ctx context.Context) (bool, error) {
	var address string
	err := w.tx.QueryRowContext(ctx, `
		SELECT id, address, state, body, CASE WHEN kind = 'member' AND target IS NOT NULL THEN target ELSE 0 END, item IS NULL, announcement, `+isRetracted+`
		FROM act
		WHERE subject = $1 AND occasion = $3 AND origin = $4
			AND (address = $2 OR address IN (SELECT address FROM former WHERE moved = $2))
		ORDER BY CASE WHEN address = $2 THEN 0 ELSE 1 END, id DESC LIMIT 1`+w.engine.lockAct,
		w.act.Subject, w.address(), bot.OccasionNew, w.r.Origin).
		Scan(&w.target.id, &address, &w.target.state, &w.target.body, &w.target.digest, &w.target.out, &w.act.Announcement, &w.target.retracted)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	w.act.Address, _ = bot.ParseAddress(address)
	return err == nil, err
}

// follow owes a change of a post that was said, in place of changes that were
// not made yet.
func (w *writing) follow(ctx context.Context) (bool, error) {
	if err := w.drop(ctx, "replaced by a later change"); err != nil {
		return false, err
	}
	written, err := w.put(ctx, ` WHERE act.state <> 'sending'`)
	return written && w.state == outbox.Owed, err
}

// replace makes what an edit wants the words of its post, and reports whether
// they were others before.
func (w *writing) replace(ctx context.Context) (differs bool, err error) {
	if !w.unsaid.Valid || w.unsaid == w.target.body {
		return false, nil
	}
	return true, w.exec(ctx, `
		UPDATE act SET body = $1, item = CASE WHEN kind = 'member' THEN $2 ELSE item END WHERE id = $3`,
		w.unsaid, w.item, w.target.id)
}

// withdraw sees to it that a post that was not said yet is not said. Of an
// uncertain one that cannot be helped: it stays for a person to see, who is told.
func (w *writing) withdraw(ctx context.Context) error {
	if err := w.drop(ctx, "withdrawn"); err != nil {
		return err
	}
	if w.act.Held {
		held, err := affected(w.tx.ExecContext(ctx, `UPDATE act SET state = 'held', reason = $1 WHERE id = $2 AND state = 'owed'`,
			heldMissing+w.reason, w.target.id))
		w.holds(held)
		return err
	}
	if w.target.state == outbox.Uncertain {
		return doubt(ctx, w.tx, w.target.id)
	}
	return w.exec(ctx, `
		UPDATE act SET state = 'skipped', done = $1,
			reason = CASE WHEN state = 'held' THEN $3 || reason ELSE $4 END
		WHERE id = $2 AND state IN ('owed', 'held', 'failed')`, w.r.Now.UnixMilli(), w.target.id, withdrawnHeld, neverSaid)
}

// drop skips the changes of the target that were not made yet, and of one that
// is withdrawn what would follow it.
func (w *writing) drop(ctx context.Context, why string) error {
	return w.exec(ctx, `
		UPDATE act SET state = 'skipped', reason = $1, done = $2
		WHERE target = $3 AND state IN ('owed', 'held') AND (kind IN ('edit', 'retract') OR $4 = 'retract')`,
		why, w.r.Now.UnixMilli(), w.target.id, w.act.Kind)
}

// holds counts an act that waits for a person now, if it does.
func (w *writing) holds(held bool) {
	if held {
		w.done.Held[w.act.Reason]++
	}
}

// put writes the act and reports whether it did. If its key is there already, the
// act stays as it is unless the condition holds.
func (w *writing) put(ctx context.Context, condition string) (bool, error) {
	changed, err := affected(w.tx.ExecContext(ctx, `
		INSERT INTO act (subject, address, occasion, kind, target, origin, announcement,
			state, reason, body, item, news, page_until, page_missing, created, not_before, useful_until, done)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (subject, address, occasion) DO UPDATE SET kind = $4, origin = $6, announcement = $7,
			state = $8, reason = $9, body = $10, item = $11, news = $12, page_until = $13, page_missing = $14,
			not_before = $16, useful_until = $17, done = $18, attempts = 0`+condition,
		w.act.Subject, w.address(), w.act.Occasion, w.act.Kind,
		sql.NullInt64{Int64: w.target.id, Valid: w.target.id != 0}, w.r.Origin, w.act.Announcement,
		w.state, w.reason, w.body, w.item, flag(w.act.News), millis(w.act.Page.Until), w.act.Page.Missing,
		w.r.Now.UnixMilli(), w.act.NotBefore.UnixMilli(), millis(w.act.Until), w.ended))
	w.holds(changed && w.state == outbox.Held)
	return changed, err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
