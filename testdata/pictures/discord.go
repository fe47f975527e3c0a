package main

import (
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

func discord(body json.RawMessage) (Picture, error) {
	var m struct {
		Content string
		Message json.RawMessage // of a forum's thread
		Name    string
		Flags   int
		Embeds  []struct {
			Title, Description string
			Color              int
			Fields             []struct{ Name, Value string }
			Image              struct{ URL string }
			Footer             struct{ Text string }
		}
		Components []struct {
			Components []struct{ Label, URL string }
		}
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return Picture{}, err
	}
	if m.Message != nil {
		p, err := discord(m.Message)
		p.Parts = append([]template.HTML{element("t", "<b># "+escape(m.Name)+"</b>")}, p.Parts...)
		return p, err
	}
	p := Picture{Private: m.Flags&(1<<6) != 0, Parts: []template.HTML{element("t", markdown(m.Content))}}
	for _, e := range m.Embeds {
		inner := ""
		if e.Title != "" {
			inner += "<b>" + markdown(e.Title) + "</b>\n"
		}
		inner += markdown(e.Description)
		for _, f := range e.Fields {
			inner += "\n<b>" + markdown(f.Name) + "</b>\n" + markdown(f.Value)
		}
		if e.Image.URL != "" {
			inner += `<div class="i">` + escape(e.Image.URL) + `</div>`
		}
		if e.Footer.Text != "" {
			inner += `<div class="f">` + escape(e.Footer.Text) + `</div>`
		}
		p.Parts = append(p.Parts, template.HTML(fmt.Sprintf(`<div class="e" style="border-color:#%06x">%s</div>`, e.Color, inner)))
	}
	var rows [][]string
	for _, row := range m.Components {
		var labels []string
		for _, b := range row.Components {
			if b.URL != "" {
				b.Label += " ↗"
			}
			labels = append(labels, b.Label)
		}
		rows = append(rows, labels)
	}
	p.Parts = append(p.Parts, buttons(rows))
	return p, nil
}

// marks are the marks of Discord's Markdown that Herald writes, in the order in
// which they are looked for; each is drawn around its first group.
var marks = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	{regexp.MustCompile(`\[([^\]\n]+)\]\((&lt;)?(https?://[^\s)]+?)(&gt;)?\)`), `<a>$1</a>`},
	{regexp.MustCompile(`&lt;(https?://[^\s&]+(?:&amp;[^\s&]+)*)&gt;`), `<a>$1</a>`},
	{regexp.MustCompile(`&lt;@&amp;(\d+)&gt;`), `<span class="p">@role</span>`},
	{regexp.MustCompile(`&lt;t:(\d+)(?::\w)?&gt;`), `<span class="p">time $1</span>`},
	{regexp.MustCompile(`\*\*([^\n]+?)\*\*`), `<b>$1</b>`},
	{regexp.MustCompile(`\*([^*\n]+?)\*`), `<i>$1</i>`},
	{regexp.MustCompile("`([^`\n]+)`"), `<code>$1</code>`},
	{regexp.MustCompile(`(?m)^&gt; (.*)$`), `<blockquote>$1</blockquote>`},
	{regexp.MustCompile(`(?m)^- `), `• `},
	{regexp.MustCompile(`(?m)^-# (.*)$`), `<small>$1</small>`},
}

var escaped = regexp.MustCompile(`\\([[:punct:]])`)

func markdown(s string) string {
	// What is escaped is put out of the way of the marks.
	var literal []string
	s = escaped.ReplaceAllStringFunc(s, func(m string) string {
		literal = append(literal, m[1:])
		return fmt.Sprintf("\x00%d\x00", len(literal)-1)
	})
	s = escape(strings.ReplaceAll(s, "\x00", "\uE000"))
	for _, m := range marks {
		s = m.pattern.ReplaceAllString(s, m.replacement)
	}
	for i, l := range literal {
		s = strings.ReplaceAll(s, fmt.Sprintf("\uE000%d\uE000", i), escape(l))
	}
	return s
}
