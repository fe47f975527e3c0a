package store_test

import (
	"path/filepath"
	"testing"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

func TestStatesOfSources(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		feedstest.TestStateStore(t, func(t *testing.T) feeds.StateStore {
			return open(t, filepath.Join(t.TempDir(), "herald.db")).Feeds()
		})
	})
	t.Run("postgres", func(t *testing.T) {
		feedstest.TestStateStore(t, func(t *testing.T) feeds.StateStore { return open(t, postgresSchema(t)).Feeds() })
	})
}
