package markdown

import (
	"fmt"
	"strings"

	"cloudnative.tw/herald/content"
)

// dump writes a body as a person can read and compare it.
func dump(b content.Body) string {
	var s strings.Builder
	fmt.Fprintf(&s, "excerpt: %s\n", b.Excerpt)
	for _, section := range b.Sections {
		fmt.Fprintf(&s, "\n%s %s (#%s)\n", strings.Repeat("#", section.Level), section.Heading, section.Anchor)
		for _, block := range section.Blocks {
			fmt.Fprintf(&s, "%s%s\n", strings.Repeat("  ", block.Depth), dumpBlock(block))
		}
		for _, i := range section.Images {
			fmt.Fprintf(&s, "image: %q %s\n", i.Alt, i.URL)
		}
	}
	return s.String()
}

func dumpBlock(b content.Block) string {
	kind := map[content.BlockKind]string{
		content.Paragraph: "paragraph", content.Item: "item", content.Quote: "quote",
		content.Code: "code", content.Row: "row",
	}[b.Kind]
	if b.Number > 0 {
		kind += fmt.Sprintf(" %d", b.Number)
	}
	return kind + ": " + dumpRuns(b.Runs)
}

func dumpRuns(runs []content.Run) string {
	var s strings.Builder
	for _, r := range runs {
		text := strings.ReplaceAll(r.Text, "\n", "⏎")
		for _, m := range []struct {
			style content.Style
			mark  string
		}{{content.Bold, "b"}, {content.Italic, "i"}, {content.Monospace, "m"}} {
			if r.Style&m.style != 0 {
				text = m.mark + "‹" + text + "›"
			}
		}
		if r.URL != "" {
			text = "[" + text + "→" + r.URL + "]"
		}
		s.WriteString(text)
	}
	return s.String()
}
