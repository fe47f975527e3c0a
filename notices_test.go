package main

import (
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// TestNoticesTellTheCommunitysTime proves that moderators read when a source
// began to fail in the community's zone, as everything else.
func TestNoticesTellTheCommunitysTime(t *testing.T) {
	cfg := &Config{Community: Community{Zone: time.FixedZone("Taipei", 8*60*60)}}
	since := time.Date(2026, 11, 25, 20, 30, 0, 0, time.UTC)
	texts := cfg.noticeOf(feeds.Notice{Source: "videos", Kind: feeds.Failing, Since: since, Text: "404"})
	for _, lang := range bot.Langs() {
		if got := texts.In(lang); !strings.Contains(got, "2026-11-26 04:30") {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
