package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/site"
	"cloudnative.tw/herald/content/spool"
)

// consoleAddress is the one address that a console has.
var consoleAddress = bot.Address{Platform: bot.Console, Chat: consoleChat}

// maxWidth is the widest that text is set on a terminal, in columns: longer
// lines are hard to read.
const maxWidth = 100

// app is what every subcommand that answers needs: the posts and the commands.
// What a subcommand does not use is not built.
type app struct {
	env      environment
	cfg      *Config
	log      *slog.Logger
	screen   *screen
	spool    *spool.Spool
	library  *content.Library
	finder   *finder
	commands *command.Table
	// waiting is the line that tells what takes so long; nil while the console
	// has the terminal.
	waiting atomic.Pointer[progress]
}

// lang returns the language of what people read who steer the bot: the
// operator's, else the community's.
func (a *app) lang() bot.Lang { return a.env.langOr(a.cfg.Community.Language) }

// load reads the content.
func (a *app) load(ctx context.Context) {
	waiting := a.env.progress()
	defer waiting.stop()
	waiting.say(readingPosts.in(a.lang()))
	a.waiting.Store(waiting)
	defer a.waiting.Store(nil)
	a.library.Load(ctx)
}

// newApp joins the parts that read. It reads no post yet.
func newApp(env environment, cfg *Config) (*app, error) {
	cfg.moves = new(moves)
	a := &app{env: env, cfg: cfg, screen: &screen{err: env.log}}
	env.log = a.screen
	a.log = newLog(env)
	a.spool = spool.New(filepath.Dir(cfg.Store), a.log)
	entries, err := a.entries()
	if err != nil {
		return nil, err
	}
	a.library = content.NewLibrary(entries, env.now, a.log)
	a.finder = newFinder(a.library, cfg.Synonyms, a.log)
	a.commands, err = command.New(command.Options{
		Community: command.Community{
			Name:     cfg.Community.Name,
			URL:      cfg.Community.URL,
			About:    cfg.Community.Description,
			Language: cfg.Community.Language,
			Zone:     cfg.Community.Zone,
		},
		Commands: cfg.Commands,
		Library:  a.library,
		Searcher: a.finder,
		Now:      env.now,
		Version:  programVersion(),
		Log:      a.log,
	})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return a, nil
}

// close frees what the app holds.
func (a *app) close() {
	if err := a.finder.close(); err != nil {
		a.log.Warn("closing the search index", "err", err)
	}
	if err := a.spool.Close(); err != nil {
		a.log.Warn("closing the file of the posts' texts", "err", err)
	}
}

// withApp calls do with an app of the config at path.
func withApp(env environment, path string, do func(*app) error) error {
	cfg, err := load(env, path)
	if err != nil {
		return err
	}
	a, err := newApp(env, cfg)
	if err != nil {
		return err
	}
	defer a.close()
	return do(a)
}

// withPosts calls do with an app that has read all posts.
func withPosts(ctx context.Context, env environment, path string, do func(*app) error) error {
	return withApp(env, path, func(a *app) error {
		a.load(ctx)
		a.tellProblems()
		return do(a)
	})
}

// entries makes the library's entries of the config's.
func (a *app) entries() ([]content.Entry, error) {
	from := origins{env: a.env, web: a.newWeb, clones: beside(a.cfg.Store, ".clones"), onWaiting: a.tellWaiting}
	var entries []content.Entry
	for _, e := range a.cfg.Content {
		origin, err := from.of(e.Name, e.Value)
		if err != nil {
			return nil, err
		}
		format, err := site.New(e.Name, e.Value.Site, a.spool)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("content.%s: %w", e.Name, err)}
		}
		entries = append(entries, content.Entry{
			Name:    e.Name,
			Sources: e.Value.Site.Sources(e.Name),
			Origin:  origin,
			Format:  format,
		})
	}
	return entries, nil
}

// tellWaiting tells a person at a terminal why nothing happens, and the log of a
// service what takes so long.
func (a *app) tellWaiting(entry string) {
	text := fetchingRepo.in(a.lang(), entry)
	waiting := a.waiting.Load()
	switch {
	case waiting != nil && a.env.watched:
		waiting.say(text)
	case a.env.terminal:
		fmt.Fprintln(a.env.err, text+" …")
	default:
		a.log.Info("fetching a repository", "entry", entry)
	}
}

// tellProblems says on the error output what is wrong with the content; the
// rest of it is used all the same.
func (a *app) tellProblems() {
	snapshot := a.library.Snapshot()
	for _, e := range snapshot.Entries() {
		if e.Err != nil {
			complain(a.env.err, fmt.Errorf("content.%s: %s", e.Entry, problems().in(a.lang(), e.Err.Error())))
		}
	}
	for _, p := range snapshot.Problems() {
		complain(a.env.err, errors.New(malformed(p).In(a.lang())))
	}
}

// look returns how answers are drawn on this console.
func (a *app) look() console.Look {
	return console.Look{
		Color:  a.env.color(),
		Accent: a.cfg.Community.Color,
		Width:  min(a.env.width, maxWidth),
	}
}

// newLog returns the program's log. On a terminal it keeps to warnings, so that
// it does not come between question and answer; HERALD_LOG names another level.
func newLog(env environment) *slog.Logger {
	options := slog.HandlerOptions{Level: logLevel(env)}
	if env.terminal && env.watched {
		options.ReplaceAttr = timeless
	}
	return slog.New(slog.NewTextHandler(env.log, &options))
}

// logLevel returns what is logged at least.
func logLevel(env environment) slog.Level {
	level := slog.LevelInfo
	if env.terminal {
		level = slog.LevelWarn
	}
	if name := env.getenv("HERALD_LOG"); name != "" {
		if err := level.UnmarshalText([]byte(name)); err != nil {
			complain(env.err, errors.New(noLogLevel.in(env.lang(), name)))
		}
	}
	return level
}

// beside returns the path of what is kept beside the store, under its name with
// another ending.
func beside(store, ending string) string {
	return strings.TrimSuffix(store, filepath.Ext(store)) + ending
}
