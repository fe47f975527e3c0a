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
	_, ok, err := lease(ctx, s.write, name, owner, now, until)
	if err != nil {
		return false, fmt.Errorf("leasing %s: %w", name, explain(err))
	}
	return ok, nil
}

// lease takes or renews the lease of a name; ok is false while another owner has
// it. A new owner's fencing number is higher than any before.
func lease(ctx context.Context, q querier, name, owner string, now, until time.Time) (fence int64, ok bool, err error) {
	err = q.QueryRowContext(ctx, leaseQuery, name, owner, until.UnixMilli(), now.UnixMilli(), soonest(now, until)).Scan(&fence)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return fence, err == nil, err
}

// leasesAhead is how many leases after now a lease may end. One that ends later is
// over: a clock was ahead when it was taken, and would silence everybody for as
// long. It is more than the clocks of replicas differ by.
const leasesAhead = 30

// soonest returns the first time at which no lease can end that is as long as one
// from now until then.
func soonest(now, until time.Time) int64 { return now.Add(leasesAhead * until.Sub(now)).UnixMilli() }

// leaseQuery takes or renews a lease for an owner ($2) until a time ($3), unless
// another's has not ended ($4), or can be no lease ($5).
const leaseQuery = `
	INSERT INTO platform (name, owner, fence, lease_until) VALUES ($1, $2, 1, $3)
	ON CONFLICT (name) DO UPDATE SET
		owner = $2,
		lease_until = $3,
		fence = CASE WHEN platform.owner = $2 THEN platform.fence ELSE platform.fence + 1 END
	WHERE platform.owner = $2 OR platform.lease_until <= $4 OR platform.lease_until > $5
	RETURNING fence`
