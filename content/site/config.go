package site

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Config is the part of a content entry in config.yaml that says how its files
// become pages.
type Config struct {
	// Format names the site generator: one of Formats.
	Format string `yaml:"format"`
	// URL is where the pages are: for docusaurus the site's address without a
	// path ("https://cloudnative.tw"), for glossary the address of the list of
	// terms ("https://glossary.cncf.io/zh-tw/").
	URL string `yaml:"url"`
	// BaseURL, BlogRoute and DocsRoute are docusaurus' baseUrl and the two
	// routeBasePath; when empty, "/", "blog" and "docs". A route of "/" is the
	// site's root.
	BaseURL   string `yaml:"base_url"`
	BlogRoute string `yaml:"blog_route"`
	DocsRoute string `yaml:"docs_route"`
	// TrailingSlash is docusaurus' trailingSlash; nil if the site does not set it.
	TrailingSlash *bool `yaml:"trailing_slash"`
	// Folders are the sources: names and the folders they stand for, relative to
	// the site's root. The deepest folder that holds a file is its source; a
	// file in none is not a post. Without Folders every page is a post and the
	// entry's name is the only source.
	Folders map[string]string `yaml:"folders"`
	// License is what has to be named where text of these pages is quoted.
	License string `yaml:"license"`
	// Language is the BCP 47 tag of the pages that name none; when empty, it is
	// guessed for each page.
	Language string `yaml:"language"`
}

// Formats lists the values of Config.Format.
func Formats() []string { return slices.Sorted(maps.Keys(generators())) }

// Sources returns the names that posts of the entry carry in content.Post's
// Source, sorted.
func (c Config) Sources(entry string) []string {
	if len(c.Folders) == 0 {
		return []string{entry}
	}
	return slices.Sorted(maps.Keys(c.Folders))
}

// Check calls report for everything that is wrong, with the path of the key
// within the entry.
func (c Config) Check(report func(path string, err error)) {
	if _, ok := generators()[c.Format]; !ok {
		report("format", fmt.Errorf("must be one of %s (got %q)", strings.Join(Formats(), ", "), c.Format))
	}
	if err := checkURL(c.URL, c.Format == docusaurusFormat); err != nil {
		report("url", err)
	}
	if c.Language != "" {
		if _, err := language.Parse(c.Language); err != nil {
			report("language", fmt.Errorf("must be a language tag such as zh-TW or en (got %q)", c.Language))
		}
	}
	if c.Format == glossaryFormat {
		c.checkGlossary(report)
		return
	}
	for _, p := range []struct{ key, path string }{
		{"base_url", c.BaseURL}, {"blog_route", c.BlogRoute}, {"docs_route", c.DocsRoute},
	} {
		if strings.ContainsAny(p.path, `?#\ `) || strings.Contains(p.path, "//") {
			report(p.key, fmt.Errorf("must be a path such as / or /news/ (got %q)", p.path))
		}
	}
	c.checkFolders(report)
}

// checkGlossary reports the keys that mean nothing to a glossary.
func (c Config) checkGlossary(report func(path string, err error)) {
	for _, k := range []struct {
		key string
		set bool
	}{
		{"base_url", c.BaseURL != ""}, {"blog_route", c.BlogRoute != ""}, {"docs_route", c.DocsRoute != ""},
		{"trailing_slash", c.TrailingSlash != nil}, {"folders", len(c.Folders) > 0},
	} {
		if k.set {
			report(k.key, fmt.Errorf("is of the format %s only", docusaurusFormat))
		}
	}
}

func (c Config) checkFolders(report func(path string, err error)) {
	names := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(c.Folders)) {
		folder := c.Folders[name]
		key := "folders." + name
		if err := checkFolder(folder); err != nil {
			report(key, err)
			continue
		}
		folder = path.Clean(folder)
		if other, ok := names[folder]; ok {
			report(key, fmt.Errorf("is the same folder as %s (%q)", other, folder))
		}
		names[folder] = name
	}
}

// checkFolder tells whether folder can hold posts of a Docusaurus site.
func checkFolder(folder string) error {
	clean := path.Clean(folder)
	switch first, _, _ := strings.Cut(clean, "/"); {
	case folder == "" || strings.HasPrefix(folder, "/") || strings.Contains(folder, `\`) || first == "..":
		return fmt.Errorf("must be a folder of the site, such as docs/meetups (got %q)", folder)
	case clean != "." && first != blogFolder && first != docsFolder:
		return fmt.Errorf("must be %s, %s or a folder in one of them (got %q)", blogFolder, docsFolder, folder)
	}
	return nil
}

func checkURL(s string, bare bool) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return fmt.Errorf("must be an address such as https://example.org (got %q)", s)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("must be an address without ? # or @ (got %q)", u.Redacted())
	case bare && strings.Trim(u.Path, "/") != "":
		return fmt.Errorf("must be an address without a path, which belongs in base_url (got %q)", s)
	}
	return nil
}

// check returns everything that is wrong as one error.
func (c Config) check() error {
	var errs []error
	c.Check(func(path string, err error) { errs = append(errs, fmt.Errorf("%s: %w", path, err)) })
	return errors.Join(errs...)
}
