package feeds_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds"
)

// batches is a Taker that keeps what it is given.
type batches struct{ all []feeds.Batch }

func (b *batches) Take(_ context.Context, _ time.Time, _ string, batch feeds.Batch) error {
	b.all = append(b.all, batch)
	return nil
}

// A batch tells since when what is new in it has appeared, and whether anybody
// was late to look.
func TestABatchTellsWhenItWasDue(t *testing.T) {
	simulate(t, func(t *testing.T) {
		source := &asked{do: func(_ context.Context, n int) (feeds.Batch, error) {
			if n == 3 {
				return feeds.Batch{}, errors.New("down")
			}
			return feeds.Batch{Items: []feeds.Item{{ID: fmt.Sprint(n)}}}, nil
		}}
		watches := one(source)
		watches[0].Every = 6 * time.Hour
		taken := &batches{}
		r := newRig(t, nil, watches, func(c *feeds.Config) { c.Taker = taken })
		r.run(36 * time.Hour)
		r.stop()
		polls := source.seen()
		if len(taken.all) < 4 {
			t.Fatalf("%d batches of %d polls", len(taken.all), len(polls))
		}
		for i, want := range []struct{ last, due time.Time }{
			{}, {polls[0].at, polls[1].at}, {polls[1].at, time.Time{}}, {polls[3].at, polls[4].at},
		} {
			got := taken.all[i]
			if !got.Last.Equal(want.last) || !got.Due.Equal(want.due) {
				t.Errorf("batch %d: last %s, due %s; want %s, %s", i, got.Last, got.Due, want.last, want.due)
			}
		}
	})
}
