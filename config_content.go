package main

import (
	"path/filepath"
	"slices"
	"strings"

	"cloudnative.tw/herald/content/git"
	"cloudnative.tw/herald/content/site"
)

// Entry is one part of the community's own writing: where its files are and how
// they become pages.
type Entry struct {
	// Path is a folder. In the file it is relative to config.yaml; after loading
	// it can be opened.
	Path string `yaml:"path"`
	// Git names a repository, which is read instead of a folder.
	Git  git.Config  `yaml:",inline"`
	Site site.Config `yaml:",inline"`
}

// contentSources returns the names of the sources of the community's own
// writing.
func (c *Config) contentSources() []string {
	var names []string
	for _, e := range c.Content {
		names = append(names, e.Value.Site.Sources(e.Name)...)
	}
	return names
}

// own reports whether all of the sources are the community's own writing.
func (c *Config) own(sources []string) bool {
	own := c.contentSources()
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(s string) bool { return !slices.Contains(own, s) })
}

// sourcePath returns the path of the setting that names an entry's source.
func (c *Config) sourcePath(entry, source string) string {
	path := "content." + entry
	if e := c.Content.get(entry); e != nil && e.Site.Folders[source] != "" {
		path += ".folders." + source
	}
	return path
}

// resolveRepository returns the address of a repository; a path on this machine,
// which has neither a scheme nor a host, is seen from the config's folder.
func resolveRepository(dir, address string) string {
	if strings.Contains(address, ":") {
		return address
	}
	return resolve(dir, address)
}

// resolve returns path as it can be opened, seen from the config's folder.
func resolve(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.FromSlash(path))
}
