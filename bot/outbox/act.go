package outbox

import (
	"time"

	"cloudnative.tw/herald/bot"
)

// State is where an act stands.
type State string

// The states of an act. Held, Uncertain and Failed acts have left their lane:
// the next act goes on, and a person decides about them.
const (
	// Owed acts wait for their turn, perhaps not before a time.
	Owed State = "owed"
	// Held acts wait for a person.
	Held State = "held"
	// Sending is written before the platform is called.
	Sending State = "sending"
	// Sent acts were carried out: the platform said so.
	Sent State = "sent"
	// Uncertain acts may or may not have been carried out.
	Uncertain State = "uncertain"
	// Failed acts were refused for good, or too often.
	Failed State = "failed"
	// Skipped acts are no longer wanted.
	Skipped State = "skipped"
)

// States returns every state, in the order in which an act may pass them.
func States() []State {
	return []State{Owed, Held, Sending, Sent, Uncertain, Failed, Skipped}
}

// Act is a row of the ledger that is to be carried out now.
type Act struct {
	bot.Act
	// ID is the row's number.
	ID int64
	// Fence is the fencing number under which the act was taken.
	Fence int64
	// Attempts counts the calls to the platform, the one to come included.
	Attempts int
	// Orphan tells that the act was found in Sending although nobody is sending
	// it: its speaker was killed after it had begun, perhaps. It must not simply be
	// sent.
	Orphan bool
	// Unreadable is why the stored message cannot be read, or nil. Message is
	// then empty and the act cannot be carried out.
	Unreadable error
}

// Outcome is what became of an act that was taken.
type Outcome struct {
	// ID and Fence are those of the Act.
	ID, Fence int64
	At        time.Time
	State     State
	// Reason is for people. It is empty only where State is Sent.
	Reason string
	// MessageID is the platform's identifier of a message that was Sent.
	MessageID string
	// Attempts is how many calls count.
	Attempts int
	// NotBefore is when the act falls due again; zero leaves that as it is.
	NotBefore time.Time
	// MovedTo is where the act's channel is now; zero if it stayed where it was.
	MovedTo bot.Address
	// LanePause and PlatformPause are until when the act's lane, or its whole
	// platform, says nothing; zero for no pause.
	LanePause, PlatformPause time.Time
}

// Page is an act that is due but waits for the page that it links to. It was not
// taken: Fence is 0.
type Page struct {
	Act
	// Until is when it has waited enough, Missing what is done then.
	Until   time.Time
	Missing bot.MissingPage
}

// Answer is what a page said that an act waits for.
type Answer struct {
	// ID is that of the Page.
	ID int64
	At time.Time
	// State is Owed, or Held or Skipped if the act has waited in vain.
	State State
	// Reason is for people.
	Reason string
	// NotBefore is when the page is asked for again; zero if the act waits for it
	// no longer.
	NotBefore time.Time
}

// Retried is what became of a person's wish that an act be tried again.
type Retried struct {
	ID int64
	// Refused is why it is not, or "".
	Refused string
}
