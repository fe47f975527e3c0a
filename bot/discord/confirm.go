package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

// A nonce helps for a few minutes, and not at all in forums. So each message of
// ours that has an embed carries its key in the embed's address, which nobody
// sees because the embed has no title. A message without one is known by its
// words.

const (
	// confirmPages pages of 100 messages are searched for ours, at most.
	confirmPages = 10
	// confirmAge is how far back: what is older is not what was owed.
	confirmAge = 7 * 24 * time.Hour
	// sameWordsAge is how old a message of the same words, and without a key, may
	// be to be taken for ours: it may also be that of yesterday.
	sameWordsAge = 12 * time.Hour
	// confirmThreads is how many threads of the same name, and strangerThreads how
	// many of other names, are looked into.
	confirmThreads  = 25
	strangerThreads = 5
	// settle is how long a request whose connection broke may still be on its way
	// to a forum, where no nonce holds back its repetition.
	settle = 3 * time.Second
)

var (
	errUnreadable  = errors.New("the bot cannot read the channel's messages to see whether ours is there: give it Read Message History")
	errTooBusy     = errors.New("too much was said in the channel since to find our message")
	errSameWords   = errors.New("an older message of ours has the same words; it cannot be told whether it is this one")
	errNoLastWords = errors.New("the channel has messages, but shows none")
)

// marker returns the address that carries an act's key; "" if there is none to
// put it on.
func (d *Discord) marker(act bot.Act) string {
	for _, base := range []string{act.Message.URL, d.config.Site} {
		address, ok := webAddress(base)
		if !ok || units(address) > maxContentURL {
			continue
		}
		page, _, _ := strings.Cut(address, "#")
		return page + "#herald-" + act.Token()
	}
	return ""
}

// mark puts the key on a message that has an embed.
func mark(p Payload, marker string) {
	if len(p.Embeds) > 0 {
		p.Embeds[0].URL = marker
	}
}

// standing is a message as it stands in a channel.
type standing struct {
	ID      string    `json:"id"`
	Content string    `json:"content"`
	At      time.Time `json:"timestamp"`
	Author  struct {
		ID string `json:"id"`
	} `json:"author"`
	Embeds []struct {
		URL string `json:"url"`
	} `json:"embeds"`
}

// search looks for one message of ours.
type search struct {
	me, marker, content string
	now                 time.Time
	// doubtful tells that a message of the same words was passed over.
	doubtful bool
}

// matches reports whether m is the message.
func (s *search) matches(m standing) bool {
	if m.Author.ID != s.me {
		return false
	}
	if len(m.Embeds) > 0 && strings.Contains(m.Embeds[0].URL, "#herald-") {
		return m.Embeds[0].URL == s.marker
	}
	if strings.TrimSpace(m.Content) != strings.TrimSpace(s.content) {
		return false
	}
	if s.now.Sub(m.At) > sameWordsAge {
		s.doubtful = true
		return false
	}
	return true
}

// Confirm looks for act's message in its channel. It returns "" if it certainly
// is not there; where that cannot be told it returns an error. A
// *bot.RetryAfterError among them says that Discord could not be asked and that
// act may be sent again later: Send looks first then.
func (d *Discord) Confirm(ctx context.Context, act bot.Act) (messageID string, err error) {
	messageID, err = d.find(ctx, act)
	switch {
	case err == nil && messageID != "":
		return messageID, d.said(ctx, act, nil)
	case err == nil, sure(err):
		return "", err
	}
	if doubtErr := d.doubts.add(ctx, act.Token()); doubtErr != nil {
		return "", fmt.Errorf("%s; %w", err.Error(), doubtErr) // not to be sent again: Send would not look first
	}
	return "", later(err)
}

// find looks for act's message.
func (d *Discord) find(ctx context.Context, act bot.Act) (messageID string, err error) {
	id := target(act.Address)
	where, err := d.askPlace(ctx, id)
	if err != nil {
		return "", err
	}
	me, err := d.self(ctx)
	if err != nil {
		return "", err
	}
	s := &search{me: me, marker: d.marker(act), content: d.draw(act).Content, now: time.Now()}
	if where.forum() {
		messageID, err = d.confirmThread(ctx, where, s, ThreadName(act.Message))
	} else {
		messageID, err = d.confirmMessage(ctx, where, s)
	}
	if err == nil && messageID == "" && s.doubtful {
		err = errSameWords
	}
	if err != nil {
		return "", fmt.Errorf("looking for our message in channel %s: %w", id, err)
	}
	return messageID, nil
}

func (d *Discord) confirmMessage(ctx context.Context, where place, s *search) (string, error) {
	before := ""
	for range confirmPages {
		page, err := d.messages(ctx, where.ID, before)
		if err != nil {
			return "", err
		}
		if len(page) == 0 {
			// Without the permission Discord shows an empty channel
			// (https://discord.com/developers/docs/resources/message#get-channel-messages).
			if before == "" && where.LastMessage != "" {
				return "", fmt.Errorf("%w (%w)", errUnreadable, errNoLastWords)
			}
			return "", nil
		}
		for _, m := range page {
			if s.matches(m) {
				return m.ID, nil
			}
		}
		oldest := page[len(page)-1]
		if s.now.Sub(oldest.At) > confirmAge {
			return "", nil
		}
		before = oldest.ID
	}
	return "", errTooBusy
}

const pageSize = "100" // the most that Discord gives

// messages returns a page of a channel's messages, newest first.
func (d *Discord) messages(ctx context.Context, channel, before string) ([]standing, error) {
	query := url.Values{"limit": {pageSize}}
	if before != "" {
		query.Set("before", before)
	}
	var page []standing
	err := d.rest.call(ctx, request{
		doing: "reading channel " + channel, method: "GET", path: "/channels/%s/messages", args: []string{channel}, query: query, into: &page,
	})
	return page, err
}
