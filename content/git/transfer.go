package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// Limits of what a remote may send, in bytes: the list of its references, and
// one pack.
const (
	maxRefs = 32 << 20
	maxPack = 1 << 30
)

var errTooMuch = errors.New("the remote sends more than is read")

// session is a conversation with a remote, of which go-git has one for https.
type session interface {
	AdvertisedReferencesContext(ctx context.Context) (*packp.AdvRefs, error)
	UploadPack(ctx context.Context, req *packp.UploadPackRequest) (*packp.UploadPackResponse, error)
	Close() error
}

// connect begins a session and asks for the references.
func (r *Repository) connect(ctx context.Context) (session, *packp.AdvRefs, error) {
	switch r.endpoint.Protocol {
	case "https":
		return r.connectHTTPS(ctx)
	case "ssh":
		return begin(ctx, r.dialSSH)
	default:
		return begin(ctx, r.startLocal)
	}
}

func begin(ctx context.Context, open func(context.Context) (*pipe, error)) (session, *packp.AdvRefs, error) {
	p, err := open(ctx)
	if err != nil {
		return nil, nil, err
	}
	refs, err := p.AdvertisedReferencesContext(ctx)
	if err != nil {
		if said := p.Close(); said != nil {
			err = fmt.Errorf("%w (%w)", err, said)
		}
		return nil, nil, err
	}
	return p, refs, nil
}

// transfer fetches what st lacks of the configured ref and returns its commit.
// have are commits that st holds.
func (r *Repository) transfer(ctx context.Context, st storer.Storer, have []plumbing.Hash) (plumbing.Hash, error) {
	s, refs, err := r.connect(ctx)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	defer s.Close()
	target, wants, err := choose(refs, r.config.Ref)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	req := packp.NewUploadPackRequestFromCapabilities(refs.Capabilities)
	req.Haves = have
	for _, hash := range wants {
		if st.HasEncodedObject(hash) != nil {
			req.Wants = append(req.Wants, hash)
		}
	}
	if len(req.Wants) > 0 {
		if err := download(ctx, s, req, st); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return commitOf(st, target)
}

func download(ctx context.Context, s session, req *packp.UploadPackRequest, st storer.Storer) error {
	res, err := s.UploadPack(ctx, req)
	if err != nil {
		return err
	}
	defer res.Close()
	var pack io.Reader = res
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		pack = sideband.NewDemuxer(sideband.Sideband64k, res)
	case req.Capabilities.Supports(capability.Sideband):
		pack = sideband.NewDemuxer(sideband.Sideband, res)
	}
	return packfile.UpdateObjectStorage(st, pack)
}

// choose returns the object that ref names and the objects to ask for.
func choose(refs *packp.AdvRefs, ref string) (target plumbing.Hash, wants []plumbing.Hash, err error) {
	if ref == "" {
		if refs.Head == nil {
			return target, nil, errors.New("the remote has no default branch; name one as ref")
		}
		return *refs.Head, []plumbing.Hash{*refs.Head}, nil
	}
	if plumbing.IsHash(ref) {
		// Not every remote gives out a commit that is no tip, so ask for all that
		// it may be in.
		for name, hash := range refs.References {
			if strings.HasPrefix(name, "refs/heads/") || strings.HasPrefix(name, "refs/tags/") {
				wants = append(wants, hash)
			}
		}
		return plumbing.NewHash(ref), wants, nil
	}
	for _, name := range []string{ref, "refs/heads/" + ref, "refs/tags/" + ref} {
		if hash, ok := refs.References[name]; ok {
			return hash, []plumbing.Hash{hash}, nil
		}
	}
	return target, nil, fmt.Errorf("the remote has no branch or tag %q", ref)
}

// commitOf returns the commit that hash is, or that the tag leads to.
func commitOf(st storer.EncodedObjectStorer, hash plumbing.Hash) (plumbing.Hash, error) {
	for range 8 { // tags of tags
		o, err := st.EncodedObject(plumbing.AnyObject, hash)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("the remote did not send %s: %w", hash, err)
		}
		if o.Type() == plumbing.CommitObject {
			return hash, nil
		}
		tag, err := object.DecodeObject(st, o)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("read %s: %w", hash, err)
		}
		t, ok := tag.(*object.Tag)
		if !ok {
			return plumbing.ZeroHash, fmt.Errorf("%s is a %s, not a commit", hash, o.Type())
		}
		hash = t.Target
	}
	return plumbing.ZeroHash, fmt.Errorf("%s is a tag that leads to no commit", hash)
}

// capped reads at most left bytes and then fails, so that what was cut off is
// not taken for whole.
type capped struct {
	io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.Reader.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
