package announce

import (
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/feeds"
)

// FilterConfig says which items of its sources an announcement is about: those
// that any rule of Only takes, without those that any rule of Except takes.
// Without Only, all but those. The zero value takes everything.
type FilterConfig struct {
	Only   []FilterRule `yaml:"only"`
	Except []FilterRule `yaml:"except"`
}

// FilterRule takes an item that every one of its settings takes. A setting that
// names several values takes an item if one of them fits; an empty setting takes
// any item. Upper and lower case, full and half width are the same. A value
// between slashes, such as /\bAI\b/, is a regular expression of RE2
// (https://github.com/google/re2/wiki/Syntax) for what it would be compared with,
// as the source wrote it but for case.
type FilterRule struct {
	// Tags are whole tags.
	Tags []string `yaml:"tags"`
	// Words stand somewhere in the title, in what the source says about the item, or
	// in its beginning. Title stand in the title.
	Words []string `yaml:"words"`
	Title []string `yaml:"title"`
	// Author are parts of an author's name.
	Author []string `yaml:"author"`
	// Language are BCP 47 tags: "zh" is all Chinese, "zh-TW" the Traditional. An
	// item whose source does not tell its language is judged by its letters.
	Language []string `yaml:"language"`
	// Source are names of sources, as From has them.
	Source []string `yaml:"source"`
}

// filterKeys are the settings of a rule, the order in which they are asked.
var filterKeys = []struct {
	name   string
	values func(FilterRule) []string
	// whole tells that a value has to be all of what it is compared with, not a part.
	whole bool
	// plain tells that there is nothing for a regular expression to find.
	plain bool
	in    func(*reading) []text
}{
	{name: "source", values: func(r FilterRule) []string { return r.Source }, whole: true, plain: true,
		in: func(i *reading) []text { return textsOf(i.item.Source) }},
	{name: "language", values: func(r FilterRule) []string { return r.Language }, whole: true, plain: true},
	{name: "tags", values: func(r FilterRule) []string { return r.Tags }, whole: true, in: (*reading).tags},
	{name: "title", values: func(r FilterRule) []string { return r.Title }, in: (*reading).title},
	{name: "author", values: func(r FilterRule) []string { return r.Author }, in: (*reading).authors},
	{name: "words", values: func(r FilterRule) []string { return r.Words }, in: (*reading).words},
}

// Filter is a FilterConfig, ready for use. The zero value takes everything. It may
// be used from several goroutines.
type Filter struct{ only, except []rule }

// rule takes an item that all of its conditions take.
type rule []condition

// condition takes an item that any of its patterns fits.
type condition struct {
	key      string
	patterns []pattern
}

// Compile returns the filter, and reports every value that is none as a
// *ConfigError with the path of its setting below the announcement. What was
// reported is not part of the filter.
func (c FilterConfig) Compile(report func(path string, err error)) Filter {
	return Filter{
		only:   compileRules("only", c.Only, report),
		except: compileRules("except", c.Except, report),
	}
}

func compileRules(path string, rules []FilterRule, report func(path string, err error)) []rule {
	var compiled []rule
	for i, r := range rules {
		compiled = append(compiled, compileRule(element(path, i, len(rules)), r, report))
	}
	return compiled
}

func compileRule(path string, r FilterRule, report func(path string, err error)) rule {
	var compiled rule
	for _, key := range filterKeys {
		c := condition{key: key.name}
		values := key.values(r)
		for i, value := range values {
			p, err := newPattern(key.name, value, key.whole, key.plain)
			if err != nil {
				report(element(path+"."+key.name, i, len(values)), err)
				continue
			}
			p.in = key.in
			c.patterns = append(c.patterns, p)
		}
		if len(values) > 0 {
			compiled = append(compiled, c)
		}
	}
	if compiled == nil {
		report(path, &ConfigError{emptyRule.with(), emptyRuleHint.with()})
	}
	return compiled
}

// element is the path of an element of a list. A list of one is written without
// brackets.
func element(path string, i, of int) string {
	if of == 1 {
		return path
	}
	return fmt.Sprintf("%s[%d]", path, i)
}

// Why reports whether the item passes, and if not, which rule holds it back, in
// the words of the config: 「except title: 「徵才」」, 「only tags: 「k8s」、「cncf」」.
func (f Filter) Why(item feeds.Item) (reason string, pass bool) {
	i := &reading{item: item}
	for _, r := range f.except {
		if _, fits := r.takes(i); fits {
			return shortened("except " + r.found(i)), false
		}
	}
	var failed []string
	for _, r := range f.only {
		c, fits := r.takes(i)
		if fits {
			return "", true
		}
		failed = append(failed, c.String())
	}
	if len(failed) == 0 {
		return "", true
	}
	return shortened("only " + strings.Join(slices.Compact(failed), " / ")), false
}

// takes reports whether the rule takes the item, or else which condition does
// not.
func (r rule) takes(i *reading) (failed condition, ok bool) {
	for _, c := range r {
		if _, ok := c.fitting(i); !ok {
			return c, false
		}
	}
	return condition{}, true
}

// fitting returns the first pattern that fits the item.
func (c condition) fitting(i *reading) (p pattern, ok bool) {
	for _, p := range c.patterns {
		if p.fits(i) {
			return p, true
		}
	}
	return pattern{}, false
}

// found names what of a rule fitted the item.
func (r rule) found(i *reading) string {
	var found []string
	for _, c := range r {
		if p, ok := c.fitting(i); ok {
			found = append(found, condition{key: c.key, patterns: []pattern{p}}.String())
		}
	}
	return strings.Join(found, ", ")
}

// String returns the condition as a reason names it.
func (c condition) String() string {
	var values []string
	for _, p := range c.patterns {
		values = append(values, "「"+shown(p.written)+"」")
	}
	return c.key + ": " + strings.Join(values, "、")
}

// shortened bounds a reason: it goes into the ledger.
func shortened(reason string) string { return cut(reason, 200) }

var (
	emptyRule     = sentence{"this rule has no condition, so it is of no use", "這條規則沒有任何條件，沒有作用"}
	emptyRuleHint = sentence{"write what it looks for, such as tags: k8s", "請寫要找什麼，例如 tags: k8s"}
	emptyFilter   = sentence{"is empty, which would fit everything", "是空的，等於什麼都符合"}
	filterHint    = sentence{"write a word, or take the line out", "請寫一個詞，或刪掉這一行"}
	filterTooLong = sentence{"is longer than %d characters", "超過 %d 個字"}
	filterShorter = sentence{"look for something shorter", "請改用短一點的詞"}
	badRegexp     = sentence{"%q is no regular expression: %s", "「%s」不是正規表示式：%s"}
	regexpHint    = sentence{"what stands between slashes is one; without the slashes it is a plain word", "斜線之間會當成正規表示式；一般的詞請拿掉斜線"}
	largeRegexp   = sentence{"%q repeats too much to be tried on every item", "「%s」重複太多次，沒辦法每一則都比對"}
	smallerHint   = sentence{"use smaller numbers between { and }", "請把 { } 裡的數字改小"}
	badLanguage   = sentence{"%q is no language", "「%s」不是語言代碼"}
	languageHint  = sentence{"write a tag such as zh-TW, en or ja", "請寫代碼，例如 zh-TW、en 或 ja"}
)
