package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Lead takes or renews the lease of a name for the owner until a time, and
// reports whether the owner has it: another owner keeps it until its time is
// over. Release ends it.
func (s *Store) Lead(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	var fence int64
	err := s.write.QueryRowContext(ctx, leaseQuery+` RETURNING fence`, name, owner, until.UnixMilli(), now.UnixMilli()).Scan(&fence)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("leasing %s: %w", name, explain(err))
	}
	return true, nil
}

// leaseQuery takes or renews a lease for an owner ($2) until a time ($3), unless
// another's has not ended ($4). A new owner's fencing number is higher than any
// before.
const leaseQuery = `
	INSERT INTO platform (name, owner, fence, lease_until) VALUES ($1, $2, 1, $3)
	ON CONFLICT (name) DO UPDATE SET
		owner = $2,
		lease_until = $3,
		fence = CASE WHEN platform.owner = $2 THEN platform.fence ELSE platform.fence + 1 END
	WHERE platform.owner = $2 OR platform.lease_until <= $4`
