// Package command is the table of the commands that members type, and their
// answers: from the index of the community's own posts, and from what the
// moderators wrote in config.yaml.
//
// A Table answers a bot.Command with a bot.Reply and knows no platform. Help,
// menus and completion are computed from the same table. Words that a command
// has no use for are passed over; words that it needs and does not get, or
// cannot understand, are answered with how to use it. What a member typed is
// never stored and never logged; where an answer repeats it, it is shortened,
// freed of control characters, and stands as literal words.
package command

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/content"
)

// Library holds the posts that commands answer from.
type Library interface {
	// Snapshot returns the posts as they are now; nil means none yet.
	Snapshot() *content.Snapshot
}

// Searcher finds posts. It is not called before a member searches, so it may
// build what it needs at the first call. Its errors must not repeat the query,
// because they are logged.
type Searcher interface {
	Search(ctx context.Context, query content.Query) (content.Result, error)
	// Complete returns at most limit titles and terms that prefix is the
	// beginning of, best first.
	Complete(ctx context.Context, prefix string, limit int) ([]string, error)
}

// Community is whom the bot speaks for.
type Community struct {
	Name string
	// URL is the absolute address of the community's site.
	URL string
	// About is a sentence or two on the community, in the moderators' dialect
	// (bot.ParseText). It may be empty.
	About bot.Texts
	// Language is what is spoken where neither the member nor the channel names
	// a language.
	Language bot.Lang
	// Zone decides which year and day it is.
	Zone *time.Location
}

// Options is what a Table is made of. Every field but Commands and
// Community.About is needed.
type Options struct {
	Community Community
	// Commands are as in config.yaml. They have passed Check.
	Commands map[string]Config
	Library  Library
	Searcher Searcher
	// Now is the clock.
	Now func() time.Time
	// Version is Herald's own, as /about tells it.
	Version string
	Log     *slog.Logger
}

// Table is the table of commands. It is a bot.Handler and a bot.Completer, and
// safe for concurrent use.
type Table struct {
	Options
	commands []*entry
	// names leads from each folded name, localised name and alias to its command.
	names map[string]*entry
	index atomic.Pointer[index]
}

var (
	_ bot.Handler   = (*Table)(nil)
	_ bot.Completer = (*Table)(nil)
)

// entry is a row of the table.
type entry struct {
	bot.CommandSpec
	// example is what may follow the name, to show how; it may be empty.
	example bot.Texts
	answer  func(*request) bot.Reply
	// keys are the keys of Config that only some commands have and this one does.
	keys []string
	// complete offers values for the option that has Completes.
	complete func(*request) []bot.Choice
}

// New returns the table of the built-in commands and those of the config. The
// error tells which part of the config makes no sense.
func New(o Options) (*Table, error) {
	var problem error
	Check(o.Commands, nil, func(path string, err error) {
		if problem == nil {
			problem = fmt.Errorf("commands.%s: %w", path, err)
		}
	})
	if problem != nil {
		return nil, problem
	}
	t := &Table{Options: o, commands: entries(o.Commands), names: make(map[string]*entry)}
	for _, e := range t.commands {
		for _, name := range e.allNames() {
			t.names[name] = e
		}
	}
	return t, nil
}

// Specs returns the table in the order of help.
func (t *Table) Specs() []bot.CommandSpec {
	specs := make([]bot.CommandSpec, len(t.commands))
	for i, e := range t.commands {
		specs[i] = e.CommandSpec
	}
	return specs
}

// Handle answers a command. What a pressed button shows is for the one who
// pressed it: turning pages must not fill the channel. A fault while answering
// is logged without the member's words and costs that answer only.
func (t *Table) Handle(ctx context.Context, cmd bot.Command) (reply bot.Reply) {
	r := t.request(ctx, cmd)
	defer func() {
		if v := recover(); v != nil {
			t.Log.ErrorContext(ctx, "command panicked", "command", r.name(),
				"panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			reply = r.sorry(r.say.wentWrong)
		}
	}()
	if r.entry == nil {
		return r.unknown()
	}
	reply = r.entry.answer(r)
	reply.Private = reply.Private || cmd.Pressed
	return reply
}

// Complete offers values for the option that the member is typing.
func (t *Table) Complete(ctx context.Context, cmd bot.Command) (choices []bot.Choice) {
	r := t.request(ctx, cmd)
	defer func() {
		if v := recover(); v != nil {
			t.Log.ErrorContext(ctx, "completion panicked", "command", r.name(),
				"panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			choices = nil
		}
	}()
	if r.entry == nil || r.entry.complete == nil {
		return nil
	}
	choices = r.entry.complete(r)
	return choices[:min(len(choices), maxChoices)]
}

// maxChoices is Discord's limit, see bot.Completer.
const maxChoices = 25

func (e *entry) allNames() []string {
	names := []string{e.Name}
	for _, lang := range bot.Langs() {
		if name, ok := e.Names[lang]; ok {
			names = append(names, foldName(name))
		}
	}
	for _, alias := range e.Aliases {
		names = append(names, foldName(alias))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// usage is the line that shows what may follow the name: "/latest [count] [tag]".
func (e *entry) usage(lang bot.Lang) string {
	var b strings.Builder
	b.WriteString("/" + e.Name)
	for _, o := range e.Options {
		name := o.Names.In(lang)
		if o.Required {
			b.WriteString(" " + name)
		} else {
			b.WriteString(" [" + name + "]")
		}
	}
	return b.String()
}
