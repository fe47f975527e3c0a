package site

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// maxHeader is the longest front matter that is read, in bytes.
const maxHeader = 64 << 10

// notation is the language that a header is written in.
type notation uint8

const (
	noHeader notation = iota
	yamlHeader
	tomlHeader
	jsonHeader
)

func (n notation) String() string {
	return [...]string{"no front matter", "YAML", "TOML", "JSON"}[n]
}

// header is the front matter of a page and what follows it.
type header struct {
	notation notation
	source   []byte // without the marks around it
	line     int    // of the file, at which source starts
	body     []byte
}

var utf8BOM = []byte("\xef\xbb\xbf")

// jsonStart tells front matter in JSON from an MDX page that starts with an
// {expression}.
var jsonStart = regexp.MustCompile(`^\{\s*"[^"\n]*"\s*:`)

// keyLine is a line of a header rather than of prose.
var keyLine = regexp.MustCompile(`^["']?[\w-]+["']?\s*[:=]`)

// split takes the front matter off a page. A page that only starts with a
// horizontal rule has none.
func split(source []byte) (header, error) {
	source = bytes.TrimPrefix(source, utf8BOM)
	first, rest := cutLine(source)
	switch mark := string(bytes.TrimRight(first, " \t")); mark {
	case "---":
		return splitMarked(source, rest, yamlHeader, mark)
	case "+++":
		return splitMarked(source, rest, tomlHeader, mark)
	}
	if bytes.HasPrefix(source, []byte("{")) && jsonStart.Match(source[:min(len(source), maxHeader)]) {
		return splitJSON(source)
	}
	return header{body: source}, nil
}

// splitMarked splits at the line that repeats mark.
func splitMarked(source, rest []byte, n notation, mark string) (header, error) {
	start, _ := cutLine(bytes.TrimLeft(rest, " \t\r\n"))
	isHeader := keyLine.Match(start)
	for at := 0; at < len(rest) && at <= maxHeader; {
		line, after := cutLine(rest[at:])
		if string(bytes.TrimRight(line, " \t")) == mark {
			first, _ := cutLine(rest)
			if len(bytes.TrimSpace(first)) == 0 && !isHeader { // prose between two rules
				return header{body: source}, nil
			}
			return header{notation: n, source: rest[:at], line: 2, body: after}, nil
		}
		at = len(rest) - len(after)
	}
	if !isHeader {
		return header{body: source}, nil
	}
	return header{}, fmt.Errorf("the front matter is opened with %s but not closed within %d KB", mark, maxHeader>>10)
}

// cutLine returns the first line of b without its end, and what follows.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// decode returns the header's keys. Lines count from the first one of the
// header, in the values and in a *syntaxError.
func (h header) decode() (value, error) {
	v, err := h.parse()
	if err != nil {
		return value{}, err
	}
	if v.kind != mapping && v.kind != null {
		return value{}, &syntaxError{line: 1, column: 1, message: "there are no keys in it"}
	}
	for i := range v.fields {
		if f := &v.fields[i]; f.value.line == 0 {
			f.value.line = h.lineOf(f.key)
		}
	}
	return v, nil
}

func (h header) parse() (value, error) {
	switch h.notation {
	case yamlHeader:
		return parseYAML(h.source)
	case tomlHeader:
		return parseTOML(h.source)
	case jsonHeader:
		return parseJSON(h.source)
	default:
		return value{}, nil
	}
}

// lineOf returns the number of the first line that starts with key, in TOML or
// JSON, whose decoders keep no places; 0 if there is none.
func (h header) lineOf(key string) int {
	number := 0
	for line := range strings.Lines(string(h.source)) {
		number++
		line = strings.TrimLeft(line, " \t{")
		line = strings.TrimPrefix(line, `"`)
		if len(line) > len(key) && strings.EqualFold(line[:len(key)], key) && strings.ContainsAny(line[len(key):len(key)+1], `" \t=:`) {
			return number
		}
	}
	return 0
}

// hint says what to try about the line that the parser stopped at, "" if
// nothing comes to mind.
func (h header) hint(number int) string {
	if h.notation != yamlHeader {
		return ""
	}
	lines := bytes.Split(h.source, []byte("\n"))
	if number < 1 || number > len(lines) {
		return ""
	}
	line := strings.TrimRight(string(lines[number-1]), "\r ")
	key, text, found := strings.Cut(line, ":")
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(line, "\t"):
		return "indent with spaces, not with a tab"
	case strings.Contains(line, "：") && (!found || text == ""):
		return "write an ASCII colon and a space after the key, not ："
	case !found:
		return `every line is "key: value"`
	case strings.HasPrefix(text, "[") && !strings.Contains(text, "]"):
		return fmt.Sprintf("close the list: %s: %s]", strings.TrimSpace(key), text)
	case text != "" && strings.ContainsAny(text[:1], "@`%*&!|>{[") || strings.Contains(text, ": "):
		return fmt.Sprintf("put the text in quotes: %s: %q", strings.TrimSpace(key), text)
	}
	return ""
}
