package main

import (
	"encoding/json"
	"html/template"
	"strings"
	"unicode/utf16"
)

func telegram(body json.RawMessage) (Picture, error) {
	var m struct {
		Text, Caption, Photo string
		Entities             []entity
		CaptionEntities      []entity `json:"caption_entities"`
		Preview              struct {
			URL   string
			Off   bool `json:"is_disabled"`
			Above bool `json:"show_above_text"`
		} `json:"link_preview_options"`
		Markup struct {
			Rows [][]struct{ Text, URL string } `json:"inline_keyboard"`
		} `json:"reply_markup"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return Picture{}, err
	}
	text := element("t", marked(m.Text+m.Caption, append(m.Entities, m.CaptionEntities...)))
	p := Picture{Parts: []template.HTML{text}}
	if picture := m.Photo + m.Preview.URL; picture != "" && !m.Preview.Off {
		drawn := element("i", escape(picture))
		if m.Preview.Above || m.Photo != "" {
			p.Parts = []template.HTML{drawn, text}
		} else {
			p.Parts = append(p.Parts, drawn)
		}
	}
	var rows [][]string
	for _, row := range m.Markup.Rows {
		var labels []string
		for _, key := range row {
			if key.URL != "" {
				key.Text += " ↗"
			}
			labels = append(labels, key.Text)
		}
		rows = append(rows, labels)
	}
	p.Parts = append(p.Parts, buttons(rows))
	return p, nil
}

// entity is from https://core.telegram.org/bots/api#messageentity.
type entity struct {
	Type           string
	Offset, Length int
}

var tags = map[string]string{
	"bold": "b", "italic": "i", "code": "code", "text_link": "a", "url": "a", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
	"bot_command": "a", "text_mention": "a", "underline": "u", "date_time": "u",
}

// marked draws a text whose entities lie beside or in one another.
func marked(text string, entities []entity) string {
	units := utf16.Encode([]rune(text))
	var b strings.Builder
	for at := 0; at <= len(units); at++ {
		for i := len(entities) - 1; i >= 0; i-- {
			if e := entities[i]; e.Offset+e.Length == at {
				b.WriteString("</" + tags[e.Type] + ">")
			}
		}
		for _, e := range entities {
			if e.Offset == at {
				b.WriteString("<" + tags[e.Type] + ">")
			}
		}
		if at == len(units) {
			break
		}
		end := at + 1
		if utf16.IsSurrogate(rune(units[at])) && end < len(units) {
			end++
		}
		b.WriteString(escape(string(utf16.Decode(units[at:end]))))
		at = end - 1
	}
	return b.String()
}
