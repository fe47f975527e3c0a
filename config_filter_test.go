package main

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot/announce"
)

// TestFiltersDecode proves that one rule and one value stand for lists of one.
func TestFiltersDecode(t *testing.T) {
	k8s := []announce.FilterRule{{Tags: []string{"k8s"}}}
	tests := []struct {
		source string
		want   announce.FilterConfig
	}{
		{"only: {tags: k8s}", announce.FilterConfig{Only: k8s}},
		{"only: [{tags: k8s}]", announce.FilterConfig{Only: k8s}},
		{"except:\n  - tags: [k8s]", announce.FilterConfig{Except: k8s}},
		{"only: {words: [/\\bAI\\b/, 永續], language: zh-TW}\nexcept: [{title: 徵才}, {author: [甲, 乙], source: blog}]", announce.FilterConfig{
			Only:   []announce.FilterRule{{Words: []string{`/\bAI\b/`, "永續"}, Language: []string{"zh-TW"}}},
			Except: []announce.FilterRule{{Title: []string{"徵才"}}, {Author: []string{"甲", "乙"}, Source: []string{"blog"}}},
		}},
		{"only:", announce.FilterConfig{}},
	}
	for _, tt := range tests {
		got, found := decodeFilter(tt.source)
		if diff := cmp.Diff(tt.want, got); diff != "" || len(found) > 0 {
			t.Errorf("%s: found %v (-want +got):\n%s", tt.source, found, diff)
		}
	}
	if _, found := decodeFilter("only: {tag: k8s}"); len(found) != 1 || found[0].Error() != ":1:8: only.tag: there is no such setting (did you mean tags?)" {
		t.Errorf("a misspelt key: %v", found)
	}
}

func decodeFilter(source string) (announce.FilterConfig, []Diagnostic) {
	var config announce.FilterConfig
	root, found := parseTree(source)
	d := &decoder{found: found, places: places{}, broken: map[string]bool{}, said: map[string]bool{}}
	d.decode(root, "", reflect.ValueOf(&config).Elem())
	return config, d.found
}
