package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

// pipe is a session with a git-upload-pack at the other end, on this machine or
// behind ssh. go-git has such sessions too, but theirs cannot be bounded in
// time while they connect.
// https://git-scm.com/docs/gitprotocol-pack
type pipe struct {
	in    io.WriteCloser
	out   *capped
	said  *excerpt // what it wrote to its standard error
	close func() error
}

// AdvertisedReferencesContext reads the references. The context that the pipe
// was made with bounds it.
func (p *pipe) AdvertisedReferencesContext(context.Context) (*packp.AdvRefs, error) {
	refs := packp.NewAdvRefs()
	p.out.left = maxRefs
	switch err := refs.Decode(p.out); {
	case errors.Is(err, packp.ErrEmptyAdvRefs):
		return nil, transport.ErrEmptyRemoteRepository
	case err != nil:
		return nil, fmt.Errorf("read the remote's references: %w", err)
	}
	transport.FilterUnsupportedCapabilities(refs.Capabilities)
	return refs, nil
}

// UploadPack asks for a pack. The context that the pipe was made with bounds it.
func (p *pipe) UploadPack(_ context.Context, req *packp.UploadPackRequest) (*packp.UploadPackResponse, error) {
	p.out.left = maxPack
	if err := req.UploadRequest.Encode(p.in); err != nil {
		return nil, fmt.Errorf("ask for commits: %w", err)
	}
	if err := req.UploadHaves.Encode(p.in, false); err != nil {
		return nil, fmt.Errorf("ask for commits: %w", err)
	}
	if err := pktline.NewEncoder(p.in).EncodeString("done\n"); err != nil {
		return nil, fmt.Errorf("ask for commits: %w", err)
	}
	res := packp.NewUploadPackResponse(req)
	if err := res.Decode(io.NopCloser(p.out)); err != nil {
		return nil, fmt.Errorf("read the remote's answer: %w", err)
	}
	return res, nil
}

// Close ends the session and returns what the other end complained about.
func (p *pipe) Close() error {
	_ = p.in.Close()
	if err := p.close(); err != nil && p.said.Len() > 0 {
		return fmt.Errorf("%w: %q", err, p.said.String())
	}
	return nil
}

// startLocal begins a session with the git of this machine.
func (r *Repository) startLocal(ctx context.Context) (*pipe, error) {
	ctx, cancel := context.WithCancel(ctx)
	git := exec.CommandContext(ctx, "git", "upload-pack", r.endpoint.Path)
	git.WaitDelay = time.Second
	p := &pipe{said: &excerpt{}}
	git.Stderr = p.said
	p.close = func() error {
		cancel() // it has sent all that was asked for, or is of no use any more
		return git.Wait()
	}
	var err error
	if p.in, err = git.StdinPipe(); err != nil {
		cancel()
		return nil, err
	}
	out, err := git.StdoutPipe()
	if err != nil {
		cancel()
		return nil, err
	}
	p.out = &capped{Reader: out}
	if err := git.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("run git: %w", err)
	}
	return p, nil
}

// excerpt keeps the beginning of what is written to it.
type excerpt struct{ bytes.Buffer }

func (e *excerpt) Write(p []byte) (int, error) {
	const enough = 300
	if room := enough - e.Len(); room > 0 {
		e.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
