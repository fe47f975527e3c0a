package announce

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/schedule"
)

// Config is one announcement of config.yaml. It has one of From, Text and
// Command.
type Config struct {
	// From names the sources whose items are announced.
	From []string `yaml:"from"`
	// To names the channels where.
	To           []string `yaml:"to"`
	FilterConfig `yaml:",inline"`
	// Text is said, or the answer to the line Command ("/recap {year}").
	Text    bot.Texts `yaml:"text"`
	Command string    `yaml:"command"`
	// Template is how an item is said, in the moderators' dialect.
	Template bot.Texts `yaml:"template"`
	// Schedule is as schedule.Parse reads it; "" is at once.
	Schedule string   `yaml:"schedule"`
	Digest   bool     `yaml:"digest"`
	Mention  []string `yaml:"mention"`
	Approve  bool     `yaml:"approve"`
	Pin      bool     `yaml:"pin"`
	Silent   bool     `yaml:"silent"`
	CatchUp  CatchUp  `yaml:"catch_up"`
	// MaxAge is DefaultMaxAge if it is 0.
	MaxAge time.Duration `yaml:"max_age"`
	// AtMost is a number in a time: "3/day".
	AtMost string `yaml:"at_most"`
	// WaitForPage is defaultPageWait for the community's own posts if nothing is
	// set, and nothing for all others.
	WaitForPage *time.Duration  `yaml:"wait_for_page"`
	PageMissing bot.MissingPage `yaml:"page_missing"`
	// Edit and Retract tell whether what was said follows its item: true if
	// nothing is set.
	Edit    *bool `yaml:"edit"`
	Retract *bool `yaml:"retract"`
	// Was is the name that the announcement had before.
	Was string `yaml:"was"`
}

// defaultPageWait is how long a site may take to build a page whose file is
// there.
const defaultPageWait = 30 * time.Minute

// maxPageWait keeps a page that never comes from being asked for all week.
const maxPageWait = 24 * time.Hour

// Check reports what is wrong with the announcement as it stands, as
// *ConfigError or an error that has an In method like it; whether the names
// exist is for the caller to know. zone is the community's.
func (c Config) Check(zone *time.Location, report func(path string, err error)) {
	fail := func(path string, what, hint sentence) { report(path, &ConfigError{what.with(), hint.with()}) }
	switch n := count(len(c.From) > 0, len(c.Text) > 0, c.Command != ""); {
	case n == 0:
		fail("", nothingToSay, oneOfThree)
	case n > 1:
		fail("", tooMuchToSay, oneOfThree)
	case len(c.From) == 0 && c.Schedule == "":
		fail("", noSchedule, scheduleHint)
	}
	if len(c.Text) > 0 && !slices.ContainsFunc(slices.Collect(maps.Values(c.Text)), func(s string) bool { return strings.TrimSpace(s) != "" }) {
		fail("text", emptyText, emptyTextHint)
	}
	if len(c.To) == 0 {
		fail("to", noChannel, channelHint)
	}
	if c.Digest && (c.Schedule == "" || len(c.From) == 0) {
		fail("digest", digestOfWhat, digestHint)
	}
	if c.Schedule != "" {
		if _, err := schedule.Parse(c.Schedule, zone); err != nil {
			report("schedule", err)
		}
	}
	if c.CatchUp != "" && !slices.Contains([]CatchUp{Drip, CatchUpDigest, SkipMissed}, c.CatchUp) {
		fail("catch_up", noCatchUp, catchUpHint)
	}
	if c.PageMissing != "" && !slices.Contains([]bot.MissingPage{bot.SayMissing, bot.HoldMissing, bot.SkipMissing}, c.PageMissing) {
		fail("page_missing", noMissing, missingHint)
	}
	if c.MaxAge < 0 {
		fail("max_age", negative, ageHint)
	}
	if c.WaitForPage != nil && (*c.WaitForPage < 0 || *c.WaitForPage > maxPageWait) {
		fail("wait_for_page", waitTooLong, waitHint)
	}
	if _, ok := parsePace(c.AtMost); !ok {
		fail("at_most", noPace, paceHint)
	}
	for i, m := range c.Mention {
		if !mentionRule.MatchString(m) || m == "@everyone" || m == "@here" {
			fail(element("mention", i, len(c.Mention)), noMention, mentionHint)
		}
	}
	c.Compile(report)
	ParseTemplates(c.Template, report)
	c.checkEffects(fail)
}

// kind is how an announcement comes to say something.
type kind uint8

const (
	// prompt says items one by one, as soon as they appear; timed at set times.
	prompt kind = 1 << iota
	timed
	// collected says the items of one time in a digest.
	collected
	// spoken says a text or the answer to a command.
	spoken

	single = prompt | timed
)

// kind returns of which kind the announcement is. ok is false if it does not say
// that rightly, which is reported anyway.
func (c Config) kind() (k kind, ok bool) {
	switch items, other := len(c.From) > 0, len(c.Text) > 0 || c.Command != ""; {
	case items == other || c.Digest && (other || c.Schedule == ""):
		return 0, false
	case other:
		return spoken, true
	case c.Digest:
		return collected, true
	case c.Schedule != "":
		return timed, true
	default:
		return prompt, true
	}
}

// without is what to say of a setting that does nothing, by the kind that it does
// nothing for.
var without = map[kind]sentence{timed: idleInTime, collected: idleInDigest, spoken: idleForText}

// effects are the settings that only some announcements heed, and which. All
// others do something in each.
var effects = []struct {
	setting string
	kinds   kind
	set     func(Config) bool
	hint    sentence
}{
	{"only", single | collected, func(c Config) bool { return len(c.Only) > 0 }, choosesItems},
	{"except", single | collected, func(c Config) bool { return len(c.Except) > 0 }, choosesItems},
	{"template", single, func(c Config) bool { return len(c.Template) > 0 }, wordsOfOne},
	{"catch_up", prompt, func(c Config) bool { return c.CatchUp != "" }, catchesUp},
	{"at_most", single, func(c Config) bool { return c.AtMost != "" }, spreadsItems},
	// Not to wait is what the others do.
	{"wait_for_page", single, func(c Config) bool { return c.WaitForPage != nil && *c.WaitForPage != 0 }, waitsForOne},
	{"page_missing", single, func(c Config) bool { return c.PageMissing != "" }, waitsForOne},
	// A digest follows its items (redigest).
	{"edit", single | collected, func(c Config) bool { return c.Edit != nil }, followsItems},
	{"retract", single | collected, func(c Config) bool { return c.Retract != nil }, followsItems},
}

// checkEffects reports settings that would be accepted and do nothing, which
// their writer would learn only from what is said.
func (c Config) checkEffects(fail func(path string, what, hint sentence)) {
	k, ok := c.kind()
	if !ok {
		return
	}
	for _, e := range effects {
		if e.kinds&k == 0 && e.set(c) {
			fail(e.setting, without[k], e.hint)
		}
	}
}

// Resolve returns the announcement that a checked Config means. own tells that
// its items are the community's own posts.
func (c Config) Resolve(name string, zone *time.Location, to []Channel, own bool) Announcement {
	ignore := func(string, error) {}
	a := Announcement{
		Name: name, From: c.From, To: to, Filter: c.Compile(ignore), Templates: ParseTemplates(c.Template, ignore), Own: own,
		Command: strings.TrimPrefix(strings.TrimSpace(c.Command), "/"), Digest: c.Digest, Mentions: c.Mention,
		Approve: c.Approve, Pin: c.Pin, Silent: c.Silent, CatchUp: c.CatchUp, MaxAge: c.MaxAge,
		Missing:   c.PageMissing,
		KeepEdits: c.Edit != nil && !*c.Edit, KeepWithdrawn: c.Retract != nil && !*c.Retract,
	}
	a.AtMost, _ = parsePace(c.AtMost)
	if c.Schedule != "" {
		a.Schedule, _ = schedule.Parse(c.Schedule, zone)
	}
	for lang, text := range c.Text {
		if a.Text == nil {
			a.Text = make(map[bot.Lang]bot.Text)
		}
		a.Text[lang] = bot.ParseText(text)
	}
	a.WaitForPage, a.OwnPages = defaultPageWait, !own
	if c.WaitForPage != nil {
		a.WaitForPage, a.OwnPages = *c.WaitForPage, false
	}
	if a.Missing == "" {
		a.Missing = bot.SayMissing
	}
	return a
}

// mentionRule is of the number of a role, or of a user behind an @, or the name
// of a Telegram user. Discord's have up to 64 bits
// (https://discord.com/developers/docs/reference#snowflakes).
var mentionRule = regexp.MustCompile(`^(@?[1-9][0-9]{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31})$`)

var paceRule = regexp.MustCompile(`^([1-9][0-9]{0,2}) ?(?:/|per|每) ?(hour|h|小時|day|d|天|week|w|週)$`)

// parsePace reads "3/day"; "" bounds nothing.
func parsePace(s string) (p Pace, ok bool) {
	if s == "" {
		return Pace{}, true
	}
	m := paceRule.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil {
		return Pace{}, false
	}
	p.Posts, _ = strconv.Atoi(m[1])
	switch m[2] {
	case "hour", "h", "小時":
		p.In = time.Hour
	case "day", "d", "天":
		p.In = 24 * time.Hour
	default:
		p.In = 7 * 24 * time.Hour
	}
	return p, true
}

func count(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

var (
	nothingToSay  = sentence{"says nothing", "沒有說要公告什麼"}
	tooMuchToSay  = sentence{"says several things at once", "一次只能公告一種東西"}
	oneOfThree    = sentence{"give it one of: from, text, command", "請寫 from、text 或 command 其中一個"}
	emptyText     = sentence{"is empty", "是空的"}
	emptyTextHint = sentence{"write what is said", "請寫要說的話"}
	noSchedule    = sentence{"does not say when", "沒有說什麼時候"}
	scheduleHint  = sentence{"a text or a command needs a schedule, such as schedule: day 5 12:00", "text 和 command 要有時間，例如 schedule: day 5 12:00"}
	noChannel     = sentence{"names no channel", "沒有說要在哪些頻道"}
	channelHint   = sentence{"write names of channels, such as to: [news, here]", "請寫頻道的名稱，例如 to: [news, here]"}
	digestOfWhat  = sentence{"a digest collects items until a time", "digest 是把一段時間的內容合成一則"}
	digestHint    = sentence{"it needs from and schedule: mon 09:00", "需要同時有 from 和 schedule: mon 09:00"}
	noCatchUp     = sentence{"is no way to catch up", "不是補發的方式"}
	catchUpHint   = sentence{"write drip, digest or skip", "請寫 drip（慢慢補）、digest（合成一則）或 skip（不補）"}
	noMissing     = sentence{"is nothing to do about a missing page", "不是網頁還沒上線時的做法"}
	missingHint   = sentence{"write say, hold or skip", "請寫 say（照發）、hold（等人決定）或 skip（不發）"}
	negative      = sentence{"is less than nothing", "不能是負的"}
	ageHint       = sentence{"write how long an item is news, such as 3d", "請寫多久以內算新的，例如 3d"}
	waitTooLong   = sentence{"is not between nothing and a day", "要在 0 到一天之間"}
	waitHint      = sentence{"write how long to wait for the page, such as 30m, or 0s", "請寫最多等多久，例如 30m；不等請寫 0s"}
	noPace        = sentence{"does not say how many in how long", "看不懂是多久幾則"}
	paceHint      = sentence{"write it as 3/day, 1/hour or 5/week", "請寫成 3/day、1/hour 或 5/week"}
	idleInTime    = sentence{"does nothing with a schedule", "有 schedule 時沒有作用"}
	idleInDigest  = sentence{"does nothing in a digest", "在 digest 裡沒有作用"}
	idleForText   = sentence{"does nothing for a text or a command", "對 text 和 command 沒有作用"}
	choosesItems  = sentence{"it chooses among the items of from; take it out", "它用來挑選 from 的內容，請刪掉"}
	wordsOfOne    = sentence{"it is how a single item is said; take it out", "它是單獨公告一則時的寫法，請刪掉"}
	catchesUp     = sentence{"it is for items that are said as soon as they appear; take it out", "它只用在一有新的就說的公告，請刪掉"}
	spreadsItems  = sentence{"it spreads items that are said one by one; take it out", "它用來分散一則一則的公告，請刪掉"}
	waitsForOne   = sentence{"only an item that is said by itself waits for its page; take it out", "單獨公告一則時才會等它的網頁，請刪掉"}
	followsItems  = sentence{"it is about items of from that change later; take it out", "它用在 from 的內容後來有改動時，請刪掉"}
	noMention     = sentence{"is no number of a role or user", "不是身分組或使用者的編號"}
	mentionHint   = sentence{"in Discord, right-click the role and choose Copy ID; a user's number stands in quotes behind an @", "在 Discord 的身分組上按右鍵，選「複製 ID」；使用者的編號前面加 @，並加引號"}
)
