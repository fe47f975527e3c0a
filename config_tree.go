package main

import (
	"errors"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readTree parses, decodes and checks the text of a config.
func readTree(source, dir string) (*Config, []Diagnostic) {
	cfg := defaultConfig()
	root, found := parseTree(source)
	d := &decoder{found: found, partial: len(found) > 0, places: places{}, broken: map[string]bool{}, said: map[string]bool{}}
	if root == nil {
		return cfg, d.found
	}
	d.decode(root, "", reflect.ValueOf(cfg).Elem())
	cfg.places = d.places
	if !d.partial {
		if looksLikeDatabase(cfg.Store) {
			d.reject("store", storeIsDatabase.with(), storeDatabaseHint.with())
		}
		d.check(cfg, dir)
	}
	return cfg, d.found
}

// maxBrokenLines bounds how often a text that is no YAML is parsed again.
const maxBrokenLines = 8

// parseTree parses source. A line that cannot be understood is reported and
// taken out, so that the rest can still be read; what then fails beside such a
// line is its consequence, and not reported.
func parseTree(source string) (ast.Node, []Diagnostic) {
	lines := strings.Split(source, "\n")
	var found []Diagnostic
	last := -2 // the line that was taken out last
	for {
		file, err := parser.ParseBytes([]byte(strings.Join(lines, "\n")), 0, parser.AllowDuplicateMapKey())
		if err == nil {
			root, more := oneTree(file)
			return root, append(found, more...)
		}
		at, what := syntaxError(err)
		broken := min(max(at.line, 1), len(lines)) - 1
		if broken != last && broken != last+1 {
			found = append(found, Diagnostic{Line: broken + 1, Column: at.column, What: notYAML.with(what), Hint: notYAMLHint.with()})
		}
		if lines[broken] == "" || len(found) == maxBrokenLines {
			return nil, found
		}
		lines[broken], last = "", broken
	}
}

// syntaxError returns where and how the parser failed.
func syntaxError(err error) (place, string) {
	var syntax yaml.Error
	if !errors.As(err, &syntax) || syntax.GetToken() == nil || syntax.GetToken().Position == nil {
		return place{1, 1}, err.Error()
	}
	at := syntax.GetToken().Position
	return place{at.Line, at.Column}, syntax.GetMessage()
}

// oneTree returns the root of the file's only document.
func oneTree(file *ast.File) (root ast.Node, found []Diagnostic) {
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case root == nil:
			root = doc.Body
		default:
			at := startOf(doc.Body)
			found = append(found, Diagnostic{Line: at.line, Column: at.column, What: oneDocument.with(), Hint: oneDocHint.with()})
			return root, found
		}
	}
	if root == nil {
		found = append(found, Diagnostic{Line: 1, What: emptyFile.with(), Hint: emptyHint.with()})
	}
	return root, found
}
