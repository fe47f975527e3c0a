package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot/outbox"
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
// where it stands; and nothing else.
func TestYear(t *testing.T) {
	seeds := []uint64{1, rand.Uint64()}
	if s, err := strconv.ParseUint(os.Getenv("HERALD_SEED"), 10, 64); err == nil {
		seeds = []uint64{s}
	}
	if os.Getenv("HERALD_SOAK") != "" {
		for range 18 {
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

// draft returns a post that is written today.
func (y *yearOf) draft(source string) *yearPost {
	n := len(y.site.posts) + 1
	p := &yearPost{mark: fmt.Sprintf("〔%03d〕", n)}
	p.title = p.mark + "的文章"
	p.summary = "這是第" + p.mark + "篇。"
	p.body = strings.Repeat("今年社群辦了很多活動，這裡是其中一場的紀錄。", 10)
	p.path = fmt.Sprintf("blog/post-%03d.md", n)
	p.date = y.clock.now().UTC().Format("2006-01-02T15:04")
	if source == "meetups" {
		p.path, p.date = fmt.Sprintf("docs/meetups/2025/%s-%03d.md", y.clock.now().Format("20060102"), n), ""
	} else if y.random.IntN(2) == 0 {
		p.slug = fmt.Sprintf("slug-%03d", n)
	}
	y.site.posts = append(y.site.posts, p)
	return p
}

func (y *yearOf) day(days int) string {
	return y.clock.now().UTC().AddDate(0, 0, days).Format("2006-01-02T15:04")
}

// put commits a post that is new.
func (y *yearOf) put(p *yearPost) {
	y.Helper()
	y.posts = append(y.posts, p)
	p.published = y.clock.now()
	y.site.write(p, "")
	y.site.commit()
}

// settle lets Herald see the tree and the site be built, in the usual order, and
// time pass until all is done.
func (y *yearOf) settle() {
	y.Helper()
	y.pass(time.Duration(1+y.random.IntN(5)) * time.Minute)
	y.look()
	y.pass(time.Duration(1+y.random.IntN(10)) * time.Minute)
	y.site.build()
	y.pass(3 * time.Hour)
}

func (y *yearOf) publish(p *yearPost) {
	y.Helper()
	y.put(p)
	y.settle()
}

// feedFirst publishes a post that the feed shows hours before Herald fetches.
func (y *yearOf) feedFirst() {
	p := y.draft("blog")
	y.put(p)
	y.site.build()
	y.pass(10 * time.Hour)
	y.look()
	y.pass(time.Hour)
}

// publishTwo publishes two posts in one commit; the older one is said first.
func (y *yearOf) publishTwo() {
	older, newer := y.draft("blog"), y.draft("blog")
	older.date = y.clock.now().UTC().Add(-2 * time.Hour).Format("2006-01-02T15:04")
	y.posts = append(y.posts, older, newer)
	for _, p := range []*yearPost{newer, older} {
		p.published = y.clock.now()
		y.site.write(p, "")
	}
	y.site.commit()
	y.settle()
}

// publishAndEdit edits a post before its page is there, so that it is said as it
// is then.
func (y *yearOf) publishAndEdit() {
	p := y.draft("blog")
	y.put(p)
	y.pass(2 * time.Minute)
	y.look()
	p.title += "（馬上改）"
	y.site.write(p, p.path)
	y.site.commit()
	y.settle()
}

// publishAndWithdraw takes a post back before its page is there.
func (y *yearOf) publishAndWithdraw() {
	p := y.draft("blog")
	y.put(p)
	y.pass(2 * time.Minute)
	y.look()
	p.want = nothingSaid("it was withdrawn at once")
	p.gone = true
	y.site.write(p, p.path)
	y.site.commit()
	y.settle()
}

// pick returns a post that was announced and is there.
func (y *yearOf) pick() *yearPost { return y.pickOf(y.posts, (*yearPost).visible) }

func (y *yearOf) pickOld() *yearPost { return y.pickOf(y.old, (*yearPost).visible) }

// pickOf returns one of the posts, or a new one if none is fit.
func (y *yearOf) pickOf(posts []*yearPost, fit func(*yearPost) bool) *yearPost {
	fits := slices.DeleteFunc(slices.Clone(posts), func(p *yearPost) bool { return !fit(p) })
	if len(fits) > 0 {
		return fits[y.random.IntN(len(fits))]
	}
	p := y.draft("blog")
	y.publish(p)
	return p
}

// change changes a post as it stands in the tree.
func (y *yearOf) change(p *yearPost, change func(*yearPost)) {
	y.Helper()
	from := p.path
	change(p)
	y.site.write(p, from)
	y.site.commit()
	y.settle()
}

// reslugFeedFirst gives a post another address, which the feed shows hours before
// Herald fetches.
func (y *yearOf) reslugFeedFirst() {
	p := y.pickOf(y.posts, func(p *yearPost) bool { return p.visible() && p.inBlog() })
	p.slug = "first-" + strings.Trim(p.mark, "〔〕")
	y.site.write(p, p.path)
	y.site.commit()
	y.site.build()
	y.pass(10 * time.Hour)
	y.look()
	y.pass(time.Hour)
}

func (y *yearOf) rename(slug bool) {
	p := y.pickOf(y.posts, func(p *yearPost) bool { return p.visible() && (p.slug != "") == slug && p.inBlog() })
	y.change(p, func(p *yearPost) {
		p.path = path.Join("blog", fmt.Sprintf("renamed-%d-%s.md", y.random.IntN(1000), strings.Trim(p.mark, "〔〕")))
	})
}

func (p *yearPost) inBlog() bool { return strings.HasPrefix(p.path, "blog/") }

func (y *yearOf) redate() {
	p := y.pickOf(y.posts, func(p *yearPost) bool { return p.visible() && p.inBlog() })
	y.change(p, func(p *yearPost) { p.date = y.day(-y.random.IntN(300)) })
}

func (y *yearOf) withdraw(p *yearPost, how func(*yearPost)) {
	y.Helper()
	y.noteWithdrawn(p)
	y.change(p, how)
	p.lost = true
}

func (y *yearOf) noteWithdrawn(p *yearPost) {
	p.withdrawn = y.clock.now()
	if p.first.IsZero() {
		p.first = p.withdrawn
	}
}

// restore brings a post back that was withdrawn. What was said of it was taken
// back, and is not said anew.
func (y *yearOf) restore() {
	all := slices.Concat(y.posts, y.old)
	fits := slices.DeleteFunc(all, func(p *yearPost) bool { return p.visible() || p.withdrawn.IsZero() })
	if len(fits) == 0 {
		return
	}
	p := fits[y.random.IntN(len(fits))]
	p.draft, p.unlisted, p.gone = false, false, false
	y.site.write(p, "")
	y.site.commit()
	y.settle()
}

// blink has a file gone for less time than it takes to take back what was said.
func (y *yearOf) blink() {
	p := y.pick()
	p.gone = true
	y.site.write(p, p.path)
	y.site.commit()
	y.look()
	y.pass(2 * time.Minute)
	p.gone = false
	y.site.write(p, p.path)
	y.site.commit()
	y.look()
	y.pass(time.Hour)
}

func (y *yearOf) malform() {
	p := y.pick()
	p.broken = true
	y.site.write(p, p.path)
	y.site.commit()
	y.look() // no site can be built of it
	y.pass(24 * time.Hour)
	y.change(p, func(p *yearPost) { p.broken = false })
}

// wrongDir has the config name another directory for a day.
func (y *yearOf) wrongDir(dir string) {
	y.configure(dir)
	y.restart()
	y.look()
	y.pass(24 * time.Hour)
	y.configure("")
	y.restart()
	y.look()
	y.pass(3 * time.Hour)
}

// importOld adds fifteen old pages at once.
func (y *yearOf) importOld() {
	for i := range 15 {
		p := y.draft("blog")
		p.date = fmt.Sprintf("2016-%02d-20T10:00", 1+i%12)
		p.want = nothingSaid("it was imported")
		y.old = append(y.old, p)
		y.site.write(p, "")
	}
	y.site.commit()
	y.settle()
	held := 0
	for _, e := range y.acts() {
		if e.State == outbox.Held && strings.Contains(e.Reason, "look new at once") {
			held++
		}
	}
	if want := 15 * len(yearChannels); held != want {
		y.Errorf("%d acts are held after the import, want %d", held, want)
	}
}

// takeBack moves the branch back to before a post.
func (y *yearOf) takeBack() {
	head, err := y.site.repo.Head()
	y.must(err)
	p := y.draft("blog")
	y.publish(p)
	y.pass(24 * time.Hour)
	y.site.back(head.Hash())
	y.noteWithdrawn(p)
	p.gone, p.lost = true, true
	y.settle()
}

func (y *yearOf) rebuild() {
	y.site.file("package.json", fmt.Sprintf(`{"version": "%d"}`, y.random.IntN(1000)))
	y.site.commit()
	y.settle()
}

func (y *yearOf) freshClone() {
	y.stop()
	clones, err := filepath.Glob(filepath.Join(y.dir, "*.clones"))
	y.must(err)
	if len(clones) != 1 {
		y.Fatalf("there are the clones %v", clones)
	}
	y.must(os.RemoveAll(clones[0]))
	y.start()
	y.look()
	y.pass(time.Hour)
}

// downtime has three posts appear while Herald does not run.
func (y *yearOf) downtime() {
	y.stop()
	stopped := y.clock.now()
	for _, day := range []int{2, 8, 9} {
		y.clock.set(stopped.AddDate(0, 0, day))
		p := y.draft("blog")
		if day == 9 && y.random.IntN(2) == 0 {
			p.date = "" // nobody knows how old it is
		}
		p.want.fresh = none("it appeared while nobody looked, and that is skipped")
		if day == 2 {
			why := none("it is older than the most")
			p.want.news, p.want.calm, p.want.batch = why, why, why
		}
		y.put(p)
	}
	y.clock.set(stopped.AddDate(0, 0, 10))
	y.site.build()
	y.start()
	y.look()
	y.pass(24 * time.Hour)
}

func (y *yearOf) feedTrouble(status int) {
	y.site.misbehave(status)
	y.pass(6 * time.Hour)
	y.publish(y.draft("blog"))
	y.pass(3 * time.Hour)
	y.site.misbehave(0)
	y.pass(24 * time.Hour)
}
