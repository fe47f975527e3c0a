package site

import (
	"strings"

	"cloudnative.tw/herald/content"
)

// tagged collects the tags of a page, each permalink once.
func (p *pageReader) tags(v value, known map[string]content.Tag) []content.Tag {
	if v.kind == scalar || v.kind == mapping {
		p.problem(v, "tags must be a list, not "+v.kind.String(), "tags: ["+v.word()+"]")
	}
	var tags []content.Tag
	for _, item := range v.items() {
		t := p.tag(item, known)
		if t.Label == "" || hasPermalink(tags, t) {
			continue
		}
		tags = append(tags, t)
	}
	return tags
}

func hasPermalink(tags []content.Tag, t content.Tag) bool {
	for _, other := range tags {
		if other.Permalink == t.Permalink {
			return true
		}
	}
	return false
}

// tag returns one tag: a text, a key of tags.yml, or a label with a permalink.
// An empty one has no label.
func (p *pageReader) tag(v value, known map[string]content.Tag) content.Tag {
	switch v.kind {
	case scalar:
		label := v.word()
		if t, ok := known[label]; ok {
			return t
		}
		return content.Tag{Label: label, Permalink: kebab(label)}
	case mapping:
		t := content.Tag{Label: v.get("label").word(), Permalink: strings.Trim(v.get("permalink").word(), "/")}
		if t.Label == "" {
			p.problem(v, "a tag needs a label", "")
		}
		if t.Permalink == "" {
			t.Permalink = kebab(t.Label)
		}
		return t
	case list:
		p.problem(v, "a tag must be a text, not a list", "")
	default:
	}
	return content.Tag{}
}

// knownTags reads tags.yml.
func knownTags(file value) map[string]content.Tag {
	known := make(map[string]content.Tag, len(file.fields))
	for _, f := range file.fields {
		t := content.Tag{
			Label:     f.value.get("label").word(),
			Permalink: strings.Trim(f.value.get("permalink").word(), "/"),
		}
		if t.Label == "" {
			t.Label = capitalized(f.key)
		}
		if t.Permalink == "" {
			t.Permalink = kebab(f.key)
		}
		known[f.key] = t
	}
	return known
}

// capitalized returns s with a large first letter and small others.
func capitalized(s string) string {
	for i, r := range s {
		end := i + len(string(r))
		return strings.ToUpper(s[:end]) + strings.ToLower(s[end:])
	}
	return ""
}
