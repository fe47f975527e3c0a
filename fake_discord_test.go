package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudnative.tw/herald/bot/discord/discordtest"
)

// fakeDiscord is the Discord of a script, with the channels of discordRooms.
type fakeDiscord struct {
	*discordtest.Fake
	spec *discordtest.Spec
	last *discordtest.Interaction // what a member did last
	at   discordtest.Use
	one  bool // whether the message that was answered then is for that member alone
}

// discordRooms are the channels of every script's Discord, by the names that
// scripts know them by.
var discordRooms = map[string]discordtest.Channel{
	"news":  {ID: "200000000000000001", Name: "news", Kind: discordtest.Text},
	"board": {ID: "200000000000000002", Name: "board", Kind: discordtest.Announcement},
	"forum": {ID: "200000000000000003", Name: "forum", Kind: discordtest.Forum, Tags: []discordtest.Tag{{ID: "1", Name: "徵稿"}, {ID: "2", Name: "其他"}}},
	"mods":  {ID: "200000000000000004", Name: "mods", Kind: discordtest.Text},
}

// discordVerbs are what scripts can do on Discord.
var discordVerbs = verbs{
	"on":         {"[difficult]", 0, discordOn},
	"registered": {"", 0, discordRegistered},
	"use":        {"LOCALE ROOM COMMAND [OPTION=VALUE...]", 3, discordUse},
	"complete":   {"LOCALE COMMAND OPTION TYPED", 4, discordComplete},
	"press":      {"LABEL", 1, discordPress},
	"wait": {"ROOM RE", 2, func(ts *testscript.TestScript, args []string) {
		await(ts, func() string { return theDiscord(ts).show(args[0]) }, args[1])
	}},
	"show":     {"ROOM", 1, func(ts *testscript.TestScript, args []string) { say(ts, theDiscord(ts).show(args[0])) }},
	"requests": {"", 0, discordRequests},
	"knob":     {"NAME VALUE", 2, discordKnob},
	"deny": {"ROOM", 1, func(ts *testscript.TestScript, args []string) {
		theDiscord(ts).Change(room(ts, args[0]), func(c *discordtest.Channel) { c.Deny = discordtest.SendMessages })
	}},
	"allow": {"ROOM", 1, func(ts *testscript.TestScript, args []string) {
		theDiscord(ts).Change(room(ts, args[0]), func(c *discordtest.Channel) { c.Deny = 0 })
	}},
	"remove": {"ROOM", 1, func(ts *testscript.TestScript, args []string) { theDiscord(ts).Remove(room(ts, args[0])) }},
	"refuse": {"ROOM WORD", 2, func(ts *testscript.TestScript, args []string) {
		theDiscord(ts).Change(room(ts, args[0]), func(c *discordtest.Channel) { c.Automod = args[1] })
	}},
	"leave": {"", 0, func(ts *testscript.TestScript, _ []string) { theDiscord(ts).Leave(discordtest.Guild) }},
	"drop":  {"", 0, func(ts *testscript.TestScript, _ []string) { theDiscord(ts).Drop(0) }},
}

func theDiscord(ts *testscript.TestScript) *fakeDiscord {
	f := fakesOf(ts).discord
	if f == nil {
		ts.Fatalf("there is no Discord: say discord on first")
	}
	return f
}

func room(ts *testscript.TestScript, name string) string {
	r, ok := discordRooms[name]
	if !ok {
		ts.Fatalf("there is no room %q", name)
	}
	return r.ID
}

// newFakeDiscord returns a Discord that holds requests against the official
// schema where HERALD_SHARED names it.
func newFakeDiscord() (*fakeDiscord, error) {
	f := new(fakeDiscord)
	if dir := os.Getenv("HERALD_SHARED"); dir != "" {
		spec, err := discordtest.LoadSpec(filepath.Join(dir, "specs", "discord-openapi.json"))
		if err != nil {
			return nil, err
		}
		f.spec = spec
	}
	f.Fake = discordtest.New(f.spec)
	for _, r := range discordRooms {
		f.Add(r)
	}
	return f, nil
}

func discordOn(ts *testscript.TestScript, args []string) {
	f, err := newFakeDiscord()
	ts.Check(err)
	if len(args) == 0 {
		f.Set(discordtest.Calm())
	}
	listener, address := listen(ts)
	f.Serve(listener)
	fakesOf(ts).discord = f
	ts.Setenv("DISCORD_API_URL", address+"/api/v10")
	ts.Setenv("DISCORD_TOKEN", discordtest.Token)
}

// specs are the commands that a bot registered, as its members' apps know them.
type discordSpec struct {
	Name    string            `json:"name"`
	Names   map[string]string `json:"name_localizations"`
	Summary string            `json:"description"`
	Texts   map[string]string `json:"description_localizations"`
	Options []struct {
		Name         string            `json:"name"`
		Names        map[string]string `json:"name_localizations"`
		Type         int               `json:"type"`
		Required     bool              `json:"required"`
		Autocomplete bool              `json:"autocomplete"`
	} `json:"options"`
}

// registered waits until there are commands in the server, or everywhere.
func (f *fakeDiscord) registered(ts *testscript.TestScript) []discordSpec {
	var specs []discordSpec
	if !happens(func() bool {
		for _, guild := range []string{discordtest.Guild, ""} {
			if raw := f.Registered(guild); raw != nil {
				ts.Check(json.Unmarshal(raw, &specs))
				if len(specs) > 0 {
					return f.Ready() > 0
				}
			}
		}
		return false
	}) {
		ts.Fatalf("no commands registered within %v%s", answerTime, printed(ts))
	}
	return specs
}

func discordRegistered(ts *testscript.TestScript, _ []string) {
	var b strings.Builder
	for _, s := range theDiscord(ts).registered(ts) {
		fmt.Fprintf(&b, "/%s %s: %s | %s | %s\n", s.Name, s.Names["zh-TW"], s.Summary, s.Texts["zh-TW"], s.Texts["en-US"])
		for _, o := range s.Options {
			fmt.Fprintf(&b, "  %s %s type=%d required=%t completes=%t\n", o.Name, o.Names["zh-TW"], o.Type, o.Required, o.Autocomplete)
		}
	}
	say(ts, b.String())
}

// options are what a member's app makes of OPTION=VALUE.
func (f *fakeDiscord) options(ts *testscript.TestScript, command string, args []string) []discordtest.Option {
	specs := f.registered(ts)
	at := slices.IndexFunc(specs, func(s discordSpec) bool { return s.Name == command })
	if at < 0 {
		ts.Fatalf("/%s is not registered", command)
	}
	var options []discordtest.Option
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		option := discordtest.Option{Name: name, Value: value}
		known := false
		for _, o := range specs[at].Options {
			if o.Name == name {
				known = true
				if n, err := strconv.Atoi(value); err == nil && o.Type == 4 {
					option.Value = n
				}
			}
		}
		if !known {
			ts.Fatalf("/%s has no option %q", command, name)
		}
		options = append(options, option)
	}
	return options
}

// interact has a member do something, and waits for the answer.
func (f *fakeDiscord) interact(ts *testscript.TestScript, use discordtest.Use) discordtest.Interaction {
	if !happens(func() bool { return f.Ready() > 0 }) {
		ts.Fatalf("the bot has not connected%s", printed(ts))
	}
	use.Guild = discordtest.Guild
	i := f.Interact(use)
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	if err := i.Wait(ctx); err != nil {
		ts.Fatalf("%v%s", err, printed(ts))
	}
	answer := f.Answer(i)
	f.last, f.at, f.one = i, use, answer.Private() || f.one && inPlace(answer)
	return answer
}

func discordUse(ts *testscript.TestScript, args []string) {
	f := theDiscord(ts)
	use := discordtest.Use{Locale: args[0], Channel: room(ts, args[1]), Command: args[2]}
	use.Options = f.options(ts, args[2], args[3:])
	say(ts, showAnswer(f.interact(ts, use)))
}

func discordComplete(ts *testscript.TestScript, args []string) {
	f := theDiscord(ts)
	use := discordtest.Use{Locale: args[0], Channel: discordRooms["news"].ID, Command: args[1], Focused: args[2]}
	f.options(ts, args[1], []string{args[2] + "="})
	use.Options = []discordtest.Option{{Name: args[2], Value: args[3]}}
	var b strings.Builder
	for _, c := range f.interact(ts, use).Choices {
		fmt.Fprintf(&b, "%v = %v\n", c["name"], c["value"])
	}
	say(ts, b.String())
}

func discordPress(ts *testscript.TestScript, args []string) {
	f := theDiscord(ts)
	if f.last == nil {
		ts.Fatalf("nothing was answered yet")
	}
	before := f.Answer(f.last)
	message := before.Message
	if len(before.FollowUps) > 0 {
		message = before.FollowUps[0]
	}
	id := buttonID(message["components"], args[0])
	if id == "" {
		ts.Fatalf("there is no button %q:\n%s", args[0], showAnswer(before))
	}
	use := discordtest.Use{Locale: f.at.Locale, Channel: f.at.Channel, Button: id}
	if f.one {
		use.MessageFlags = 1 << 6
	}
	say(ts, showAnswer(f.interact(ts, use)))
}

func discordRequests(ts *testscript.TestScript, _ []string) {
	var b strings.Builder
	for _, r := range theDiscord(ts).Requests() {
		fmt.Fprintf(&b, "%s %s %d\n", r.Method, r.Path, r.Status)
	}
	say(ts, b.String())
}

// discordKnob changes how a calm Discord behaves.
func discordKnob(ts *testscript.TestScript, args []string) {
	knobs := discordtest.Calm()
	value, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	switch args[0] {
	case "global":
		knobs.GlobalPerSecond = int(value)
	case "cut-after":
		knobs.CutAfter = value
	case "unavailable":
		knobs.Unavailable = value
	case "banned":
		knobs.Banned = value
	case "calm":
	default:
		ts.Fatalf("there is no knob %q", args[0])
	}
	theDiscord(ts).Set(knobs)
}
