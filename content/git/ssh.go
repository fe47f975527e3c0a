package git

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	"golang.org/x/crypto/ssh"
)

// dialSSH begins a session over ssh. The host's key must be known.
func (r *Repository) dialSSH(ctx context.Context) (*pipe, error) {
	port := r.endpoint.Port
	if port == 0 {
		port = gitssh.DefaultPort
	}
	address := net.JoinHostPort(strings.Trim(r.endpoint.Host, "[]"), strconv.Itoa(port))
	config, err := r.sshConfig(address)
	if err != nil {
		return nil, err
	}
	dial := r.options.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	c, chans, requests, err := ssh.NewClientConn(conn, address, config)
	if err != nil {
		stop()
		return nil, errors.Join(err, conn.Close())
	}
	client := ssh.NewClient(c, chans, requests)
	p, err := r.startRemote(client)
	if err != nil {
		stop()
		return nil, errors.Join(err, client.Close())
	}
	hangUp := p.close
	p.close = func() error {
		stop()
		return hangUp()
	}
	return p, nil
}

func (r *Repository) sshConfig(address string) (*ssh.ClientConfig, error) {
	if len(r.options.SSHKey) == 0 {
		return nil, errors.New("ssh needs a private key: set GIT_SSH_KEY")
	}
	key, err := ssh.ParsePrivateKey(r.options.SSHKey)
	if err != nil {
		return nil, fmt.Errorf("read the key of GIT_SSH_KEY: %w", err)
	}
	hosts, err := gitssh.NewKnownHostsDb(r.options.KnownHosts...)
	if err != nil {
		return nil, fmt.Errorf("read the known hosts: %w", err)
	}
	user := r.endpoint.User
	if user == "" {
		user = gitssh.DefaultUsername
	}
	return &ssh.ClientConfig{
		User:              user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(key)},
		HostKeyCallback:   hosts.HostKeyCallback(),
		HostKeyAlgorithms: hosts.HostKeyAlgorithms(address),
	}, nil
}

func (r *Repository) startRemote(client *ssh.Client) (*pipe, error) {
	s, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	p := &pipe{said: &excerpt{}}
	s.Stderr = p.said
	if p.in, err = s.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = &capped{Reader: out}
	p.close = func() error {
		_ = client.Close()
		err := s.Wait()
		_ = client.Wait()
		return err
	}
	// Single quotes, as the other end may hand the line to a shell.
	quoted := "'" + strings.ReplaceAll(r.endpoint.Path, "'", `'\''`) + "'"
	return p, s.Start("git-upload-pack " + quoted)
}
