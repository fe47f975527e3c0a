package announce

import (
	"context"
	"errors"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/feeds"
)

// Store remembers items and keeps the ledger.
type Store interface {
	// Known returns what is remembered of an origin; of one that was never
	// recorded, a Known whose Generation is 0.
	Known(ctx context.Context, origin string) (Known, error)
	// Record writes r in one transaction. The error is ErrStale, and nothing is
	// written, when another process was faster: the origin was recorded since
	// r.Generation, a tick was carried out, or one of a digest's members waits for
	// it no more.
	Record(ctx context.Context, r Record) (Recorded, error)
	// KnownOf is as Known, but of the items alone that are asked for, and with all
	// absences.
	KnownOf(ctx context.Context, origin string, w Wanted) (Known, error)
	// SeenSince returns the items of an origin that were first seen at since or
	// later, are there, and are such of which something may have been said.
	SeenSince(ctx context.Context, origin string, since time.Time) ([]Item, error)
	// PassedOver returns which of the subjects are there in another origin of a source
	// and were never said for a reason, and that reason.
	PassedOver(ctx context.Context, source, origin string, subjects []string) (map[string]string, error)
	// Count returns how many items of an origin are there, by source.
	Count(ctx context.Context, origin string) (map[string]int, error)
	// TakeAbsent returns up to most absences whose Look is due at now, the longest
	// due first, and has none of them due again before until.
	TakeAbsent(ctx context.Context, now, until time.Time, most int) ([]AbsentItem, error)
	// Ticks returns how far each schedule was carried out, by announcement.
	Ticks(ctx context.Context) (map[string]CarriedOut, error)
	// Waiting returns the bot.Members that wait at now for a digest of the
	// announcement at an address, the oldest first.
	Waiting(ctx context.Context, announcement string, address bot.Address, now time.Time) ([]Waiting, error)
	// Routes returns all routes that ever began.
	Routes(ctx context.Context) ([]Route, error)
	// Begin remembers that routes began at now. It passes over those that began
	// before.
	Begin(ctx context.Context, now time.Time, routes []Route) error
}

// ErrStale tells that another process recorded the same meanwhile. What is known
// must be read again.
var ErrStale = errors.New("recorded meanwhile by another process")

// Known is what is remembered of an origin.
type Known struct {
	// Generation counts the Records; 0 for an origin that was never read.
	Generation int64
	// Seen is until when the origin was being watched.
	Seen  time.Time
	Items []Item
	// Absent are the items that are missed.
	Absent []Absence
}

// Wanted chooses items of an origin, by ID or by subject.
type Wanted struct{ IDs, Subjects []string }

// Waiting is an item that waits for its digest.
type Waiting struct {
	ID   int64 // of its act
	Item feeds.Item
}

// Item is what is remembered of an item for ever.
type Item struct {
	// ID is known again within the origin.
	ID string
	// Source is the source that the item belonged to last.
	Source string
	// Subject is what the item was about when it was first seen. It never
	// changes, because the ledger's keys hold it.
	Subject string
	// URL, Title, Version and Revision are those of feeds.Item, as last seen.
	URL, Title, Version, Revision string
	FirstSeen                     time.Time
	// Gone is since when the item is missing; zero while it is there.
	Gone time.Time
	// Reason is why nothing was ever said of the item whatever announcements
	// there are, or "".
	Reason string
}

// Route is a source that an announcement takes to an address: one of the content,
// or of a source outside one of its feeds, by its Origin.
type Route struct {
	Announcement, Source string
	Address              bot.Address
}

// Record is what one look at an origin led to, or one tick of a schedule.
type Record struct {
	// Origin is "" where no origin was looked at.
	Origin string
	// Generation is that of the Known that the look was compared with.
	Generation int64
	// Whole tells that the origin is looked at as a whole, and so knows what
	// became of each item: what it says of a post counts from then on, though
	// another origin had it first.
	Whole bool
	Now   time.Time
	// Seen is for Known.
	Seen time.Time
	// Forget are the IDs of items that are known by another ID from now on.
	Forget []string
	// Items are new, or replace those of the same ID.
	Items []Item
	// Absent are missed from now on, or replace the absence of the same ID; Settled
	// are the IDs of items that are missed no more.
	Absent    []Absence
	Settled   []string
	Decisions []Decision
	// Ticks are carried out by this record. The error is ErrStale if another
	// process has carried one out already.
	Ticks []Tick
	// Acts are owed in this order.
	Acts []Act
	// Kept reports whether an announcement leaves what it has said as it is when
	// that changes or is withdrawn; nil keeps nothing.
	Kept func(announcement string, kind bot.ActKind) bool
	// Ask returns what moderators are told of the acts that wait for a person since
	// this record, which are counted by their reason. Without ok, or where Ask is
	// nil, they are told nothing.
	Ask func(held map[string]int) (act Act, ok bool)
	// Redigest says what is to be done about a digest in which an item changed, or
	// from which one is withdrawn: a bot.Edit, or a bot.Retract if no item is left,
	// with the Address where it stands left out. Without ok it stays as it is, as all do with a nil Redigest.
	Redigest func(Digest) (act Act, ok bool)

	// drip is, by address, from when on the next missed item may be said there.
	drip map[bot.Address]time.Time
}

// Recorded is what a Record came to.
type Recorded struct {
	// Owed counts the acts that are owed now and were not before; Held, by reason,
	// those that wait for a person and did not.
	Owed int
	Held map[string]int
}

// CarriedOut is how far a schedule was carried out.
type CarriedOut struct {
	// At is until when.
	At time.Time
	// Schedule is the schedule.Schedule's Key; "" if that was not kept.
	Schedule string
}

// Digest is one that was made.
type Digest struct {
	Announcement string
	Subject      string
	Occasion     string
	// Address is where its channel is now.
	Address bot.Address
	// Items are what stands in it, in the order in which they came.
	Items []feeds.Item
	// Withdrawn tells that it changes because an item was withdrawn.
	Withdrawn bool
}

// Decision is why an announcement says nothing of a subject at an address. The
// latest one counts. Announcement and Address are zero where it holds for all.
type Decision struct {
	Subject      string
	Announcement string
	Address      bot.Address
	Reason       string
}

// Page is how long a post waits for the page that it links to. Its zero value
// waits for none.
type Page struct {
	// Until is when it has waited enough, Missing what is done then.
	Until   time.Time
	Missing bot.MissingPage
}

// Pace is a number of posts in a time. Its zero value bounds nothing.
type Pace struct {
	Posts int
	In    time.Duration
}

// Act is something to be said, or done about what was said. What recording it
// does depends on what stands in the ledger:
//
// A bot.Post is owed unless its key is there already; what was to be a member
// of a digest, and waits for it, is owed as that post instead. One that comes
// Again is never owed anew. In a Record that is Whole, a post or member whose key
// is there is the Record's Origin's from then on.
//
// A bot.Member waits for its digest under the key of a post. It is owed unless
// the key is there already, and from NotBefore on it may be taken into a digest:
// a bot.Post with Members. It shares what becomes of that.
//
// A bot.Edit concerns the post of the same origin, subject and address. Unsaid
// becomes that post's message; if it is already, nothing is recorded. If the
// post was said the edit is owed, and earlier edits not yet made are skipped. If
// it was not and Unwanted says why it is news no more, it is skipped for that.
//
// A bot.Retract concerns the same. A post that was not said yet is skipped
// instead, and so are edits not yet made.
//
// Both are acts of the announcement that owed the post. What that has said stays
// as it is where the Record's Kept tells so.
//
// Of what stands in a digest both concern the digest, by Redigest. A retraction
// that is Held leaves the digest as it is. What comes Again, with an Item, stands
// there again.
//
// An edit or retraction whose key is there and done is owed once more. Without
// a post to concern, nothing is recorded.
type Act struct {
	bot.Act
	// Unsaid is, for an Edit, the message as it would be if it were new.
	Unsaid bot.Message
	// Unwanted is, for an Edit, why its announcement would not say it any more, or
	// "".
	Unwanted     string
	Announcement string
	// Item is what a bot.Member is about.
	Item *feeds.Item
	// Members are the IDs of the bot.Members that the post is made of.
	Members []int64
	// Followers are done about the post once it is said, beside its lane.
	Followers []bot.ActKind
	// News waits while its channel is quiet.
	News bool
	// Page says whether the act waits for the page that it links to.
	Page Page
	// AtMost bounds how many posts of the announcement fall due at the address
	// in a time: one too many falls due later.
	AtMost Pace
	// Reason is why the act is Held, or "".
	Reason string
	// Held acts wait for a person.
	Held bool
	// NotBefore is when the act falls due.
	NotBefore time.Time
	// Until is when the act is no longer useful; zero for never.
	Until time.Time
	// Again is, for a post whose subject is back, since when it had been gone: a
	// post that was skipped by its retraction then is owed once more, and a
	// retraction not yet made is skipped. Otherwise it is zero.
	Again time.Time
}
