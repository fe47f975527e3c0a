package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/bot/schedule"
)

// Config is what the moderators decide: the whole of config.yaml. It is made of
// each package's own Config, which knows its own rules.
type Config struct {
	Community     Community                 `yaml:"community"`
	Content       byName[Entry]             `yaml:"content"`
	Sources       byName[SourceConfig]      `yaml:"sources"`
	Channels      byName[ChannelConfig]     `yaml:"channels"`
	Announcements byName[announce.Config]   `yaml:"announcements"`
	Commands      map[string]command.Config `yaml:"commands"`
	// Synonyms are groups of words that mean the same to search.
	Synonyms   [][]string `yaml:"synonyms"`
	Moderators Moderators `yaml:"moderators"`
	// Store is the file of the ledger. After loading it is a path that can be
	// opened; herald.db beside config.yaml if nothing is set.
	Store string `yaml:"store"`

	places places
	// moves are the channels that have moved since the program began.
	moves *moves
}

// Community is whom Herald speaks for.
type Community struct {
	Name string `yaml:"name"`
	// URL is the absolute address of the community's site.
	URL string `yaml:"url"`
	// Description is a sentence or two on the community, in the moderators'
	// dialect (bot.ParseText); /about says it. It may be empty.
	Description bot.Texts `yaml:"description"`
	// Language is spoken in every channel that names none.
	Language bot.Lang `yaml:"language"`
	// Timezone is the IANA name of the zone of every time in the file; Zone is
	// the zone itself.
	Timezone string         `yaml:"timezone"`
	Zone     *time.Location `yaml:"-"`
	// Quiet is when news waits in every channel that says nothing else:
	// "22:00-08:00"; "" and "none" are never.
	Quiet string `yaml:"quiet"`
	// QuietHours are what Quiet means.
	QuietHours schedule.Quiet `yaml:"-"`
	// Color is the accent colour of cards, as "#rrggbb"; may be empty.
	Color string `yaml:"color"`
}

// The bounds of a config file. The shipped one has 10 KB, most of it comments,
// and under 600 of the marks that make up YAML's structure, line ends among them. The parser's time grows
// with the square of their number, its stack with the depth.
const (
	maxConfigBytes = 1 << 20
	maxConfigMarks = 5_000
)

// loadConfig reads and checks the config file at path. It returns every problem
// that it finds, sorted by place; the config is nil if any of them is more than
// a note.
func loadConfig(path string) (*Config, []Diagnostic) {
	source, problem := readConfig(path)
	if problem != nil {
		problem.File = path
		return nil, []Diagnostic{*problem}
	}
	cfg, found := parseConfig(source, filepath.Dir(path))
	for i := range found {
		found[i].File = path
	}
	return cfg, sortDiagnostics(found)
}

// readConfig reads the file and refuses what cannot be a config.
func readConfig(path string) (source string, problem *Diagnostic) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", &Diagnostic{What: noFile.with(), Hint: noFileHint.with()}
	case err != nil:
		return "", &Diagnostic{What: cannotRead.with(cause(err))}
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxConfigBytes+1))
	switch {
	case err != nil:
		return "", &Diagnostic{What: cannotRead.with(cause(err))}
	case len(data) > maxConfigBytes:
		return "", &Diagnostic{What: tooBig.with(), Hint: tooBigHint.with(maxConfigBytes>>10, maxConfigMarks)}
	}
	return string(data), nil
}

// cause returns why a file operation failed, without the file's name.
func cause(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// parseConfig reads the text of a config file that stands in dir.
func parseConfig(source, dir string) (*Config, []Diagnostic) {
	source = strings.ReplaceAll(strings.TrimPrefix(source, "\ufeff"), "\r\n", "\n")
	if problem := unfit(source); problem != nil {
		return nil, []Diagnostic{*problem}
	}
	cfg, found := readTree(source, dir)
	secrets := findSecrets(source)
	if !wrong(found) && len(secrets) == 0 {
		return cfg, found
	}
	// Something is wrong. One slip of the pen can hide everything after it, so
	// mend those that can be told from the lines alone and read once more.
	slips, mended := findSlips(source)
	if len(slips) > 0 && unfit(mended) == nil {
		_, found = readTree(mended, dir)
		found = unveiled(found, slips, source)
	}
	found = slices.DeleteFunc(found, func(d Diagnostic) bool { return d.Note })
	return nil, clamp(merge(append(secrets, slips...), found), source)
}

// unfit tells why source cannot be read as a config at all.
func unfit(source string) *Diagnostic {
	marks := 0
	for i := range len(source) {
		if strings.IndexByte(":,[{-?&!*\n", source[i]) >= 0 {
			marks++
		}
	}
	valid := len(strings.ToValidUTF8(source, ""))
	switch {
	case marks > maxConfigMarks:
		return &Diagnostic{What: tooBig.with(), Hint: tooBigHint.with(maxConfigBytes>>10, maxConfigMarks)}
	case valid != len(source):
		return &Diagnostic{Line: invalidLine(source), What: notUTF8.with(), Hint: notUTF8Hint.with()}
	case strings.TrimSpace(source) == "":
		return &Diagnostic{What: emptyFile.with(), Hint: emptyHint.with()}
	}
	return nil
}

func invalidLine(source string) int {
	for i, line := range strings.Split(source, "\n") {
		if !utf8.ValidString(line) {
			return i + 1
		}
	}
	return 0
}

// merge adds to first what was found in the mended text, but for what first has
// said of the same place, in the same words of the same line, or of the line as
// a whole.
func merge(first, found []Diagnostic) []Diagnostic {
	all := first
	for _, d := range found {
		if !slices.ContainsFunc(first, func(f Diagnostic) bool {
			same := f.Column == d.Column || f.What.In(bot.English) == d.What.In(bot.English)
			return f.Line == d.Line && (same || f.alone)
		}) {
			all = append(all, d)
		}
	}
	return all
}

// unveiled returns what was found that is not likely only the consequence of a
// slip, which was mended by a guess.
func unveiled(found, slips []Diagnostic, source string) []Diagnostic {
	lines := strings.Split(source, "\n")
	for _, slip := range slips {
		if !slip.veils {
			continue
		}
		end := slip.Line + 1 // the line after the setting at the left margin
		for end <= len(lines) && (lines[end-1] == "" || strings.ContainsAny(lines[end-1][:1], " \t#")) {
			end++
		}
		found = slices.DeleteFunc(found, func(d Diagnostic) bool { return slip.Line <= d.Line && d.Line < end })
	}
	return found
}

// clamp keeps every column inside its line: mending can make a line longer.
func clamp(found []Diagnostic, source string) []Diagnostic {
	lines := strings.Split(source, "\n")
	for i, d := range found {
		if d.Line > len(lines) {
			found[i].Line = len(lines)
		}
		if d.Line > 0 {
			found[i].Column = min(d.Column, utf8.RuneCountInString(lines[found[i].Line-1])+1)
		}
	}
	return found
}
