package announce

import (
	"maps"
	"slices"

	"cloudnative.tw/herald/bot"
)

// Templates is one template in several languages, as bot.Texts is one text.
type Templates map[bot.Lang]Template

// ParseTemplates reads each of the texts, and reports those that are wrong as
// *TemplateError, with the path of the setting below the announcement.
func ParseTemplates(texts bot.Texts, report func(path string, err error)) Templates {
	templates := Templates{}
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		path := "template"
		if lang != "" {
			path += "." + string(lang)
		}
		t, err := ParseTemplate(texts[lang])
		if err != nil {
			report(path, err)
			continue
		}
		templates[lang] = t
	}
	return templates
}

// In returns the template for lang, chosen as bot.Texts.In chooses.
func (t Templates) In(lang bot.Lang) Template {
	for _, l := range append([]bot.Lang{lang, ""}, bot.Langs()...) {
		if template, ok := t[l]; ok {
			return template
		}
	}
	return Template{}
}
