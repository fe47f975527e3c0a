package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/bot/outbox"
)

// plan is what a rehearsal came to.
type plan struct {
	cfg  *Config
	lang bot.Lang
	look console.Look
	now  time.Time
	span span
	said []planned
	// held counts what waits for a person since before the span, unknown are the sources that will
	// bring nobody knows what, with when they are asked next.
	held    int
	unknown []unknownSource
}

type unknownSource struct {
	name string
	next time.Time // zero if it was never polled
}

// sort puts what is said at one time in the order of the channels in config.yaml;
// channels are spoken in side by side.
func (p *plan) sort() {
	names := p.cfg.Channels.names()
	slices.SortStableFunc(p.said, func(a, b planned) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return slices.Index(names, p.cfg.channelName(a.act.Address)) - slices.Index(names, p.cfg.channelName(b.act.Address))
	})
}

// plannedJSON is something planned, for machines.
type plannedJSON struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Channel  string    `json:"channel"`
	Address  string    `json:"address"`
	Subject  string    `json:"subject"`
	Occasion string    `json:"occasion"`
	Title    string    `json:"title"`
	Text     string    `json:"text,omitempty"`
	URL      string    `json:"url,omitempty"`
	Mentions []string  `json:"mentions,omitempty"`
	Silent   bool      `json:"silent,omitempty"`
	// State and Reason tell why it is not said.
	State  string `json:"state,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func (p *plan) print(w io.Writer, asJSON, short bool) error {
	if asJSON {
		return p.printJSON(w)
	}
	for _, s := range p.scenes() {
		if err := p.printScene(w, s, short); err != nil {
			return fmt.Errorf("printing the plan: %w", err)
		}
	}
	return p.printRest(w)
}

func (p *plan) printJSON(w io.Writer) error {
	var lines []plannedJSON
	for _, s := range p.said {
		m := s.act.Message
		lines = append(lines, plannedJSON{
			At: s.at.In(p.cfg.Community.Zone), Kind: string(s.act.Kind), Channel: p.cfg.channelName(s.act.Address),
			Address: s.act.Address.String(), Subject: s.act.Subject, Occasion: s.act.Occasion,
			Title: titleOf(m), Text: m.Body.String(), URL: m.URL, Mentions: m.Mentions, Silent: m.Silent,
			State: string(s.state), Reason: s.why,
		})
	}
	return encodeLines(w, lines)
}

// scene is one message as it is said at one time, in one channel or several.
type scene struct {
	at       time.Time
	state    outbox.State
	why      string
	kind     bot.ActKind
	subject  string
	title    string
	card     string
	channels []sceneChannel
}

type sceneChannel struct {
	address bot.Address
	// follow is what is done about the message there, such as pinning it.
	follow []bot.ActKind
}

// scenes gathers what is said in the same words at the same time.
func (p *plan) scenes() []*scene {
	var all []*scene
	for _, s := range p.said {
		if s.act.Kind.Follows() && follows(all, s) {
			continue
		}
		m := s.act.Message
		next := &scene{
			at: s.at, state: s.state, why: s.why, kind: s.act.Kind, subject: s.act.Subject, title: headOf(s.act), card: p.look.Card(m.Card, m.Buttons),
			channels: []sceneChannel{{address: s.act.Address}},
		}
		i := slices.IndexFunc(all, next.same)
		if i < 0 {
			all = append(all, next)
			continue
		}
		all[i].channels = append(all[i].channels, next.channels...)
	}
	return all
}

// headOf returns what an act is about on one line: of what moderators are told,
// the first line, which is a sentence.
func headOf(act bot.Act) string {
	if !strings.HasPrefix(act.Subject, announce.NoticePrefix) {
		return titleOf(act.Message)
	}
	first, _, _ := strings.Cut(act.Message.Body.String(), "\n")
	return shorten(first, maxReason)
}

func (s *scene) same(o *scene) bool {
	return s.at.Equal(o.at) && s.state == o.state && s.why == o.why && s.kind == o.kind && s.subject == o.subject && s.card == o.card
}

// follows adds what is done about a message to the scene in which that is said,
// if it is done at once.
func follows(all []*scene, s planned) bool {
	for _, scene := range slices.Backward(all) {
		if !scene.at.Equal(s.at) || scene.subject != s.act.Subject || scene.kind.Follows() {
			continue
		}
		for i, c := range scene.channels {
			if c.address == s.act.Address {
				scene.channels[i].follow = append(c.follow, s.act.Kind)
				return true
			}
		}
	}
	return false
}

// printScene prints when and where something is said, and what. Short is one
// line.
func (p *plan) printScene(w io.Writer, s *scene, short bool) error {
	var where []string
	for _, c := range s.channels {
		name := p.cfg.channelName(c.address)
		if len(c.follow) > 0 {
			name += bracketed.in(p.lang, p.kinds(c.follow))
		}
		where = append(where, name)
	}
	head := p.moment(s.at) + "  " + strings.Join(where, listComma.in(p.lang))
	if s.kind != bot.Post {
		head += "  " + p.kinds([]bot.ActKind{s.kind})
	}
	if s.state != "" {
		head += "  " + planState.in(p.lang, stateWords[s.state], reasonIn(p.lang, s.why))
	}
	var err error
	if short || s.kind.Follows() {
		_, err = fmt.Fprintf(w, "%s  %s\n", head, console.Clean(s.title))
	} else {
		_, err = fmt.Fprintf(w, "%s\n%s\n", head, s.card)
	}
	return err
}

// moment says a time so that lines stand below each other.
func (p *plan) moment(t time.Time) string { return p.cfg.momentIn(t, p.lang) }

func (p *plan) kinds(kinds []bot.ActKind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, kindWords[k].in(p.lang))
	}
	return strings.Join(words, listComma.in(p.lang))
}

// answers tells that what is said is the answer to a command.
func (p *plan) answers(s planned) bool {
	name, own := strings.CutPrefix(s.act.Subject, "announcement:")
	ann := p.cfg.Announcements.get(name)
	return own && ann != nil && ann.Command != ""
}

// printRest says what a plan cannot show.
func (p *plan) printRest(w io.Writer) error {
	var lines []string
	if len(p.said) == 0 {
		lines = append(lines, planNothing.in(p.lang, p.moment(p.span.from), p.moment(p.span.to)))
	}
	if p.held > 0 {
		lines = append(lines, planHeld.in(p.lang, p.held))
	}
	slices.SortFunc(p.unknown, func(a, b unknownSource) int { return a.next.Compare(b.next) })
	for _, u := range p.unknown {
		switch {
		case p.span.past:
			lines = append(lines, planPast.in(p.lang, u.name))
		case u.next.IsZero():
			lines = append(lines, planUnasked.in(p.lang, u.name))
		default:
			lines = append(lines, planUnknown.in(p.lang, u.name, p.moment(u.next)))
		}
	}
	if p.span.past && slices.ContainsFunc(p.said, p.answers) {
		lines = append(lines, planAnswers.in(p.lang))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return fmt.Errorf("printing the plan: %w", err)
		}
	}
	return nil
}
