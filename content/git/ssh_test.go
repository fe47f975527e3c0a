package git

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func newKey(t *testing.T) (ssh.Signer, []byte) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer, pem.EncodeToMemory(block)
}

// serveSSH serves the author's repository over ssh to one key.
func serveSSH(t *testing.T, a *author) (address string, o Options) {
	t.Helper()
	hostKey, _ := newKey(t)
	userKey, private := newKey(t)
	server := &ssh.ServerConfig{PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if c.User() != "git" || string(key.Marshal()) != string(userKey.PublicKey().Marshal()) {
			return nil, errors.New("not a friend")
		}
		return nil, nil
	}}
	server.AddHostKey(hostKey)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var guests sync.WaitGroup
	guests.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			guests.Go(func() {
				defer conn.Close()
				uploadPack(conn, server)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		guests.Wait()
	})
	known := filepath.Join(t.TempDir(), "known_hosts")
	line := knownhosts.Line([]string{l.Addr().String()}, hostKey.PublicKey())
	if err := os.WriteFile(known, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return "ssh://git@" + l.Addr().String() + a.dir, Options{Cache: t.TempDir(), SSHKey: private, KnownHosts: []string{known}}
}

// uploadPack runs what one guest asks for.
func uploadPack(conn net.Conn, config *ssh.ServerConfig) {
	_, chans, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	var discards sync.WaitGroup
	defer discards.Wait()
	discards.Go(func() { ssh.DiscardRequests(requests) })
	for offer := range chans {
		channel, requests, err := offer.Accept()
		if err != nil {
			return
		}
		request := <-requests
		if request == nil || request.Type != "exec" {
			return
		}
		discards.Go(func() { ssh.DiscardRequests(requests) })
		_ = request.Reply(true, nil)
		git := exec.Command("sh", "-c", string(request.Payload[4:]))
		git.Stdout, git.Stderr = channel, channel.Stderr()
		stdin, err := git.StdinPipe()
		if err != nil {
			return
		}
		discards.Go(func() {
			_, _ = io.Copy(stdin, channel)
			_ = stdin.Close()
		})
		status := []byte{0, 0, 0, 0}
		if git.Run() != nil {
			status[3] = 1
		}
		_, _ = channel.SendRequest("exit-status", false, status)
		_ = channel.Close()
	}
}

func TestSSHRefusals(t *testing.T) {
	a := newAuthor(t)
	a.commit("a.md", "one")
	address, good := serveSSH(t, a)
	_, otherKey := newKey(t)
	otherHost, _ := newKey(t)
	wrongHosts := filepath.Join(t.TempDir(), "known_hosts")
	line := knownhosts.Line([]string{strings.Split(address, "/")[2][len("git@"):]}, otherHost.PublicKey())
	a.must(os.WriteFile(wrongHosts, []byte(line+"\n"), 0o600))
	for _, test := range []struct {
		name   string
		mend   func(o *Options)
		naming string
	}{
		{"no key", func(o *Options) { o.SSHKey = nil }, "GIT_SSH_KEY"},
		{"a broken key", func(o *Options) { o.SSHKey = []byte("secret") }, "GIT_SSH_KEY"},
		{"another's key", func(o *Options) { o.SSHKey = otherKey }, "unable to authenticate"},
		{"another host", func(o *Options) { o.KnownHosts = []string{wrongHosts} }, "key mismatch"},
		{"no known hosts", func(o *Options) { o.KnownHosts = []string{"nowhere"} }, "known_hosts"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := good
			o.Cache = t.TempDir()
			test.mend(&o)
			_, err := repository(t, Config{URL: address}, o).Read(t.Context(), pages)
			if err == nil || !strings.Contains(err.Error(), test.naming) {
				t.Errorf("err = %v, want one that names %q", err, test.naming)
			}
		})
	}
	for _, address := range []string{address + "'; echo '", strings.TrimSuffix(address, "site") + "nowhere"} {
		_, err := repository(t, Config{URL: address}, good).Read(t.Context(), pages)
		if err == nil || !strings.Contains(err.Error(), "status 1") {
			t.Errorf("%s: err = %v", address, err)
		}
	}
}
