package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "cloudnative.tw/herald"

// allowedImports is the house: who may know whom. Three leaves (bot, feeds,
// content) know nothing of each other; only announce, command and store see
// across; only package main sees everything. Tests may import more.
var allowedImports = map[string][]string{
	"bot":                       nil,
	"bot/announce":              {"bot", "bot/schedule", "content", "feeds"},
	"bot/command":               {"bot", "content", "feeds"},
	"bot/console":               {"bot"},
	"bot/discord":               {"bot"},
	"bot/discord/discordtest":   nil,
	"bot/outbox":                {"bot"},
	"bot/schedule":              nil,
	"bot/store":                 {"bot", "bot/announce", "bot/outbox", "feeds"},
	"bot/telegram":              {"bot"},
	"bot/telegram/telegramtest": nil,
	"content":                   nil,
	"content/folder":            {"content"},
	"content/git":               {"content"},
	"content/markdown":          {"content"},
	"content/search":            {"content"},
	"content/site":              {"content", "content/markdown", "content/spool"},
	"content/spool":             nil,
	"feeds":                     nil,
	"feeds/feedstest":           {"feeds"},
	"feeds/fetch":               {"feeds"},
	"feeds/syndication":         {"feeds", "feeds/fetch"},
}

func TestImportsKeepToTheHouse(t *testing.T) {
	seen := make(map[string]bool)
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || file != "." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if pkg == "." {
			return nil // package main sees everything
		}
		allowed, known := allowedImports[pkg]
		if !known {
			t.Errorf("%s: package %s has no room in the house", file, pkg)
			return nil
		}
		seen[pkg] = true
		for _, imported := range ownImports(t, file) {
			if !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s; package %s may import only %q of ours", file, imported, pkg, allowed)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range allowedImports {
		if !seen[pkg] {
			t.Errorf("package %s is in the table but not in the tree", pkg)
		}
	}
}

// ownImports returns the packages of this module that a file imports, without
// the module's path.
func ownImports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if imported == module {
			own = append(own, ".")
		} else if rest, ok := strings.CutPrefix(imported, module+"/"); ok {
			own = append(own, rest)
		}
	}
	return own
}
