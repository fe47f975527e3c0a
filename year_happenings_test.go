package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot/outbox"
)

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
