package main

import (
	"context"
	"fmt"
	"time"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/folder"
	"cloudnative.tw/herald/content/git"
	"cloudnative.tw/herald/feeds/fetch"
)

// origins makes the places that content comes from. What only repositories need
// is looked for when the first of them is made.
type origins struct {
	env       environment
	web       func() *fetch.Client // for repositories over https
	clones    string               // the directory of the repositories' clones
	onWaiting func(entry string)

	options *git.Options // nil until a repository is made
}

// of returns where an entry's files come from.
func (o *origins) of(name string, e Entry) (content.Origin, error) {
	if e.Git == (git.Config{}) {
		return folder.New(e.Path, o.env.now), nil
	}
	options, err := o.git()
	if err != nil {
		return nil, err
	}
	repository, err := git.New(e.Git, options)
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("content.%s: %w", name, err)}
	}
	return slow{repository, func() { o.onWaiting(name) }}, nil
}

// git returns what all repositories have in common.
func (o *origins) git() (git.Options, error) {
	if o.options != nil {
		return *o.options, nil
	}
	token, err := o.env.secret("GIT_TOKEN")
	if err != nil {
		return git.Options{}, err
	}
	key, err := o.env.secret("GIT_SSH_KEY")
	if err != nil {
		return git.Options{}, err
	}
	o.options = &git.Options{Cache: o.clones, HTTP: o.web().HTTP(), Token: token}
	if key != "" {
		o.options.SSHKey = []byte(key + "\n") // PEM ends with a line end
	}
	return *o.options, nil
}

// slow is an origin whose first reading may take minutes.
type slow struct {
	content.Origin
	waiting func() // called when reading takes long
}

// Read implements content.Origin.
func (s slow) Read(ctx context.Context, wants func(path string) bool) (content.Change, error) {
	timer := time.AfterFunc(patience, s.waiting)
	defer timer.Stop()
	return s.Origin.Read(ctx, wants)
}
