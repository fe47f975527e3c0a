package feeds_test

import (
	"testing"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/feedstest"
)

func TestMemoryStore(t *testing.T) {
	feedstest.TestStateStore(t, func(*testing.T) feeds.StateStore { return &feedstest.Memory{} })
}
