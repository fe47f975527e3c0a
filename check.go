package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot"
)

func checkCommand(env environment, path *string) *cobra.Command {
	var asJSON, schema, online bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find everything that is wrong in the config and the content",
		Long: `Find everything that is wrong in the config and in the content it names, each
as "file:line:column: setting: what is wrong (what to do)". It answers in the
operator's language, or else in the community's. It reads every schedule back in
words, with its next three times, and tries every template on the newest post.

Exit code 0: all is well. 1: something is wrong in the content, or a template says
nothing of it. 2: something is wrong in the config.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if schema {
				return printSchema(env.out)
			}
			result, err := check(cmd.Context(), env, *path, online)
			if err != nil {
				return err
			}
			return result.print(env.out, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&online, "online", false, "ask the platforms too: tokens, channels, permissions")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the config, for editors")
	return cmd
}

func printSchema(w io.Writer) error {
	schema, err := configSchema()
	if err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	if _, err := w.Write(schema); err != nil {
		return fmt.Errorf("printing the schema: %w", err)
	}
	return nil
}

// checkResult is what check found.
type checkResult struct {
	// Good tells that nothing is wrong; notes may have been found all the same.
	Good  bool         `json:"good"`
	Found []Diagnostic `json:"found"`
	// What there is, counted; zero if the config could not be read.
	Entries       int `json:"entries"`
	Posts         int `json:"posts"`
	Commands      int `json:"commands"`
	Channels      int `json:"channels"`
	Announcements int `json:"announcements"`
	// Schedules are what the announcements' schedules mean.
	Schedules []readBack `json:"schedules"`

	path string
	now  time.Time
	lang bot.Lang
	code int
}

// check reads the config and the content that it names.
func check(ctx context.Context, env environment, path string, online bool) (checkResult, error) {
	cfg, found := env.config(path)
	result := checkResult{Found: found, path: path, now: env.now(), lang: checkLang(env, cfg, path)}
	if cfg == nil {
		result.code = exitUsage
		return result, nil
	}
	env.log = io.Discard // what the parts would log is found and said here
	a, err := newApp(env, cfg)
	if err != nil {
		return result, err
	}
	defer a.close()
	a.load(ctx)
	if err := ctx.Err(); err != nil {
		return result, fmt.Errorf("reading the content: %w", err)
	}
	snapshot := a.library.Snapshot()
	found = append(found, contentDiagnostics(cfg, path, snapshot)...)
	found = append(found, announcementDiagnostics(ctx, a, path)...)
	found = append(found, offDiagnostics(env, cfg, path)...)
	if online {
		asked, err := a.online(ctx, path)
		if err != nil {
			return result, err
		}
		found = append(found, asked...)
	}
	result.Found = sortDiagnostics(found)
	result.Schedules = readSchedules(cfg, env.now())
	if wrong(result.Found) {
		result.code = exitNo
	}
	result.Good = result.code == exitGood
	result.Entries, result.Posts = len(cfg.Content), len(snapshot.Posts())
	result.Channels, result.Announcements = len(cfg.Channels), len(cfg.Announcements)
	for _, spec := range a.commands.Specs() {
		if !spec.Hidden {
			result.Commands++
		}
	}
	return result, nil
}

// print writes the result for a person or a machine, and returns the error that
// ends the program with the result's exit code.
func (r checkResult) print(w io.Writer, asJSON bool) error {
	write := r.printLines
	if asJSON {
		write = r.printJSON
	}
	if err := write(w); err != nil {
		return fmt.Errorf("printing what was found: %w", err)
	}
	if r.code != exitGood {
		return &exitError{code: r.code}
	}
	return nil
}

func (r checkResult) printJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	r.Found = append([]Diagnostic{}, r.Found...) // [] rather than null
	r.Schedules = append([]readBack{}, r.Schedules...)
	return encoder.Encode(r)
}

func (r checkResult) printLines(w io.Writer) error {
	mistakes := 0
	for _, d := range r.Found {
		if !d.Note {
			mistakes++
		}
		if _, err := fmt.Fprintln(w, d.In(r.lang)); err != nil {
			return err
		}
	}
	last := mistakesFound.in(r.lang, count(mistakes, "mistake", "mistakes", "%d 個問題"))
	if r.Good {
		last = allIsWell.in(r.lang, r.path,
			count(r.Entries, "content entry", "content entries", "內容 %d 份"),
			count(r.Posts, "post", "posts", "文章 %d 篇"),
			count(r.Commands, "command", "commands", "指令 %d 個"),
			count(r.Channels, "channel", "channels", "頻道 %d 個"),
			count(r.Announcements, "announcement", "announcements", "公告 %d 項"))
	}
	if _, err := fmt.Fprintln(w, last); err != nil {
		return err
	}
	for _, s := range r.Schedules {
		if err := s.print(w, r.now, r.lang); err != nil {
			return err
		}
	}
	return nil
}

var languageLine = regexp.MustCompile(`(?m)^ *language *[:：] *["'“]?([A-Za-z-]+)`)

// checkLang returns the language that the operator's system speaks, or else the
// community's, be it read with one eye from a config that is wrong.
func checkLang(env environment, cfg *Config, path string) bot.Lang {
	if cfg != nil {
		return env.langOr(cfg.Community.Language)
	}
	source, _ := readConfig(path)
	if m := languageLine.FindStringSubmatch(source); m != nil {
		if lang, ok := bot.MatchLang(m[1]); ok {
			return env.langOr(lang)
		}
	}
	return env.lang()
}
