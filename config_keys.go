package main

import (
	"reflect"

	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/bot/command"
)

// requiredKeys are the settings that cannot be left out, with an example of
// each.
var requiredKeys = map[reflect.Type][]struct{ key, example string }{
	reflect.TypeFor[Config]():    {{"community", "{name: …, language: zh-TW, timezone: Asia/Taipei}"}},
	reflect.TypeFor[Community](): {{"name", "Cloud Native Taiwan User Group"}, {"language", "zh-TW"}, {"timezone", "Asia/Taipei"}},
	reflect.TypeFor[Entry]():     {{"format", "docusaurus"}, {"url", "https://example.org"}},

	reflect.TypeFor[announce.Config]():      {{"to", "here"}},
	reflect.TypeFor[command.Quote]():        {{"tag", "year-end-recap"}, {"section", "…"}},
	reflect.TypeFor[command.ButtonConfig](): {{"text", "…"}, {"url", "https://example.org"}},
}

// laterKeys are settings that Herald is meant to have one day and this version
// does not: they deserve another answer than a misspelt one.
var laterKeys = map[reflect.Type][]string{
	reflect.TypeFor[Config]():          {"page", "allow"},
	reflect.TypeFor[Moderators]():      {"discord", "telegram"},
	reflect.TypeFor[announce.Config](): {"remind", "scheduled_event"},
}
