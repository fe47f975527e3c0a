package announce

import (
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/schedule"
	"cloudnative.tw/herald/feeds"
)

// Announcement is a Config with everything that it names. What it says comes
// from sources (From), or is a Text or the answer to a Command on a Schedule.
type Announcement struct {
	Name string
	From []string
	// To leaves out the channels whose platform is off, so that nothing is owed
	// to them.
	To     []Channel
	Filter Filter
	// Templates are the words in which an item is said; empty for Herald's own.
	Templates Templates
	// Own tells that the items are the community's own posts.
	Own bool
	// Text is said as it is, Command is a command's line without its slash whose
	// answer is said; both at each tick of Schedule.
	Text    map[bot.Lang]bot.Text
	Command string
	// Schedule is when items wait to be said, or a text or an answer is; zero for
	// at once.
	Schedule schedule.Schedule
	// Digest says the items of one tick in one message.
	Digest   bool
	Mentions []string
	// Approve has a person decide about each message. Pin keeps it in sight,
	// Silent makes no sound.
	Approve, Pin, Silent bool
	CatchUp              CatchUp
	// MaxAge is how long after it appeared an item is still news; 0 means
	// DefaultMaxAge.
	MaxAge time.Duration
	AtMost Pace
	// WaitForPage is how long a post waits until the page that it links to can be
	// read, Missing what is done then; 0 waits for none. Where a channel shows no
	// previews nothing waits.
	WaitForPage time.Duration
	Missing     bot.MissingPage
	// OwnPages tells that only the community's own posts wait for their pages.
	OwnPages bool
	// KeepEdits and KeepWithdrawn tell that what was said stays as it is when its
	// item is edited or withdrawn. What was not said yet follows its item anyway.
	KeepEdits, KeepWithdrawn bool
}

// DefaultMaxAge is how long after it appeared an item is still news.
const DefaultMaxAge = 72 * time.Hour

// Channel is where an announcement speaks.
type Channel struct {
	bot.Channel
	// Followers are done about each message there, such as publishing it.
	Followers []bot.ActKind
	// Previews tells that the platform shows a preview of the page that is linked
	// to, and keeps it, so that the page should be there first.
	Previews bool
}

// CatchUp is what happens to several items that appeared while nobody looked.
type CatchUp string

const (
	// Drip says them one after another, ten minutes apart. It is the default.
	Drip CatchUp = "drip"
	// CatchUpDigest says them in one message.
	CatchUpDigest CatchUp = "digest"
	// SkipMissed says none of them.
	SkipMissed CatchUp = "skip"
)

func (a *Announcement) maxAge() time.Duration {
	if a.MaxAge == 0 {
		return DefaultMaxAge
	}
	return a.MaxAge
}

// ticks reports whether something is said at each tick, rather than waiting for
// one.
func (a *Announcement) ticks() bool {
	return !a.Schedule.IsZero() && (a.Digest || a.Command != "" || len(a.Text) > 0)
}

// page returns what a post of an item waits for; own tells that the item is the
// community's own post.
func (a *Announcement) page(c Channel, item feeds.Item, due time.Time, own bool) Page {
	if a.WaitForPage == 0 || !c.Previews || item.URL == "" || a.OwnPages && !own {
		return Page{}
	}
	return Page{Until: due.Add(a.WaitForPage), Missing: a.Missing}
}

// followers are what is done about a message of the announcement in the channel.
func (a *Announcement) followers(c Channel) []bot.ActKind {
	all := append([]bot.ActKind{}, c.Followers...)
	if a.Pin {
		all = append(all, bot.Pin)
	}
	return all
}

// subject is what the announcement's own messages are about: its texts, answers
// and digests.
func (a *Announcement) subject() string { return "announcement:" + a.Name }
