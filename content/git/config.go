package git

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport"
)

const (
	// DefaultEvery is how often a repository is asked for news.
	DefaultEvery = 5 * time.Minute
	minEvery     = time.Minute
)

// Config is the part of a content entry in config.yaml that names a repository.
type Config struct {
	// URL is the repository's address: https://host/path, ssh://user@host/path,
	// user@host:path, or a path on this machine where git is installed.
	URL string `yaml:"git"`
	// Ref is a branch, a tag or the 40 digits of a commit; when empty, the
	// remote's default branch.
	Ref string `yaml:"ref"`
	// Dir is the directory of the repository that is the content's root; when
	// empty, the whole repository.
	Dir string `yaml:"dir"`
	// Every is how often to ask for news, at least a minute; when zero,
	// DefaultEvery.
	Every time.Duration `yaml:"every"`
}

// Check calls report for everything that is wrong, with the path of the key
// within the entry.
func (c Config) Check(report func(path string, err error)) {
	if _, err := c.endpoint(); err != nil {
		report("git", err)
	}
	if dir := c.dir(); dir != "" && !fs.ValidPath(dir) {
		report("dir", fmt.Errorf("must be a path within the repository, without . or .. (got %q)", c.Dir))
	}
	if c.Every != 0 && c.Every < minEvery {
		report("every", fmt.Errorf("must be at least %v (got %v)", minEvery, c.Every))
	}
}

// endpoint returns the parsed URL. Its errors do not repeat what was written,
// because that may hold a secret.
func (c Config) endpoint() (*transport.Endpoint, error) {
	if c.URL == "" {
		return nil, errors.New("must be the address of a repository")
	}
	e, err := transport.NewEndpoint(c.URL)
	if err != nil { // it quotes what it could not read
		return nil, errors.New("cannot be read as an address")
	}
	if e.Password != "" {
		return nil, errors.New("must not hold a password or token; set GIT_TOKEN instead")
	}
	switch e.Protocol {
	case "https", "ssh":
		if e.Host == "" {
			return nil, errors.New("names no host")
		}
	case "file":
		if _, err := exec.LookPath("git"); err != nil {
			return nil, fmt.Errorf("a repository on this machine needs git installed: %w", err)
		}
	default:
		return nil, fmt.Errorf("must begin with https:// or ssh://, be user@host:path or a path on this machine (got %s://)", e.Protocol)
	}
	return e, nil
}

func (c Config) dir() string { return strings.Trim(c.Dir, "/") }

func (c Config) every() time.Duration {
	if c.Every == 0 {
		return DefaultEvery
	}
	return c.Every
}
