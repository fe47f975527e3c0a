// Package git reads a content tree from a git repository: over https, over ssh,
// or from this machine where git is installed.
//
// The repository is kept as a bare clone with its full history in a cache
// directory, so that content is there at once after a restart and while the
// remote is down. Only what a new commit changed is read.
//
// The package speaks to remotes through go-git's sessions and not through
// git.Remote, because that one finds its transport in a table that is global to
// the process: here each Repository has its own HTTP client, token and keys.
package git

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"sync"
	"time"

	"cloudnative.tw/herald/content"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// fetchTimeout is how long one fetch may take, the first one too.
const fetchTimeout = 5 * time.Minute

// Options are what a Repository needs of its surroundings.
type Options struct {
	// Cache is the directory for clones; each Repository has its own below it.
	Cache string
	// HTTP is the client for https, whose transport decides which addresses may
	// be reached; nil is http.DefaultClient. Redirects are followed at the
	// beginning of a fetch only, as git does.
	HTTP *http.Client
	// Dial connects for ssh; nil is net.Dialer's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Token is the password for https. It is sent when the host of Config.URL
	// asks for one, and never to another host.
	Token string
	// SSHKey is the private key for ssh in PEM, without a passphrase.
	SSHKey []byte
	// KnownHosts are the files with the keys of ssh hosts, as in sshd(8); when
	// empty, those in $SSH_KNOWN_HOSTS, else the user's and the system's.
	KnownHosts []string
}

// Repository is the content.Origin of a git repository.
type Repository struct {
	config   Config
	options  Options
	endpoint *transport.Endpoint
	cache    string        // the bare clone
	timeout  time.Duration // fetchTimeout

	mu      sync.Mutex // one fetch or read at a time; guards what follows
	private bool       // whether the host has asked for the token
	failed  error      // why the last fetch failed
	commit  plumbing.Hash
	known   map[string]blob // as of commit, by path below the content's root; nil if none was read
}

// blob is a file in a commit.
type blob struct {
	hash plumbing.Hash
	err  error // why it is not read
}

// New returns the origin of the repository, or what is wrong with config.
// Nothing is fetched yet.
func New(config Config, options Options) (*Repository, error) {
	var wrong []error
	config.Check(func(path string, err error) {
		wrong = append(wrong, fmt.Errorf("%s: %w", path, err))
	})
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	endpoint, err := config.endpoint()
	if err != nil {
		return nil, err
	}
	// The name holds all that makes two clones differ, so that a changed config
	// never shows the tree of the old one.
	sum := sha256.Sum256([]byte(config.URL + "\x00" + config.Ref + "\x00" + config.dir()))
	name := fmt.Sprintf("%s-%x.git", path.Base(filepath.ToSlash(endpoint.Path)), sum[:8])
	return &Repository{
		config:   config,
		options:  options,
		endpoint: endpoint,
		cache:    filepath.Join(options.Cache, name),
		timeout:  fetchTimeout,
	}, nil
}

// Read implements content.Origin. It reads the clone and fetches only if there
// is none, or a damaged one. Change.Stale is why the last fetch failed.
func (r *Repository) Read(ctx context.Context, wants func(path string) bool) (content.Change, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change, err := r.read(ctx, wants)
	var damage *damageError
	if !errors.As(err, &damage) {
		return change, err
	}
	if r.failed != nil {
		return content.Change{}, r.failed
	}
	if r.failed = r.bounded(ctx, r.clone); r.failed != nil {
		return content.Change{}, r.failed
	}
	return r.read(ctx, wants)
}

// Fetch brings the clone up to date with the remote. Watch does so regularly;
// call it before Read where the news of this moment are wanted.
func (r *Repository) Fetch(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = r.bounded(ctx, r.fetch)
	return r.failed
}

// bounded runs a transfer within the time it may take.
func (r *Repository) bounded(ctx context.Context, transfer func(context.Context) error) error {
	late := fmt.Errorf("no answer or no end within %v: %w", r.timeout, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout, late)
	defer cancel()
	err := transfer(ctx)
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil { // says more than "closed connection"
		err = cause
	}
	return fmt.Errorf("fetch %s: %w", r.place(), err)
}

// place is the repository's address for messages, without the user, who may be
// a token in disguise.
func (r *Repository) place() string {
	e := *r.endpoint
	e.User = ""
	return e.String()
}
