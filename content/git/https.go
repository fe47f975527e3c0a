package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// connectHTTPS begins a session over https. The token stays here until the host
// asks for it, so that public repositories never see it, and go-git drops it
// where a redirect leaves the host.
func (r *Repository) connectHTTPS(ctx context.Context) (session, *packp.AdvRefs, error) {
	if !r.private {
		s, refs, err := r.ask(ctx, nil)
		if !errors.Is(err, transport.ErrAuthenticationRequired) {
			return s, refs, err
		}
		if r.options.Token == "" {
			return nil, nil, fmt.Errorf("the host wants a token; is GIT_TOKEN set? %w", err)
		}
	}
	user := r.endpoint.User
	if user == "" {
		user = "git" // hosts look at the token only
	}
	s, refs, err := r.ask(ctx, &githttp.BasicAuth{Username: user, Password: r.options.Token})
	if errors.Is(err, transport.ErrAuthenticationRequired) {
		return nil, nil, fmt.Errorf("the host refuses GIT_TOKEN: %w", err)
	}
	r.private = err == nil
	return s, refs, err
}

// ask begins a session and asks for the references.
func (r *Repository) ask(ctx context.Context, auth transport.AuthMethod) (session, *packp.AdvRefs, error) {
	client := http.Client{Transport: http.DefaultTransport}
	if r.options.HTTP != nil {
		client = *r.options.HTTP
	}
	client.Transport = bounded{client.Transport}
	// The session notes a redirect in its endpoint, and that is for once only.
	// The user stands in auth; errors of net/http would tell it.
	endpoint := *r.endpoint
	endpoint.User = ""
	s, err := githttp.NewClient(&client).NewUploadPackSession(&endpoint, auth)
	if err != nil {
		return nil, nil, err
	}
	refs, err := s.AdvertisedReferencesContext(ctx)
	return s, refs, err
}

// bounded bounds what a remote may send, and puts a few words in place of the
// pages that come with errors: go-git would put all of a page into its error.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	res, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		res.Body = io.NopCloser(strings.NewReader(http.StatusText(res.StatusCode)))
		return res, nil
	}
	limit := int64(maxPack)
	if req.Method == http.MethodGet {
		limit = maxRefs
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{&capped{res.Body, limit}, res.Body}
	return res, nil
}
