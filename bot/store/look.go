package store

import (
	"context"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// look finds what step has to do. It costs the same however long the ledger is.
func look(ctx context.Context, q querier, e engine, step outbox.Step) (view, error) {
	leases, err := leases(ctx, q)
	if err != nil {
		return view{}, err
	}
	sending, err := sending(ctx, q)
	if err != nil {
		return view{}, err
	}
	heads, err := heads(ctx, q)
	if err != nil {
		return view{}, err
	}
	v := view{shared: e.shared}
	v.arrange(step, leases, sending, heads)
	return v, nil
}

func leases(ctx context.Context, q querier) (map[bot.Platform]leaseView, error) {
	all, err := collect(ctx, q, func(scan func(...any) error) (l leaseView, err error) {
		err = scan(&l.name, &l.owner, &l.until, &l.paused)
		return l, err
	}, `SELECT name, owner, lease_until, paused_until FROM platform`)
	byName := make(map[bot.Platform]leaseView, len(all))
	for _, l := range all {
		byName[l.name] = l
	}
	return byName, err
}

func sending(ctx context.Context, q querier) ([]sendingView, error) {
	return collect(ctx, q, func(scan func(...any) error) (a sendingView, err error) {
		err = scan(&a.id, &a.fence, &a.address, &a.platform, &a.beside)
		return a, err
	}, `SELECT a.id, a.fence, a.address, l.platform, a.kind IN ('publish', 'pin', 'thread')
		FROM act a JOIN lane l ON l.address = a.address
		WHERE a.state = 'sending' ORDER BY a.id`)
}

// heads returns the head of each lane, and of the followers that can be carried
// out those that fall due first; more than a step takes.
func heads(ctx context.Context, q querier) ([]headView, error) {
	return collect(ctx, q, func(scan func(...any) error) (h headView, err error) {
		err = scan(&h.beside, &h.address, &h.platform, &h.taken, &h.paused, &h.id, &h.due, &h.page, &h.news)
		return h, err
	}, `SELECT FALSE, l.address, l.platform, l.taken, l.paused_until, a.id, a.not_before, a.page_until IS NOT NULL, a.news = 1 AND a.kind = 'post'
		FROM lane l JOIN act a ON a.id = (
			SELECT o.id FROM act o WHERE o.address = l.address AND o.state = 'owed' AND o.kind IN ('post', 'edit', 'retract')
			ORDER BY o.not_before, o.id LIMIT 1)
		UNION ALL
		SELECT TRUE, f.address, l.platform, 0, 0, f.id, f.not_before, FALSE, FALSE
		FROM (SELECT address, id, not_before FROM act WHERE state = 'owed' AND ready = 1
			ORDER BY not_before, id LIMIT 1000) f
		JOIN lane l ON l.address = f.address`)
}
