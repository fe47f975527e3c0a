package main

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// record is what has to become of a post.
type record struct {
	published time.Time
	// withdrawn is when it was withdrawn last, first when it was for the first
	// time; zero for never.
	withdrawn, first time.Time
	// changed is when it was written or withdrawn last.
	changed time.Time
	// lost tells that it was withdrawn for so long that what was said of it was
	// taken back.
	lost bool
	want expected
}

// expected says for each channel whether a post is said in it; the zero value is
// once.
type expected struct{ news, calm, week, batch, fresh verdict }

// verdict is why a post is not said in a channel; "" for one that is, once.
type verdict string

func none(why string) verdict { return verdict(why) }

func nothingSaid(why string) expected {
	v := none(why)
	return expected{v, v, v, v, v}
}

// yearChannel is a channel with what has to be said there.
type yearChannel struct {
	name    string
	address bot.Address
	want    func(*yearPost) verdict
	// delay is how long after it appears a post may be said at the latest.
	delay time.Duration
	// quiet tells that nothing new is said there at night.
	quiet bool
	// edits tells that what is said there is a message for each post, digest that it
	// is a line for each.
	edits, digest bool
}

var yearChannels = []yearChannel{
	{name: "news", address: bot.Address{Platform: bot.Discord, Chat: "1111"}, want: func(p *yearPost) verdict { return p.want.news }, edits: true},
	{name: "calm", address: bot.Address{Platform: bot.Telegram, Chat: "-1001"}, want: func(p *yearPost) verdict { return p.want.calm }, quiet: true, edits: true, delay: 11 * time.Hour},
	{name: "week", address: bot.Address{Platform: bot.Telegram, Chat: "-1002"}, want: func(p *yearPost) verdict { return p.want.week }, quiet: true, digest: true, delay: 8 * 24 * time.Hour},
	{name: "batch", address: bot.Address{Platform: bot.Discord, Chat: "2222"}, want: func(p *yearPost) verdict { return p.want.batch }},
	{name: "fresh", address: bot.Address{Platform: bot.Discord, Chat: "3333"}, want: func(p *yearPost) verdict { return p.want.fresh }, edits: true},
}

// marks matches the marks of posts.
var marks = regexp.MustCompile(`〔\d+〕`)

// judge compares what the platforms were told with what happened.
func (y *yearOf) judge() {
	y.Helper()
	for _, p := range []*memoryPlatform{y.discord, y.telegram} {
		for _, w := range p.wrong {
			y.Error(w)
		}
	}
	for _, c := range yearChannels {
		y.judgeChannel(c)
	}
	y.judgeLedger()
}

func (y *yearOf) judgeChannel(c yearChannel) {
	y.Helper()
	platform := y.discord
	if c.address.Platform == bot.Telegram {
		platform = y.telegram
	}
	said := make(map[string][]deed)
	var order []string
	for _, d := range platform.history(c.address, bot.Post) {
		found := marks.FindAllString(d.act.Message.Title+d.act.Message.Body.String(), -1)
		slices.Sort(found)
		found = slices.Compact(found)
		if len(found) == 0 {
			y.Errorf("%s: something else was said: %q", c.name, d.text())
		}
		for _, mark := range found {
			said[mark] = append(said[mark], d)
			order = append(order, mark)
		}
		if hour := d.at.In(y.zone).Hour(); c.quiet && (hour >= 22 || hour < 8) {
			y.Errorf("%s: said at %s, when it is quiet: %q", c.name, d.at.In(y.zone), d.text())
		}
	}
	for _, p := range slices.Concat(y.posts, y.old) {
		y.judgePost(c, p, said[p.mark], platform)
	}
	y.judgeOrder(c, slices.DeleteFunc(order, func(mark string) bool {
		p := y.post(mark)
		return p == nil || !p.first.IsZero() && said[mark][0].at.After(p.first) // its turn was over when it was back
	}))
}

// post returns the post with a mark, unless it was there before.
func (y *yearOf) post(mark string) *yearPost {
	for _, p := range y.posts {
		if p.mark == mark {
			return p
		}
	}
	return nil
}

// judgePost looks at what was said of a post in a channel.
func (y *yearOf) judgePost(c yearChannel, p *yearPost, said []deed, platform *memoryPlatform) {
	y.Helper()
	wanted := 1
	if c.want(p) != "" {
		wanted = 0
	}
	if c.digest && p.gone && p.withdrawn.IsZero() && len(said) == 1 {
		wanted = 1 // its digest came before it was seen to be gone, and is edited
	}
	early := !p.first.IsZero() && p.first.Sub(p.published) < c.delay
	if len(said) != wanted && (!early || len(said) > 0) {
		y.Errorf("%s: %s %s was said %d times, want %d (%s)", c.name, p.mark, p.path, len(said), wanted, c.want(p))
		for _, d := range said {
			y.Logf("  at %s by %+v", d.at.In(y.zone), d.act.Key)
		}
	}
	if len(said) != 1 {
		return
	}
	stands := platform.message(said[0].id)
	lost := p.lost && said[0].at.Before(p.withdrawn) // else it was said only once it was back
	switch {
	case c.digest:
		y.judgeLine(c, p, said[0], stands, lost)
	case !c.edits:
	case lost != stands.retracted:
		y.Errorf("%s: %s was withdrawn: %t, its message taken back: %t", c.name, p.mark, lost, stands.retracted)
	case p.visible() && !lost && (stands.message.Title != p.title || stands.message.URL != y.site.urlOf(p)):
		y.Errorf("%s: %s stands as %q %s, want %q %s", c.name, p.mark, stands.message.Title, stands.message.URL, p.title, y.site.urlOf(p))
	}
}

// judgeLine looks at the line of a post in a digest whose words are still kept.
func (y *yearOf) judgeLine(c yearChannel, p *yearPost, said deed, stands standing, lost bool) {
	y.Helper()
	text := stands.message.Body.String()
	switch {
	case p.changed.After(said.at.AddDate(0, 0, 85)):
	case !p.visible() && !stands.retracted && strings.Contains(text, p.mark):
		y.Errorf("%s: %s was withdrawn and stands in the digest of %s:\n%s", c.name, p.mark, said.at.In(y.zone), text)
	case p.visible() && !lost && (stands.retracted || !strings.Contains(text, p.title)):
		y.Errorf("%s: %s is %q, and the digest of %s says:\n%s", c.name, p.mark, p.title, said.at.In(y.zone), text)
	}
}

// judgeOrder looks whether the posts were said in the order in which they came.
func (y *yearOf) judgeOrder(c yearChannel, order []string) {
	y.Helper()
	var came []string
	for _, p := range y.posts {
		if slices.Contains(order, p.mark) {
			came = append(came, p.mark)
		}
	}
	if !slices.Equal(came, order) {
		y.Errorf("%s: said in the order %s\nbut they came as %s", c.name, strings.Join(order, ""), strings.Join(came, ""))
	}
}

// judgeLedger looks for acts that came to no end.
func (y *yearOf) judgeLedger() {
	y.Helper()
	for _, e := range y.acts() {
		imported := e.State == outbox.Held && strings.Contains(e.Reason, "look new at once")
		if e.State != outbox.Sent && e.State != outbox.Skipped && !imported {
			y.Errorf("%s of %s at %s is %s (%s)", e.Kind, e.Subject, e.Address, e.State, e.Reason)
		}
	}
}
