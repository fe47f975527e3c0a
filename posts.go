package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/console"
	"cloudnative.tw/herald/content"
)

// postFilter chooses posts; empty fields choose all.
type postFilter struct {
	source, tag, kind, words string
	year                     int
}

func (f postFilter) chooses(p *content.Post) bool {
	return (f.source == "" || p.Source == f.source) &&
		(f.tag == "" || p.HasTag(f.tag)) &&
		(f.kind == "" || string(p.Kind) == f.kind) &&
		(f.year == 0 || !p.Date.IsZero() && p.Date.Year() == f.year) &&
		(f.words == "" || strings.Contains(strings.ToLower(p.Title+" "+p.Path), strings.ToLower(f.words)))
}

func postsCommand(env environment, path *string) *cobra.Command {
	var filter postFilter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "posts [WORDS]",
		Short: "List the index: date, kind, title, address, tags and source file of every post",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError(cmd, errors.New("this takes at most one argument; put words in quotes"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				filter.words = args[0]
			}
			if err := knownName("kind", filter.kind, kinds); err != nil {
				return usageError(cmd, err)
			}
			return withPosts(cmd.Context(), env, *path, func(app *app) error {
				if err := knownName("source", filter.source, app.cfg.contentSources()); err != nil {
					return usageError(cmd, err)
				}
				return printPosts(env, app.library.Snapshot(), filter, asJSON)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&filter.source, "source", "", "only posts of this `source`, a name of config.yaml")
	flags.StringVar(&filter.tag, "tag", "", "only posts with this `tag`")
	flags.StringVar(&filter.kind, "kind", "", "only posts of this `kind`: article, page or term")
	flags.IntVar(&filter.year, "year", 0, "only posts of this `year`")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// kinds are the values of --kind.
var kinds = []string{string(content.Article), string(content.Page), string(content.Term)}

// knownName returns an error if name is set and stands for nothing: a filter that
// is misspelt is another mistake than one that matches nothing.
func knownName(what, name string, known []string) error {
	if name == "" || slices.Contains(known, name) {
		return nil
	}
	if near := nearest(name, known); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, name, near)
	}
	return fmt.Errorf("there is no %s %q, only %s", what, name, strings.Join(known, ", "))
}

func printPosts(env environment, snapshot *content.Snapshot, filter postFilter, asJSON bool) error {
	var chosen []*content.Post
	for _, p := range snapshot.Posts() {
		if filter.chooses(p) {
			chosen = append(chosen, p)
		}
	}
	if asJSON {
		return encodePosts(env.out, chosen)
	}
	for _, p := range chosen {
		fmt.Fprintln(env.out, postLine(p))
	}
	if len(chosen) == 0 {
		complain(env.err, fmt.Errorf("no post of %d matches", len(snapshot.Posts())))
		return failed()
	}
	return nil
}

// postLine is a post on two lines: what it is, and where.
func postLine(p *content.Post) string {
	date := "          "
	if !p.Date.IsZero() {
		date = p.Date.Format("2006-01-02")
	}
	tags := make([]string, len(p.Tags))
	for i, t := range p.Tags {
		tags[i] = "#" + t.Label
	}
	note := strings.Join(tags, " ")
	if p.Unlisted {
		note = strings.TrimSpace(note + " (unlisted)")
	}
	first := fmt.Sprintf("%s  %s  %s", date, pad(p.Source, 10), p.Title)
	if note != "" {
		first += "  " + note
	}
	return console.Clean(first) + "\n" + strings.Repeat(" ", 12) +
		console.Clean(fmt.Sprintf("%s  %s  %s", pad(string(p.Kind), 10), p.URL, p.File))
}

// pad fills s with spaces up to a width in columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}

// postJSON is how a post is printed for machines.
type postJSON struct {
	Entry    string   `json:"entry"`
	Path     string   `json:"path"`
	Source   string   `json:"source"`
	File     string   `json:"file"`
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	URL      string   `json:"url"`
	Date     string   `json:"date,omitempty"`
	Authors  []string `json:"authors,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Image    string   `json:"image,omitempty"`
	Lang     string   `json:"lang,omitempty"`
	Unlisted bool     `json:"unlisted,omitempty"`
}

func encodePosts(w io.Writer, posts []*content.Post) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, p := range posts {
		out := postJSON{
			Entry: p.Entry, Path: p.Path, Source: p.Source, File: p.File, Kind: string(p.Kind),
			Title: p.Title, URL: p.URL, Image: p.Image, Lang: p.Lang, Unlisted: p.Unlisted,
		}
		if !p.Date.IsZero() {
			out.Date = p.Date.Format(time.RFC3339)
		}
		for _, a := range p.Authors {
			out.Authors = append(out.Authors, a.Name)
		}
		for _, t := range p.Tags {
			out.Tags = append(out.Tags, t.Label)
		}
		if err := encoder.Encode(out); err != nil {
			return fmt.Errorf("printing the posts: %w", err)
		}
	}
	return nil
}
