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
			at("content."+e.Entry, problems().texts(e.Err.Error()), false)
			continue
		}
		for _, source := range e.Sources {
			if posts[source] == 0 {
				at(cfg.sourcePath(e.Entry, source), noPosts.with(shown(source)), true)
			}
		}
	}
	for _, p := range snapshot.Problems() {
		d := malformed(p)
		d.File = cmp.Or(d.File, path)
		found = append(found, d)
	}
	return found
}

// malformed tells what is wrong with a file.
func malformed(p content.Problem) Diagnostic {
	return Diagnostic{
		File: p.File, Line: p.Line, Column: p.Column, Path: "content." + p.Entry,
		What: problems().texts(p.Err.Error()), Hint: problems().texts(p.Hint),
	}
}
