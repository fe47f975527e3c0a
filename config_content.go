package main

import (
	"path/filepath"
	"time"

	"cloudnative.tw/herald/content/site"
)

// Entry is one part of the community's own writing: where its files are and how
// they become pages.
type Entry struct {
	// Path is a folder. In the file it is relative to config.yaml; after loading
	// it can be opened.
	Path string `yaml:"path"`
	// Git is the address of a repository, read instead of a folder: Ref is its
	// branch, tag or commit, Dir the folder inside it, Every how long to wait
	// between two looks.
	Git   string        `yaml:"git"`
	Ref   string        `yaml:"ref"`
	Dir   string        `yaml:"dir"`
	Every time.Duration `yaml:"every"`

	Site site.Config `yaml:",inline"`
}

// Sources returns the names that "from:" may use, those of every entry.
func (c *Config) Sources() []string {
	var names []string
	for _, e := range c.Content {
		names = append(names, e.Value.Site.Sources(e.Name)...)
	}
	return names
}

// resolve returns path as it can be opened, seen from the config's folder.
func resolve(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.FromSlash(path))
}
