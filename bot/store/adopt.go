package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
)

// Adopt finds out what was renamed or moved since it was last called, and has
// everything that is remembered follow: items and routes their source, owed acts
// their channel, ticks and acts their announcement. What a channel was told at its
// former address is edited there. It is called before anything is announced.
func (s *Store) Adopt(ctx context.Context, now time.Time, n announce.Names) ([]announce.Change, error) {
	var changes []announce.Change
	err := s.transact(ctx, func(tx *sql.Tx) error {
		changes = nil
		for _, step := range []func() ([]announce.Change, error){
			func() ([]announce.Change, error) { return adoptOrigins(ctx, tx, n) },
			func() ([]announce.Change, error) { return adoptAll(ctx, tx, "source", n.Sources, renameSource) },
			func() ([]announce.Change, error) { return adoptChannels(ctx, tx, now, n.Channels) },
			func() ([]announce.Change, error) { return adoptAnnouncements(ctx, tx, n.Was) },
		} {
			found, err := step()
			if err != nil {
				return err
			}
			changes = append(changes, found...)
		}
		return forgetTicks(ctx, tx, n.Announcements)
	})
	if err != nil {
		return nil, fmt.Errorf("adopting the names of the config: %w", err)
	}
	return changes, nil
}

// identify compares names and addresses with those that are known.
func identify(kind string, known, wanted map[string]string) []announce.Change {
	byAddress := make(map[string]string, len(known))
	for name, address := range known {
		byAddress[address] = name
	}
	var changes []announce.Change
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		address := wanted[name]
		former, seen := byAddress[address]
		_, stays := wanted[former]
		switch before, named := known[name]; {
		case named && before == address:
		case seen && former != name && !stays && !named:
			changes = append(changes, announce.Change{Kind: kind, Name: name, From: former, To: name})
		case named && !seen:
			changes = append(changes, announce.Change{Kind: kind, Name: name, From: before, To: address, Moved: true})
		}
	}
	return changes
}

// adoptOrigins adopts the names of origins. The name of a feed follows from its
// address, so both are others when it is elsewhere: then it is known again by being
// the only one of its source that is.
func adoptOrigins(ctx context.Context, tx *sql.Tx, n announce.Names) ([]announce.Change, error) {
	sources, err := named(ctx, tx, "source")
	if err != nil {
		return nil, err
	}
	origins, err := named(ctx, tx, "origin")
	if err != nil {
		return nil, err
	}
	taken, wanted := slices.Collect(maps.Values(origins)), slices.Collect(maps.Values(n.Origins))
	moved := movedFeeds(sources, n.Sources)
	for name, address := range origins {
		to, elsewhere := moved[address]
		if !elsewhere || slices.Contains(taken, to) || slices.Contains(wanted, address) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE origin SET address = $2 WHERE name = $1`, name, to); err != nil {
			return nil, fmt.Errorf("moving origin %s: %w", name, err)
		}
	}
	return adoptAll(ctx, tx, "origin", n.Origins, renameOrigin)
}

// movedFeeds returns the present address, by the former one, of each feed that is
// the only one in its source's list that is new there, and has taken the place of
// the only one that is gone.
func movedFeeds(known, wanted map[string]string) map[string]string {
	moved := make(map[string]string)
	for name, list := range wanted {
		before, after := strings.Fields(known[name]), strings.Fields(list)
		gone, added := without(before, after), without(after, before)
		if len(gone) == 1 && len(added) == 1 {
			moved[gone[0]] = added[0]
		}
	}
	return moved
}

// without returns the elements of list that others has not.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}

// adoptAll adopts the names of one kind, which is also the name of its table.
func adoptAll(ctx context.Context, tx *sql.Tx, kind string, wanted map[string]string,
	rename func(ctx context.Context, tx *sql.Tx, from, to string) error) ([]announce.Change, error) {
	known, err := named(ctx, tx, kind)
	if err != nil {
		return nil, err
	}
	changes := identify(kind, known, wanted)
	for _, c := range changes {
		if c.Moved {
			continue
		}
		if err := rename(ctx, tx, c.From, c.To); err != nil {
			return nil, fmt.Errorf("renaming %s %s to %s: %w", kind, c.From, c.To, err)
		}
	}
	return changes, keepNames(ctx, tx, kind, wanted)
}

func named(ctx context.Context, tx *sql.Tx, table string) (map[string]string, error) {
	known := make(map[string]string)
	_, err := collect(ctx, tx, func(scan func(...any) error) (struct{}, error) {
		var name, address string
		err := scan(&name, &address)
		if address != "" {
			known[name] = address
		}
		return struct{}{}, err
	}, `SELECT name, address FROM `+table)
	return known, err
}

// keepNames remembers the addresses.
func keepNames(ctx context.Context, tx *sql.Tx, table string, wanted map[string]string) error {
	for name, address := range wanted {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO `+table+` (name, address) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET address = $2`, name, address)
		if err != nil {
			return fmt.Errorf("keeping the address of %s %s: %w", table, name, err)
		}
	}
	return nil
}

// statements runs statements that take a former and a present name.
func statements(ctx context.Context, tx *sql.Tx, from, to string, queries ...string) error {
	for _, query := range queries {
		if _, err := tx.ExecContext(ctx, query, from, to); err != nil {
			return err
		}
	}
	return nil
}

func renameOrigin(ctx context.Context, tx *sql.Tx, from, to string) error {
	return statements(ctx, tx, from, to,
		`UPDATE origin SET name = $2 WHERE name = $1`, // items follow by their foreign key
		`UPDATE act SET origin = $2 WHERE origin = $1`,
		// Those of the content are renamed with their sources; these are
		// announce.FeedOrigin's.
		`DELETE FROM route WHERE source = $2 AND $1 LIKE 'feed:%'`,
		`UPDATE route SET source = $2 WHERE source = $1 AND $1 LIKE 'feed:%'`)
}

func renameSource(ctx context.Context, tx *sql.Tx, from, to string) error {
	return statements(ctx, tx, from, to,
		`DELETE FROM source WHERE name = $2 AND name <> $1`,
		`UPDATE source SET name = $2 WHERE name = $1`,
		`UPDATE item SET source = $2 WHERE source = $1`,
		`DELETE FROM route WHERE source = $2 AND source <> $1`,
		`UPDATE route SET source = $2 WHERE source = $1`)
}

func adoptAnnouncements(ctx context.Context, tx *sql.Tx, was map[string]string) ([]announce.Change, error) {
	var changes []announce.Change
	for _, name := range slices.Sorted(maps.Keys(was)) {
		from := was[name]
		used, err := affected(tx.ExecContext(ctx, `UPDATE route SET announcement = $2 WHERE announcement = $1
			AND NOT EXISTS (SELECT 1 FROM route r WHERE r.announcement = $2 AND r.source = route.source AND r.address = route.address)`, from, name))
		if err != nil {
			return nil, fmt.Errorf("renaming announcement %s to %s: %w", from, name, err)
		}
		ticked, err := affected(tx.ExecContext(ctx, `UPDATE tick SET announcement = $2 WHERE announcement = $1
			AND NOT EXISTS (SELECT 1 FROM tick t WHERE t.announcement = $2)`, from, name))
		if err != nil {
			return nil, fmt.Errorf("renaming announcement %s to %s: %w", from, name, err)
		}
		if !used && !ticked {
			continue
		}
		err = statements(ctx, tx, from, name,
			`UPDATE act SET announcement = $2 WHERE announcement = $1`,
			// What the other one has said under the new name keeps that.
			`UPDATE act SET subject = 'announcement:' || $2 WHERE subject = 'announcement:' || $1 AND NOT EXISTS (
				SELECT 1 FROM act o WHERE o.subject = 'announcement:' || $2 AND o.address = act.address AND o.occasion = act.occasion)`)
		if err != nil {
			return nil, fmt.Errorf("renaming announcement %s to %s: %w", from, name, err)
		}
		changes = append(changes, announce.Change{Kind: "announcement", Name: name, From: from, To: name})
	}
	return changes, nil
}

// adoptChannels adopts the names of channels and moves what is owed to those
// that are elsewhere now.
func adoptChannels(ctx context.Context, tx *sql.Tx, now time.Time, channels map[string]bot.Address) ([]announce.Change, error) {
	known, err := named(ctx, tx, "channel")
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]string, len(channels))
	for name, address := range channels {
		wanted[name] = address.String()
	}
	changes := identify("channel", known, wanted)
	for _, c := range changes {
		if !c.Moved {
			if _, err := tx.ExecContext(ctx, `DELETE FROM channel WHERE name = $1`, c.From); err != nil {
				return nil, fmt.Errorf("renaming channel %s: %w", c.From, err)
			}
			continue
		}
		to, _ := bot.ParseAddress(c.To)
		if err := moveAddress(ctx, tx, now, c.From, to); err != nil {
			return nil, fmt.Errorf("moving channel %s from %s to %s: %w", c.Name, c.From, c.To, err)
		}
	}
	return changes, keepNames(ctx, tx, "channel", wanted)
}

// moveAddress has everything that is not said yet at an address be said at
// another one. What was said stays where it is, and so do its edits. So does what
// is uncertain, because it may stand there: whoever has it tried again has looked.
func moveAddress(ctx context.Context, tx *sql.Tx, now time.Time, from string, to bot.Address) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO lane (address, platform) VALUES ($1, $2) ON CONFLICT DO NOTHING`, to.String(), to.Platform)
	if err != nil {
		return err
	}
	unsaid := `state IN ('owed', 'held', 'failed') AND kind IN ('post', 'member')`
	if err := skipClashes(ctx, tx, now, from, to.String(), unsaid); err != nil {
		return err
	}
	return statements(ctx, tx, from, to.String(),
		// Followers go with their post.
		`UPDATE act SET address = $2 WHERE address = $1 AND state = 'owed' AND kind IN ('publish', 'pin', 'thread')
			AND target IN (SELECT id FROM act t WHERE t.address = $1 AND t.state IN ('owed', 'held', 'failed'))`,
		`UPDATE act SET address = $2 WHERE address = $1 AND `+unsaid,
		`INSERT INTO route (announcement, source, address, since)
			SELECT announcement, source, $2, since FROM route WHERE address = $1 ON CONFLICT DO NOTHING`,
		`DELETE FROM route WHERE address = $1 AND $2 <> ''`,
		`UPDATE former SET moved = $2 WHERE moved = $1`,
		`DELETE FROM former WHERE address = $2 AND $1 <> ''`,
		`INSERT INTO former (address, moved) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET moved = $2`)
}
