package main

import (
	"cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// contentDiagnostics tells what is wrong with the content of a config that is
// right: entries that cannot be read, files that are malformed, and folders
// without a post, whose name is likely misspelt.
func contentDiagnostics(cfg *Config, path string, snapshot *content.Snapshot) []Diagnostic {
	var found []Diagnostic
	at := func(setting string, what bot.Texts, note bool) {
		found = append(found, cfg.diagnostic(path, setting, what, note))
	}
	posts := map[string]int{}
	for _, p := range snapshot.Posts() {
		posts[p.Source]++
	}
	for _, e := range snapshot.Entries() {
		if e.Err != nil {
			at("content."+e.Entry, bot.Texts{"": e.Err.Error()}, false)
			continue
		}
		for _, source := range e.Sources {
			if posts[source] == 0 {
				at(cfg.sourcePath(e.Entry, source), noPosts.with(shown(source)), true)
			}
		}
	}
	for _, p := range snapshot.Problems() {
		found = append(found, Diagnostic{
			File: cmp.Or(p.File, path), Line: p.Line, Column: p.Column, Path: "content." + p.Entry,
			What: bot.Texts{"": p.Err.Error()}, Hint: bot.Texts{"": p.Hint},
		})
	}
	return found
}
