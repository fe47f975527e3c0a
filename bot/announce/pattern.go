package announce

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// The bounds of what is compared. RE2 takes time in proportion to both program
// and text (https://github.com/google/re2/wiki/WhyRE2).
const (
	maxPattern = 200      // characters
	maxProgram = 1000     // instructions that a regular expression becomes
	maxRead    = 10 << 10 // bytes of an item's words
)

// pattern is one value of a filter's rule.
type pattern struct {
	written string
	// Of the following, one is set.
	folded string
	re     *regexp.Regexp
	lang   language.Tag
	// whole tells that folded must be all of a text.
	whole bool
	// in returns what is compared; nil for a language.
	in func(*reading) []text
}

func newPattern(key, value string, whole, plain bool) (pattern, error) {
	p := pattern{written: value, whole: whole}
	expression, isRegexp := strings.CutPrefix(value, "/")
	expression, closed := strings.CutSuffix(expression, "/")
	switch {
	case utf8.RuneCountInString(value) > maxPattern:
		return pattern{}, &ConfigError{filterTooLong.with(maxPattern), filterShorter.with()}
	case strings.TrimSpace(value) == "" || value == "//":
		return pattern{}, &ConfigError{emptyFilter.with(), filterHint.with()}
	case key == "language":
		tag, err := language.Parse(strings.TrimSpace(value))
		if err != nil || tag == language.Und {
			return pattern{}, &ConfigError{badLanguage.with(shown(value)), languageHint.with()}
		}
		p.lang = tag
	case isRegexp && closed && !plain:
		re, err := compileRegexp(expression)
		if err != nil {
			return pattern{}, err
		}
		p.re = re
	default:
		p.folded = fold(value)
	}
	return p, nil
}

// compileRegexp compiles an expression that takes upper and lower case as the
// same, if it is small enough to be tried on every item.
func compileRegexp(expression string) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(expression, syntax.Perl|syntax.FoldCase)
	if err != nil {
		fault := shown(strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil, &ConfigError{badRegexp.with(shown(expression), fault), regexpHint.with()}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nil, &ConfigError{largeRegexp.with(shown(expression)), smallerHint.with()}
	}
	// The flag stands before the expression and not around it: a \Q goes on to the
	// end, and would take a bracket behind it for a part of what it quotes.
	re, err := regexp.Compile("(?i)" + expression)
	if err != nil {
		return nil, fmt.Errorf("compiling %q: %w", shown(expression), err)
	}
	return re, nil
}

func (p pattern) fits(i *reading) bool {
	if p.in == nil {
		return speaks(i.item, p.lang)
	}
	for _, t := range p.in(i) {
		switch {
		case p.re != nil:
			if p.re.MatchString(t.raw) {
				return true
			}
		case p.whole:
			if t.folded == p.folded {
				return true
			}
		case strings.Contains(t.folded, p.folded):
			return true
		}
	}
	return false
}

// fold makes one form of what means the same: case, width, composed characters,
// space around.
func fold(s string) string {
	return strings.TrimSpace(norm.NFKC.String(strings.ToLower(norm.NFKC.String(s))))
}

// text is something of an item, as it is and folded.
type text struct{ raw, folded string }

func textsOf(all ...string) []text {
	texts := make([]text, len(all))
	for i, s := range all {
		s = strings.ToValidUTF8(s[:min(len(s), maxRead)], "")
		texts[i] = text{raw: s, folded: fold(s)}
	}
	return texts
}

// reading is an item while rules look at it. Each part is folded once.
type reading struct {
	item                          feeds.Item
	theTags, theTitle, theAuthors []text
	theWords                      []text
}

func (i *reading) tags() []text    { return once(&i.theTags, i.item.Tags) }
func (i *reading) authors() []text { return once(&i.theAuthors, i.item.Authors) }
func (i *reading) title() []text   { return once(&i.theTitle, []string{i.item.Title}) }

func (i *reading) words() []text {
	return once(&i.theWords, []string{i.item.Title + "\n" + i.item.Summary + "\n" + i.item.Excerpt})
}

func once(texts *[]text, from []string) []text {
	if *texts == nil {
		*texts = textsOf(from...)
	}
	return *texts
}

// speaks reports whether an item is written in a language: the same base
// language, and the same script if one is named or follows from the region.
func speaks(item feeds.Item, wanted language.Tag) bool {
	base, _ := wanted.Base()
	tag, err := language.Parse(item.Lang)
	if err != nil || tag == language.Und {
		return looks(item, base.String())
	}
	if itemBase, _ := tag.Base(); itemBase != base {
		return false
	}
	if _, script, region := wanted.Raw(); script == (language.Script{}) && region == (language.Region{}) {
		return true
	}
	itemScript, _ := tag.Script()
	script, _ := wanted.Script()
	return itemScript == script
}

// looks reports whether an item that does not tell its language looks like one,
// as far as letters tell: an English title has none of Chinese, while a Chinese
// item may well have an English title.
func looks(item feeds.Item, base string) bool {
	chinese := slices.ContainsFunc([]string{item.Title, item.Summary, item.Excerpt}, func(s string) bool {
		return reads(s, bot.TraditionalChinese)
	})
	switch base {
	case "zh":
		return chinese
	case "en":
		return !chinese && reads(item.Title, bot.English)
	}
	return false
}
