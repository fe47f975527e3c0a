package command

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
)

// Config is what config.yaml says under one name of commands. The names of
// built-in commands configure those, any other name makes a command of the
// moderators' own, which needs Text, Buttons or Quote.
type Config struct {
	// Text is the answer, in the dialect of bot.ParseText. Own commands and
	// donate have one.
	Text bot.Texts `yaml:"text"`
	// Summary is the line that help shows, at most 100 characters. A built-in
	// command has its own; an own command without one shows the beginning of its
	// Text, or else its first button or the heading of its quote.
	Summary bot.Texts `yaml:"summary"`
	// Quote shows a section of a post below the text. Own commands and donate
	// have one.
	Quote *Quote `yaml:"quote"`
	// Buttons lead to web pages. Own commands and donate have them.
	Buttons []ButtonConfig `yaml:"buttons"`
	// Aliases are further names that members may type.
	Aliases []string `yaml:"aliases"`
	// Hidden keeps the command out of help and menus.
	Hidden bool `yaml:"hidden"`
	// Tag marks the posts that are year-end recaps; "year-end-recap" if empty.
	// Only recap has one.
	Tag string `yaml:"tag"`
	// From names the sources whose posts are meetups ("meetups" if empty) or
	// glossary terms (every term if empty). Only meetups and glossary have it.
	From []string `yaml:"from"`
}

// Quote chooses a section of a post: of the newest one with Tag that has a
// section under one of the headings.
type Quote struct {
	Tag string `yaml:"tag"`
	// Section are headings that are tried in turn, compared without regard to
	// case and space.
	Section []string `yaml:"section"`
}

// ButtonConfig is a button that leads to a web page.
type ButtonConfig struct {
	Text bot.Texts `yaml:"text"`
	// URL is an absolute http or https address.
	URL string `yaml:"url"`
}

const defaultRecapTag = "year-end-recap"

var (
	validName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	validAlias = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,32}$`)
)

// Check reports everything that makes no sense in commands, with its path below
// "commands", such as "donate.buttons[0].url". sources are the names that From
// may use; nil passes all.
func Check(commands map[string]Config, sources []string, report func(path string, err error)) {
	c := checker{sources: sources, report: report, owner: make(map[string]string), builtins: make(map[string]*entry)}
	for _, e := range builtins() {
		c.builtins[e.Name] = e
		for _, name := range e.allNames() {
			c.owner[name] = e.Name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if c.owner[name] == "" {
			c.owner[name] = name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		c.command(name, commands[name])
	}
}

type checker struct {
	sources []string
	report  func(path string, err error)
	// owner leads from each name in use to the command that it calls.
	owner    map[string]string
	builtins map[string]*entry
}

func (c *checker) command(name string, config Config) {
	if !validName.MatchString(name) {
		c.report(name, errors.New("a command's name is 1 to 32 small letters a-z, digits and underscores; other names can be aliases"))
		return
	}
	if owner := c.owner[name]; owner != name {
		c.report(name, fmt.Errorf("is already a name of the command %q", owner))
	}
	c.aliases(name, config.Aliases)
	c.summary(name, config.Summary)
	understood := []string{"text", "quote", "buttons"}
	if builtin := c.builtins[name]; builtin != nil {
		understood = builtin.keys
	}
	for key, set := range config.keys() {
		if set && !slices.Contains(understood, key) {
			c.report(name+"."+key, fmt.Errorf("the command %q has no use for it", name))
		}
	}
	if slices.Contains(understood, "text") {
		c.answer(name, config)
	}
	for i, source := range config.From {
		if c.sources != nil && !slices.Contains(c.sources, source) {
			c.report(fmt.Sprintf("%s.from[%d]", name, i), unknownSource(source, c.sources))
		}
	}
}

// maxSummary is the limit of bot.CommandSpec.Summary.
const maxSummary = 100

func (c *checker) summary(name string, summary bot.Texts) {
	if summary != nil && blank(summary) {
		c.report(name+".summary", errors.New("is empty"))
	}
	for _, s := range summary {
		if utf8.RuneCountInString(s) > maxSummary {
			c.report(name+".summary", fmt.Errorf("is longer than %d characters", maxSummary))
		}
	}
}

func (c *checker) aliases(name string, aliases []string) {
	for i, alias := range aliases {
		path := fmt.Sprintf("%s.aliases[%d]", name, i)
		folded := foldName(alias)
		if !validAlias.MatchString(folded) {
			c.report(path, errors.New("an alias is one word of 1 to 32 letters and digits"))
			continue
		}
		if owner := c.owner[folded]; owner != "" && owner != name {
			c.report(path, fmt.Errorf("%q is already a name of the command %q", alias, owner))
			continue
		}
		c.owner[folded] = name
	}
}

func (c *checker) answer(name string, config Config) {
	if len(config.Text) == 0 && len(config.Buttons) == 0 && config.Quote == nil {
		c.report(name, errors.New("says nothing: give it a text, buttons or a quote"))
	}
	if len(config.Text) > 0 && blank(config.Text) {
		c.report(name+".text", errors.New("is empty"))
	}
	for i, b := range config.Buttons {
		path := fmt.Sprintf("%s.buttons[%d]", name, i)
		if blank(b.Text) {
			c.report(path+".text", errors.New("a button needs a text"))
		}
		if !webURL(b.URL) {
			c.report(path+".url", errors.New("needs the whole address of a web page, beginning with https:// or http://"))
		}
	}
	if q := config.Quote; q != nil {
		if q.Tag == "" {
			c.report(name+".quote.tag", errors.New("says which posts to quote and must not be empty"))
		}
		if len(q.Section) == 0 {
			c.report(name+".quote.section", errors.New("names the heading of the section to quote and must not be empty"))
		}
	}
}

// keys tells which keys that not every command has are set.
func (c Config) keys() map[string]bool {
	return map[string]bool{
		"text": c.Text != nil, "quote": c.Quote != nil, "buttons": c.Buttons != nil,
		"tag": c.Tag != "", "from": c.From != nil,
	}
}

func unknownSource(name string, known []string) error {
	if near := bot.Nearest(name, known); near != "" {
		return fmt.Errorf("no content is called %q (did you mean %q?)", name, near)
	}
	return fmt.Errorf("no content is called %q (there are: %s)", name, strings.Join(known, ", "))
}

func blank(texts bot.Texts) bool {
	for _, s := range texts {
		if strings.TrimFunc(s, unicode.IsSpace) != "" {
			return false
		}
	}
	return true
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
