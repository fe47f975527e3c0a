package announce_test

import (
	"context"
	"errors"
	"time"

	"cloudnative.tw/herald/bot/announce"
)

// failing is a store of which each method fails the first time. Record fails a
// second time after it has recorded, as when the connection breaks at the end.
type failing struct {
	announce.Store
	known, routes, begin bool
	recorded             int
}

var errDatabase = errors.New("connection reset")

func once(done *bool) bool {
	first := !*done
	*done = true
	return first
}

func (f *failing) Known(ctx context.Context, origin string) (announce.Known, error) {
	if once(&f.known) {
		return announce.Known{}, errDatabase
	}
	return f.Store.Known(ctx, origin)
}

func (f *failing) Routes(ctx context.Context) ([]announce.Route, error) {
	if once(&f.routes) {
		return nil, errDatabase
	}
	return f.Store.Routes(ctx)
}

func (f *failing) Begin(ctx context.Context, now time.Time, routes []announce.Route) error {
	if once(&f.begin) {
		return errDatabase
	}
	return f.Store.Begin(ctx, now, routes)
}

func (f *failing) Record(ctx context.Context, r announce.Record) (announce.Recorded, error) {
	f.recorded++
	switch f.recorded {
	case 1:
		return announce.Recorded{}, errDatabase
	case 2:
		if _, err := f.Store.Record(ctx, r); err != nil {
			return announce.Recorded{}, err
		}
		return announce.Recorded{}, errDatabase
	}
	return f.Store.Record(ctx, r)
}
