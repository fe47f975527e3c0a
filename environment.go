package main

import (
	"cmp"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/store"
)

// environment is everything that a call of the program gets from outside.
type environment struct {
	args   []string // without the program's name
	in     io.Reader
	out    io.Writer
	err    io.Writer
	log    io.Writer // where the parts log to; err, unless a subcommand reports by itself
	getenv func(string) string
	now    func() time.Time
	// terminal tells that in and out are a person's terminal.
	terminal bool
	// piped tells that in has an end that means "no more commands": a pipe or a
	// file, but not a device such as /dev/null.
	piped bool
	// watched tells that err is a terminal, where a person waits.
	watched bool
	// width is the terminal's, in columns; 0 where out is none.
	width int
	// restore gives the terminal back as it was at the start.
	restore func()
}

// system returns the environment of the running process.
func system() environment {
	in, out := int(os.Stdin.Fd()), int(os.Stdout.Fd())
	env := environment{
		args: os.Args[1:], in: os.Stdin, out: os.Stdout, err: os.Stderr, log: os.Stderr,
		getenv:   os.Getenv,
		now:      time.Now,
		terminal: term.IsTerminal(in) && term.IsTerminal(out),
		piped:    isPipe(os.Stdin),
		watched:  term.IsTerminal(int(os.Stderr.Fd())),
		restore:  func() {},
	}
	if state, err := term.GetState(in); err == nil { // else it is no terminal
		env.restore = func() { _ = term.Restore(in, state) } // it may be gone
	}
	if width, _, err := term.GetSize(out); err == nil {
		env.width = cmp.Or(width, usualWidth)
	}
	return env
}

// usualWidth is that of a terminal that does not know its own, such as a serial
// line.
const usualWidth = 80

func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}

// color tells whether output may be coloured: on a terminal only, and never
// where NO_COLOR is set (https://no-color.org) or the terminal is dumb.
func (e environment) color() bool {
	return e.width > 0 && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb"
}

// locale returns the operator's language from LC_ALL, LC_MESSAGES or LANG, as
// BCP 47; "" where they name none (POSIX.1-2024, section 8.2).
func (e environment) locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := e.getenv(name)
		if value == "" {
			continue
		}
		value, _, _ = strings.Cut(value, ".")
		if value == "C" || value == "POSIX" {
			return ""
		}
		return strings.ReplaceAll(value, "_", "-")
	}
	return ""
}

// lang returns the language in which the program speaks to its operator.
func (e environment) lang() bot.Lang { return e.langOr(bot.English) }

// langOr returns the operator's language; another where the system names none.
func (e environment) langOr(other bot.Lang) bot.Lang {
	if lang, ok := bot.MatchLang(e.locale()); ok {
		return lang
	}
	return other
}

// config reads the config file at path; the environment has the last word on
// where the store is, and its mistakes are said with the file's.
func (e environment) config(path string) (*Config, []Diagnostic) {
	cfg, found := loadConfig(path)
	more := e.storeMistakes()
	if wrong(more) {
		return nil, append(more, found...)
	}
	if cfg != nil {
		cfg.Store = e.store(cfg.Store)
	}
	return cfg, found
}

// storeMistakes tells what is wrong with where the environment has the store be.
// It repeats nothing of it: it may be a password in the wrong place.
func (e environment) storeMistakes() (found []Diagnostic) {
	if url, err := e.secret("DATABASE_URL"); err == nil && url != "" && !store.IsPostgres(url) {
		found = append(found, Diagnostic{File: "DATABASE_URL", What: noDatabase.with(), Hint: databaseHint.with()})
	}
	if looksLikeDatabase(e.getenv("HERALD_STORE")) {
		found = append(found, Diagnostic{File: "HERALD_STORE", What: storeIsDatabase.with(), Hint: storeDatabaseHint.with()})
	}
	return found
}

// looksLikeDatabase tells that what should be the name of a file is the address
// of a database, as a URL or in libpq's words.
func looksLikeDatabase(path string) bool {
	return strings.Contains(path, "://") || strings.Contains(strings.ToLower(path), "password=")
}

// ledger returns where the ledger is kept: the database that DATABASE_URL names,
// else the file of the store.
func (e environment) ledger(cfg *Config) (dsn string, err error) {
	url, err := e.secret("DATABASE_URL")
	return cmp.Or(url, cfg.Store), err
}

// store returns the path of the store: HERALD_STORE, where the config's folder is
// not the place to write to, as in a container; else what the config says.
func (e environment) store(configured string) string {
	return cmp.Or(e.getenv("HERALD_STORE"), configured)
}
