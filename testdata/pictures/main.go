// Command pictures draws the goldens of testdata/payloads as members see them,
// so that a person can look at them. It writes a page for each platform:
//
//	go run ./testdata/pictures DIR
//	chromium --headless --screenshot=discord.png --window-size=1400,9000 DIR/discord.html
//
// It is a mock: it knows the part of Discord's Markdown and of Telegram's
// entities that Herald uses. It is no part of the program.
package main

import (
	"encoding/json"
	"fmt"
	"html/template"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// Picture is one message, drawn.
type Picture struct {
	Name    string
	Private bool
	Parts   []template.HTML
}

var page = template.Must(template.New("").Parse(`<!DOCTYPE html><meta charset="utf-8"><style>
body{font:15px/1.4 "Noto Sans","Noto Sans CJK TC",sans-serif;columns:3;column-gap:16px;margin:12px}
.m{break-inside:avoid;margin-bottom:14px;padding:8px 12px;border-radius:8px;overflow-wrap:anywhere}
.n{font-size:11px;opacity:.6}.t{white-space:pre-wrap}
.e{border-left:4px solid #999;border-radius:4px;padding:6px 12px;margin-top:4px;max-width:400px;white-space:pre-wrap}
.i{background:linear-gradient(135deg,#8ab,#567);color:#fff;border-radius:4px;height:90px;font-size:10px;padding:4px;margin:4px 0}
.f{font-size:12px;opacity:.7}.b{display:inline-block;border-radius:4px;padding:3px 12px;margin:3px 4px 0 0}
blockquote{border-left:4px solid #666;margin:2px 0;padding-left:10px}a{text-decoration:none}
.discord{background:#313338}.discord .m{background:#383a40;color:#dbdee1}.discord a{color:#00a8fc}
.discord .e{background:#2b2d31}.discord .b{background:#4e5058;color:#fff}.discord .p{background:#5865f255}
.telegram{background:#8fae8b}.telegram .m{background:#fff;color:#000}.telegram a{color:#168acd}
.telegram .b{background:#0004;color:#fff;min-width:30px;text-align:center}
</style><body class="{{.Platform}}">{{range .Pictures}}<div class="m">
<div class="n">{{.Name}}{{if .Private}} · for one{{end}}</div>{{range .Parts}}{{.}}{{end}}</div>{{end}}`))

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pictures DIR")
	}
	for platform, draw := range map[string]func(json.RawMessage) (Picture, error){"discord": discord, "telegram": telegram} {
		if err := drawAll(platform, os.Args[1], draw); err != nil {
			log.Fatal(err)
		}
	}
}

func drawAll(platform, dir string, draw func(json.RawMessage) (Picture, error)) error {
	files, err := filepath.Glob(filepath.Join("testdata", "payloads", platform, "*.json"))
	if err != nil {
		return err
	}
	var pictures []Picture
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var wrapped struct{ Body, Params json.RawMessage }
		if err := json.Unmarshal(source, &wrapped); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		body := json.RawMessage(source)
		if wrapped.Body != nil {
			body = wrapped.Body
		} else if wrapped.Params != nil {
			body = wrapped.Params
		}
		picture, err := draw(body)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		picture.Name = strings.TrimSuffix(filepath.Base(file), ".json")
		pictures = append(pictures, picture)
	}
	out, err := os.Create(filepath.Join(dir, platform+".html"))
	if err != nil {
		return err
	}
	if err := page.Execute(out, map[string]any{"Platform": platform, "Pictures": pictures}); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func escape(s string) string { return template.HTMLEscapeString(s) }

// element is an element of a class around HTML.
func element(class, inner string) template.HTML {
	return template.HTML(`<div class="` + class + `">` + inner + `</div>`)
}

// buttons draws rows of buttons.
func buttons(rows [][]string) template.HTML {
	var b strings.Builder
	for _, row := range rows {
		for _, label := range row {
			b.WriteString(`<span class="b">` + escape(label) + `</span>`)
		}
		b.WriteString("<br>")
	}
	return template.HTML(b.String())
}
