package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"
)

// yearConfig is filled with the repository, its directory and the site's address.
const yearConfig = `
community: {name: Example, url: %[3]q, language: zh-TW, timezone: Asia/Taipei}
content:
  site:
    git: %[1]q
    dir: %[2]q
    format: docusaurus
    url: %[3]q
    folders: {blog: blog, meetups: docs/meetups}
sources:
  rss: {feed: "%[3]s/blog/rss.xml", every: 6h}
channels:
  news: {discord: "1111"}
  calm: {telegram: -1001, quiet: "22:00-08:00"}
  week: {telegram: -1002, quiet: "22:00-08:00"}
  batch: {discord: "2222"}
  fresh: {discord: "3333"}
  mods: {telegram: -1003}
announcements:
  articles: {from: [blog, meetups, rss], to: [news, calm]}
  weekly: {from: [blog, meetups, rss], to: week, schedule: mon 09:00, digest: true, max_age: 30d}
  batches: {from: [blog, meetups, rss], to: batch, catch_up: digest}
  freshest: {from: [blog, meetups, rss], to: fresh, catch_up: skip}
moderators: {channel: mods}
`

// yearOf is a year of a community, which happens to its site and to the Herald
// that watches it.
type yearOf struct {
	*stagehand
	site   *yearSite
	random *rand.Rand
	zone   *time.Location
	end    time.Time
	posts  []*yearPost // that appear while Herald watches
	old    []*yearPost // that were there before, or come all at once
}

// TestYear plays a year, and then asks the platforms what was said in it: each
// post once, in order, none that was there before; its edits and its withdrawal
// where it stands; and nothing else. HERALD_SEED plays the year of one seed.
func TestYear(t *testing.T) {
	seeds := []uint64{1}
	if s, err := strconv.ParseUint(os.Getenv("HERALD_SEED"), 10, 64); err == nil {
		seeds = []uint64{s}
	}
	if os.Getenv("HERALD_SOAK") != "" {
		for range 19 {
			seeds = append(seeds, rand.Uint64())
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			playYear(t, seed)
		})
	}
}

func playYear(t *testing.T, seed uint64) {
	y := newYear(t, seed)
	things := y.happenings()
	y.random.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
	for _, thing := range things {
		y.pass(time.Duration(12+y.random.IntN(100)) * time.Hour)
		y.pass(time.Duration(y.random.IntN(60)) * time.Minute)
		y.note(thing.name)
		thing.happen()
	}
	y.pass(max(15*24*time.Hour, y.end.Sub(y.clock.now()))) // until all is said that can be
	y.judge()
	y.stop()
	t.Logf("%d happenings until %s, %d new posts", len(things), y.clock.now().Format(time.DateOnly), len(y.posts))
}

func newYear(t *testing.T, seed uint64) *yearOf {
	zone, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	y := &yearOf{
		stagehand: newStagehand(t, time.Date(2025, 1, 6, 10, 0, 0, 0, zone), seed),
		random:    rand.New(rand.NewPCG(seed, 0)), zone: zone,
	}
	y.end = y.clock.now().AddDate(1, 0, 0)
	y.site = newYearSite(t, y.clock)
	for i := range 30 {
		p := y.draft("blog")
		p.date = fmt.Sprintf("%d-%02d-11T10:00", 2020+i%5, 1+i%12)
		p.want = nothingSaid("it was there before")
		y.site.write(p, "")
		y.old = append(y.old, p)
	}
	y.site.commit()
	y.site.build()
	y.configure("")
	y.start()
	y.look()
	y.pass(2 * time.Hour)
	return y
}

func (y *yearOf) configure(dir string) {
	y.config = fmt.Sprintf(yearConfig, y.site.dir, dir, y.site.http.URL)
}

// note writes down in the program's log what happens.
func (y *yearOf) note(what string) {
	fmt.Fprintf(&y.log, "\n==== %s: %s\n", y.clock.now().In(y.zone).Format("Mon 2006-01-02 15:04:05"), what)
}

type happening struct {
	name   string
	happen func()
}

// happenings returns what happens in a year, some of it several times.
func (y *yearOf) happenings() []happening {
	var all []happening
	add := func(times int, name string, happen func()) {
		for range times {
			all = append(all, happening{name, happen})
		}
	}
	add(8, "a post of today", func() { y.publish(y.draft("blog")) })
	add(2, "a meetup", func() { y.publish(y.draft("meetups")) })
	add(6, "a post that the feed has first", y.feedFirst)
	add(2, "an undated post", func() { p := y.draft("blog"); p.date = ""; y.publish(p) })
	add(2, "a post of a year ago", func() { p := y.draft("blog"); p.date = y.day(-360); y.publish(p) })
	add(2, "a post of a week ahead", func() { p := y.draft("blog"); p.date = y.day(7); y.publish(p) })
	add(2, "two posts at once", y.publishTwo)
	add(2, "a post that is edited at once", y.publishAndEdit)
	add(2, "a post that is withdrawn at once", y.publishAndWithdraw)
	add(5, "another title", func() { y.change(y.pick(), func(p *yearPost) { p.title += "（改）" }) })
	add(3, "another summary", func() { y.change(y.pick(), func(p *yearPost) { p.summary = "摘要換成第" + p.title + "版。" }) })
	add(2, "another last paragraph", func() { y.change(y.pick(), func(p *yearPost) { p.body += "\n\n最後再補一段。" }) })
	add(3, "a file with a slug is renamed", func() { y.rename(true) })
	add(3, "a file without one is renamed", func() { y.rename(false) })
	add(3, "another slug", func() {
		y.change(y.pick(), func(p *yearPost) { p.slug = "slug-" + fmt.Sprint(y.random.IntN(1000), p.mark) })
	})
	add(2, "another slug that the feed has first", y.reslugFeedFirst)
	add(3, "another date", y.redate)
	add(3, "a post of before is edited", func() { y.change(y.pickOld(), func(p *yearPost) { p.title += "（舊改）" }) })
	add(2, "a post of before is withdrawn", func() { y.withdraw(y.pickOld(), func(p *yearPost) { p.gone = true }) })
	add(2, "a post of before has another slug", func() { y.change(y.pickOld(), func(p *yearPost) { p.slug = "slug-" + p.mark }) })
	add(3, "a file is deleted", func() { y.withdraw(y.pick(), func(p *yearPost) { p.gone = true }) })
	add(2, "a post is a draft again", func() { y.withdraw(y.pick(), func(p *yearPost) { p.draft = true }) })
	add(2, "a post is unlisted", func() { y.withdraw(y.pick(), func(p *yearPost) { p.unlisted = true }) })
	add(3, "a post is back", y.restore)
	add(2, "a file is gone for a moment", y.blink)
	add(3, "a file cannot be read for a day", y.malform)
	add(1, "a directory without posts", func() { y.wrongDir("static") })
	add(1, "a directory that is not there", func() { y.wrongDir("nowhere") })
	add(1, "a directory too deep", func() { y.wrongDir("docs") })
	add(1, "a big import", y.importOld)
	add(2, "history is rewritten", func() { y.site.rewrite(); y.settle() })
	add(2, "a commit is taken back", y.takeBack)
	add(3, "a commit of nothing visible", y.rebuild)
	add(2, "a fresh clone", y.freshClone)
	add(3, "a restart", func() { y.restart(); y.look() })
	add(2, "a crash", func() { y.kill(); y.start(); y.look() })
	add(2, "ten days of downtime", y.downtime)
	add(2, "the feed fails for half a day", func() { y.feedTrouble(http.StatusInternalServerError) })
	add(1, "the feed is a page for half a day", func() { y.feedTrouble(http.StatusOK) })
	add(1, "the feed names its items anew", func() { y.site.plainIDs = !y.site.plainIDs; y.site.build() })
	return all
}
