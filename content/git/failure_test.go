package git

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/content"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

func TestRemoteDown(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	h := serve(t, a)
	o := h.options(t)
	read(t, repository(t, Config{URL: h.address()}, o))
	h.down.Store(true)

	r := repository(t, Config{URL: h.address()}, o)
	want(t, "the clone serves", read(t, r), "a.md=one")
	err := r.Fetch(t.Context())
	if err == nil || strings.Contains(err.Error(), "<h1>") {
		t.Errorf("err = %v", err)
	}
	change := read(t, r)
	want(t, "the clone still serves", change)
	if !errors.Is(change.Stale, err) {
		t.Errorf("Stale = %v, want %v", change.Stale, err)
	}
	h.down.Store(false)
	a.commit("a.md", "two")
	if change = fetch(t, r); change.Stale != nil {
		t.Errorf("Stale = %v after a good fetch", change.Stale)
	}
	want(t, "up again", change, "a.md=two")

	h.down.Store(true)
	r = repository(t, Config{URL: h.address()}, h.options(t))
	if _, err := r.Read(t.Context(), pages); err == nil {
		t.Error("no clone and no remote, but no error")
	}
	seen := h.seen.Load()
	if _, err := r.Read(t.Context(), pages); err == nil || h.seen.Load() != seen {
		t.Errorf("Read asks a remote that just failed: %v", err)
	}
	h.down.Store(false)
	want(t, "the first clone at last", fetch(t, r), "a.md=two")
}

func TestDamagedClone(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", strings.Repeat("one ", 1000), "b.md", "b")
	h := serve(t, a)
	all := []string{"a.md=" + strings.Repeat("one ", 1000), "b.md=b"}
	overwrite := func(name string) error { return os.WriteFile(name, []byte("rubbish"), 0o644) }
	for _, damage := range []struct {
		name, pattern string
		do            func(name string) error
	}{
		{"no pack", "objects/pack/*.pack", os.Remove},
		{"no index", "objects/pack/*.idx", os.Remove},
		{"rubbish for a pack", "objects/pack/*.pack", overwrite},
		{"rubbish for an index", "objects/pack/*.idx", overwrite},
		{"half a pack", "objects/pack/*.pack", func(name string) error { return os.Truncate(name, 100) }},
		{"no branch", "refs/heads/*", os.Remove},
		{"rubbish for a branch", "refs/heads/*", overwrite},
		{"nothing", "*", os.RemoveAll},
	} {
		t.Run(damage.name, func(t *testing.T) {
			o := h.options(t)
			first := repository(t, Config{URL: h.address()}, o)
			read(t, first)
			names, err := filepath.Glob(filepath.Join(first.cache, damage.pattern))
			if err != nil || len(names) == 0 {
				t.Fatal("nothing to damage", err)
			}
			for _, name := range names {
				a.must(os.Chmod(name, 0o755))
				a.must(damage.do(name))
			}
			want(t, "cloned anew", read(t, repository(t, Config{URL: h.address()}, o)), all...)
			rest, err := os.ReadDir(o.Cache)
			if err != nil || len(rest) != 1 {
				t.Errorf("left in the cache: %v, %v", rest, err)
			}
		})
	}
}

func TestDamageWhileRemoteIsDown(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	h := serve(t, a)
	r := repository(t, Config{URL: h.address()}, h.options(t))
	l := content.NewLibrary([]content.Entry{{Name: "site", Origin: r, Format: onePost{}}}, time.Now, slog.New(slog.DiscardHandler))
	l.Load(t.Context())
	h.down.Store(true)
	a.must(os.RemoveAll(r.cache))
	r.known = nil
	l.Load(t.Context())
	if s := l.Snapshot(); len(s.Posts()) != 1 || s.Entries()[0].Err == nil {
		t.Errorf("%d posts, state %+v", len(s.Posts()), s.Entries()[0])
	}
}

type onePost struct{}

func (onePost) Wants(string) bool { return true }
func (onePost) Update([]content.File, []string) ([]*content.Post, []content.Problem) {
	return []*content.Post{content.NewPost(content.Post{URL: "/a"}, nil)}, nil
}

func TestUnfinishedClonesAreCleared(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	h := serve(t, a)
	r := repository(t, Config{URL: h.address()}, h.options(t))
	for dir, age := range map[string]time.Duration{r.cache + ".new-1": 2 * abandoned, r.cache + ".new-2": abandoned / 2} {
		a.must(os.MkdirAll(dir, 0o755))
		a.must(os.Chtimes(dir, time.Time{}, time.Now().Add(-age)))
	}
	read(t, r)
	left, err := filepath.Glob(r.cache + ".new-*")
	if err != nil || len(left) != 1 || left[0] != r.cache+".new-2" {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestManyPacksAreClonedAnew(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	h := serve(t, a)
	r := repository(t, Config{URL: h.address()}, h.options(t))
	read(t, r)
	packs := filepath.Join(r.cache, "objects/pack")
	for range maxPacks {
		f, err := os.CreateTemp(packs, "pack-*.pack")
		a.must(err)
		a.must(f.Close())
	}
	want(t, "the same tree", fetch(t, r))
	if left, err := filepath.Glob(packs + "/*.pack"); err != nil || len(left) != 1 {
		t.Errorf("%d packs, %v", len(left), err)
	}
}

// TestSilentRemotes is about remotes that take the call and say nothing.
func TestSilentRemotes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, key := newKey(t)
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{Cache: t.TempDir(), SSHKey: key, KnownHosts: []string{known}}
	for _, scheme := range []string{"https://", "ssh://git@"} {
		r := repository(t, Config{URL: scheme + l.Addr().String() + "/site.git"}, o)
		r.timeout = 50 * time.Millisecond
		if _, err := r.Read(t.Context(), pages); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 50ms") {
			t.Errorf("%s: err = %v", scheme, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Fetch(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: err = %v", scheme, err)
		}
	}
}

func TestTokenStaysWithItsHost(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	const secret = "ghp_verysecret"
	h := serve(t, a)
	o := h.options(t)
	o.Token = secret
	r := repository(t, Config{URL: h.address()}, o)
	read(t, r)
	if h.told.Load() != 0 {
		t.Error("the token went to a host that did not ask")
	}
	token := secret
	h.token.Store(&token)
	a.commit("a.md", "two")
	want(t, "private now", fetch(t, r), "a.md=two")
	seen := h.seen.Load()
	fetch(t, r)
	if got := h.seen.Load() - seen; got != 1 {
		t.Errorf("%d requests to find nothing new, want 1", got)
	}

	other := "another"
	h.token.Store(&other)
	if err := r.Fetch(t.Context()); err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "refuses GIT_TOKEN") {
		t.Errorf("err = %v", err)
	}
	named := strings.Replace(h.address(), "https://", "https://"+secret+"@", 1)
	nobody := "https://" + secret + "@127.0.0.1:1/site"
	for _, address := range []string{named, nobody} {
		if err := repository(t, Config{URL: address}, o).Fetch(t.Context()); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("err = %v", err)
		}
	}
	o.Token = ""
	if err := repository(t, Config{URL: h.address()}, o).Fetch(t.Context()); err == nil || !strings.Contains(err.Error(), "GIT_TOKEN") {
		t.Errorf("err = %v", err)
	}

	// A host that asks, is told, and sends us on to another one.
	mover := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if _, _, ok := req.BasicAuth(); !ok {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		http.Redirect(w, req, h.URL+req.URL.String(), http.StatusFound)
	}))
	defer mover.Close()
	h.told.Store(0)
	h.token.Store(nil)
	o.Token, o.HTTP = secret, mover.Client()
	want(t, "moved", read(t, repository(t, Config{URL: mover.URL + "/site/.git"}, o)), "a.md=two")
	if h.told.Load() != 0 {
		t.Error("the token followed a redirect to another host")
	}
}

func TestRemoteSendsTooMuch(t *testing.T) {
	h := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "001e# service=git-upload-pack\n0000")
		line := "0044" + strings.Repeat("1", 40) + " refs/heads/" + strings.Repeat("x", 10) + "\n\n"
		for range 2 * maxRefs / len(line) {
			if _, err := io.WriteString(w, line); err != nil {
				return
			}
		}
	}))
	defer h.Close()
	o := Options{Cache: t.TempDir(), HTTP: h.Client()}
	if err := repository(t, Config{URL: h.URL + "/site"}, o).Fetch(t.Context()); err == nil {
		t.Error("no error")
	}
	if _, err := io.Copy(io.Discard, &capped{strings.NewReader("12345"), 4}); !errors.Is(err, errTooMuch) {
		t.Errorf("err = %v", err)
	}
}

func TestLocalRepositoryThatIsNone(t *testing.T) {
	dir := t.TempDir()
	err := repository(t, Config{URL: dir}, Options{Cache: t.TempDir()}).Fetch(t.Context())
	if err == nil || !strings.Contains(err.Error(), "status 128") || strings.Contains(err.Error(), "\n") {
		t.Errorf("err = %v", err)
	}
	t.Setenv("PATH", dir)
	if _, err := New(Config{URL: dir}, Options{}); err == nil || !strings.Contains(err.Error(), "needs git installed") {
		t.Errorf("err = %v", err)
	}
}

func TestEmptyRemote(t *testing.T) {
	a := newAuthor(t)
	h := serve(t, a)
	sshAddress, sshOptions := serveSSH(t, a)
	for address, o := range map[string]Options{h.address(): h.options(t), sshAddress: sshOptions, a.dir: {Cache: t.TempDir()}} {
		if err := repository(t, Config{URL: address}, o).Fetch(t.Context()); !errors.Is(err, transport.ErrEmptyRemoteRepository) {
			t.Errorf("%s: err = %v", address, err)
		}
	}
	if _, _, err := choose(packp.NewAdvRefs(), ""); err == nil {
		t.Error("a remote without HEAD has a default branch")
	}
}

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Hour)
		defer cancel()
		var calls []time.Time
		poll(ctx, 10*time.Minute, func() error {
			calls = append(calls, time.Now())
			if n := len(calls); n > 2 && n < 9 {
				return errors.New("down")
			}
			return nil
		})
		minutes := []float64{10, 10, 10, 20, 40, 60, 60, 60, 10, 10}
		if len(calls) <= len(minutes) {
			t.Fatalf("%d calls", len(calls))
		}
		for i, want := range minutes {
			if got := calls[i+1].Sub(calls[i]).Minutes(); got < want*0.9 || got > want*1.1 {
				t.Errorf("pause %d is %.1f minutes, want %v ± 10 %%", i, got, want)
			}
		}
	})
}

func TestWatchFetchesAtOnce(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	h := serve(t, a)
	r := repository(t, Config{URL: h.address()}, h.options(t))
	ctx, cancel := context.WithCancel(t.Context())
	rounds := 0
	r.Watch(ctx, func() {
		rounds++
		want(t, "in Watch", read(t, r), "a.md=one")
		cancel()
	})
	if rounds != 1 {
		t.Errorf("%d rounds", rounds)
	}
}
