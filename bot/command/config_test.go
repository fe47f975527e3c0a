package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/command"
)

func TestCheck(t *testing.T) {
	said := bot.Texts{"": "Hello"}
	tests := []struct {
		name    string
		configs map[string]command.Config
		want    []string
	}{
		{"nothing", nil, nil},
		{"good", configs(), nil},
		{"bad names", map[string]command.Config{"Join": {Text: said}, "加入": {Text: said}, "": {Text: said}}, []string{
			`: a command's name is 1 to 32 small letters a-z, digits and underscores; other names can be aliases`,
			`Join: a command's name is 1 to 32 small letters a-z, digits and underscores; other names can be aliases`,
			`加入: a command's name is 1 to 32 small letters a-z, digits and underscores; other names can be aliases`,
		}},
		{"alias of a built-in", map[string]command.Config{"news": {Text: said}}, []string{
			`news: is already a name of the command "latest"`,
		}},
		{"clashing aliases", map[string]command.Config{
			"join": {Text: said, Aliases: []string{"Chat", "recap", "a b", ""}},
			"talk": {Text: said, Aliases: []string{"chat", "join", "talk"}},
		}, []string{
			`join.aliases[1]: "recap" is already a name of the command "recap"`,
			`join.aliases[2]: an alias is one word of 1 to 32 letters and digits`,
			`join.aliases[3]: an alias is one word of 1 to 32 letters and digits`,
			`talk.aliases[0]: "chat" is already a name of the command "join"`,
			`talk.aliases[1]: "join" is already a name of the command "join"`,
		}},
		{"keys of others", map[string]command.Config{
			"recap": {Text: said, From: []string{"blog"}}, "join": {Text: said, Tag: "x"}, "about": {Tag: "x", Hidden: true},
		}, []string{
			`about.tag: the command "about" has no use for it`,
			`join.tag: the command "join" has no use for it`,
			`recap.from: the command "recap" has no use for it`,
			`recap.text: the command "recap" has no use for it`,
		}},
		{"unknown sources", map[string]command.Config{"meetups": {From: []string{"meetups", "meetup", "xyz"}}}, []string{
			`meetups.from[1]: no content is called "meetup" (did you mean "meetups"?)`,
			`meetups.from[2]: no content is called "xyz" (there are: blog, meetups)`,
		}},
		{"empty", map[string]command.Config{"join": {}, "donate": {Text: bot.Texts{"": " "}}}, []string{
			`donate.text: is empty`,
			`join: says nothing: give it a text, buttons or a quote`,
		}},
		{"summaries", map[string]command.Config{
			"about": {Summary: bot.Texts{"": strings.Repeat("長", 101)}}, "join": {Text: said, Summary: bot.Texts{"en": " "}},
		}, []string{
			`about.summary: is longer than 100 characters`,
			`join.summary: is empty`,
		}},
		{"buttons and quotes", map[string]command.Config{"join": {
			Buttons: []command.ButtonConfig{{Text: said, URL: "javascript:alert(1)"}, {URL: "https://example.org"}, {Text: said, URL: "example.org"}},
			Quote:   &command.Quote{},
		}}, []string{
			`join.buttons[0].url: needs the whole address of a web page, beginning with https:// or http://`,
			`join.buttons[1].text: a button needs a text`,
			`join.buttons[2].url: needs the whole address of a web page, beginning with https:// or http://`,
			`join.quote.section: names the heading of the section to quote and must not be empty`,
			`join.quote.tag: says which posts to quote and must not be empty`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			command.Check(test.configs, []string{"blog", "meetups"}, func(path string, err error) {
				got = append(got, path+": "+err.Error())
			})
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
			o := options(nil)
			o.Commands = test.configs
			if _, err := command.New(o); test.name != "unknown sources" && (err != nil) != (len(test.want) > 0) {
				t.Errorf("New: %v", err)
			}
		})
	}
}
