package feeds

import (
	"context"
	"time"
)

// Kind is what a Notice is about.
type Kind string

const (
	// Failing: the source has failed for so long that moderators should know.
	Failing Kind = "failing"
	// Gone: the source says that it will never be back.
	Gone Kind = "gone"
	// Recovered: the source that was Failing or Gone can be read again.
	Recovered Kind = "recovered"
	// Remark: the source has something to say although all is well, such as that
	// it has moved.
	Remark Kind = "remark"
)

// Notice is what moderators should know of a source. A source tells each thing
// once: of the same Source, Feed, Kind, Since and Text are the same notice.
type Notice struct {
	// Source and Feed are Of and Feed of its Watch.
	Source, Feed string
	Kind         Kind
	// Since is when the source began to fail; zero with Remark.
	Since time.Time
	// Text is what the last poll said, or the remark; "" with Recovered. It is in
	// English and comes from outside.
	Text string
}

// Teller tells moderators.
type Teller interface {
	// Tell returns once the notice is sure to be told. After an error it comes
	// again, and after a crash the same notice may.
	Tell(ctx context.Context, now time.Time, n Notice) error
}

// tell reports whether n is told of w, or nobody wants to know.
func (p *Poller) tell(ctx context.Context, now time.Time, w *watched, n Notice) bool {
	if p.config.Teller == nil {
		return true
	}
	n.Source, n.Feed = w.Of, w.Feed
	if err := p.config.Teller.Tell(ctx, now, n); err != nil {
		p.config.Log.Error("moderators could not be told of a source", w.named("kind", n.Kind, "err", err)...)
		return false
	}
	return true
}
