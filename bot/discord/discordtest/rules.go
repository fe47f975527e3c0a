package discordtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Problems returns what is wrong with the body of a request by rules of Discord
// that its official schema lacks, and by two of Herald's own: mentions are always
// explicit, and what is created carries a nonce where that is possible. route is
// a template as in the schema.
func Problems(method, route string, body []byte) []string {
	var value any
	if len(body) > 0 {
		if err := json.Unmarshal(body, &value); err != nil {
			return []string{"the body is no JSON"}
		}
	}
	var r rules
	object, _ := value.(map[string]any)
	switch {
	case route == "/channels/{channel_id}/messages" && method == "POST":
		r.message(object)
		if text(object["nonce"]) == "" || object["enforce_nonce"] != true {
			r.add("the message has no enforced nonce")
		}
	case route == "/channels/{channel_id}/messages/{message_id}" && method == "PATCH":
		r.message(object)
	case route == "/channels/{channel_id}/threads" && method == "POST":
		r.name(text(object["name"]))
		message, _ := object["message"].(map[string]any)
		r.message(message)
	case strings.HasSuffix(route, "/messages/{message_id}/threads"):
		r.name(text(object["name"]))
	case strings.HasPrefix(route, "/webhooks/") && (method == "POST" || method == "PATCH"):
		r.message(object)
	case strings.HasSuffix(route, "/callback"):
		r.callback(object)
	case strings.HasSuffix(route, "/commands") && method == "PUT":
		list, _ := value.([]any)
		r.commands(list)
	}
	return r.problems
}

type rules struct{ problems []string }

func (r *rules) add(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *rules) name(name string) {
	if strings.TrimSpace(name) == "" {
		r.add("a thread without a name")
	}
}

var messageKeys = map[string]bool{
	"content": true, "embeds": true, "allowed_mentions": true, "components": true, "flags": true, "nonce": true,
	"enforce_nonce": true, "message_reference": true, "tts": true, "sticker_ids": true, "poll": true, "attachments": true,
}

// message holds a message against
// https://discord.com/developers/docs/resources/message.
func (r *rules) message(m map[string]any) {
	for key := range m {
		if !messageKeys[key] {
			r.add("unknown key %q", key)
		}
	}
	content := text(m["content"])
	if n := utf8.RuneCountInString(content); n > 2000 {
		r.add("the content has %d characters", n)
	}
	embeds, _ := m["embeds"].([]any)
	components, _ := m["components"].([]any)
	if strings.TrimSpace(content) == "" && len(embeds) == 0 && len(components) == 0 {
		r.add("an empty message")
	}
	mentions, ok := m["allowed_mentions"].(map[string]any)
	if _, explicit := mentions["parse"].([]any); !ok || !explicit {
		r.add("allowed_mentions does not say whom it may notify")
	}
	total := 0
	for i, e := range embeds {
		embed, _ := e.(map[string]any)
		total += r.embed(i, embed)
	}
	if total > 6000 {
		r.add("the embeds have %d characters", total)
	}
	r.components(components)
}

func (r *rules) embed(i int, e map[string]any) (characters int) {
	for _, key := range []string{"title", "description"} {
		characters += utf8.RuneCountInString(text(e[key]))
	}
	footer, _ := e["footer"].(map[string]any)
	author, _ := e["author"].(map[string]any)
	characters += utf8.RuneCountInString(text(footer["text"])) + utf8.RuneCountInString(text(author["name"]))
	fields, _ := e["fields"].([]any)
	for _, f := range fields {
		field, _ := f.(map[string]any)
		name, value := text(field["name"]), text(field["value"])
		if strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" {
			r.add("embed %d has a field without a name or a value", i)
		}
		characters += utf8.RuneCountInString(name) + utf8.RuneCountInString(value)
	}
	image, _ := e["image"].(map[string]any)
	for _, address := range []string{text(e["url"]), text(image["url"])} {
		if address != "" && !isWeb(address) {
			r.add("embed %d has the address %q", i, address)
		}
	}
	if characters == 0 && image == nil {
		r.add("embed %d is empty", i)
	}
	return characters
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")) && u.Hostname() != ""
}

// components holds rows of buttons against
// https://discord.com/developers/docs/components/reference.
func (r *rules) components(rows []any) {
	if len(rows) > 5 {
		r.add("%d rows of buttons", len(rows))
	}
	seen := make(map[string]bool)
	for _, row := range rows {
		object, _ := row.(map[string]any)
		buttons, _ := object["components"].([]any)
		if len(buttons) == 0 || len(buttons) > 5 {
			r.add("a row of %d buttons", len(buttons))
		}
		for _, b := range buttons {
			button, _ := b.(map[string]any)
			r.button(button, seen)
		}
	}
}

func (r *rules) button(b map[string]any, seen map[string]bool) {
	id, address := text(b["custom_id"]), text(b["url"])
	if strings.TrimSpace(text(b["label"])) == "" {
		r.add("a button without a label")
	}
	switch {
	case (id == "") == (address == ""):
		r.add("a button must have either an id or an address: %q, %q", id, address)
	case (b["style"] == 5.0) != (address != ""):
		r.add("style %v of a button that leads to %q", b["style"], address)
	case address != "" && (!isWeb(address) || utf8.RuneCountInString(address) > 512):
		r.add("a button leads to %q", address)
	case id != "" && seen[id]:
		r.add("two buttons have the id %q", id)
	}
	seen[id] = true
}

func (r *rules) callback(c map[string]any) {
	data, _ := c["data"].(map[string]any)
	switch c["type"] {
	case 4.0, 7.0:
		r.message(data)
	case 8.0:
		if choices, _ := data["choices"].([]any); len(choices) > 25 {
			r.add("%d choices", len(choices))
		}
	}
}

// commandName is from
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func (r *rules) commands(list []any) {
	if len(list) > 100 {
		r.add("%d commands", len(list))
	}
	seen := make(map[string]bool)
	for _, c := range list {
		command, _ := c.(map[string]any)
		name := text(command["name"])
		if seen[name] {
			r.add("two commands are called %q", name)
		}
		seen[name] = true
		if n := r.command(command); n > 8000 {
			r.add("the command %q has %d characters", name, n)
		}
		options, _ := command["options"].([]any)
		optional := false
		for _, o := range options {
			option, _ := o.(map[string]any)
			if option["required"] != true {
				optional = true
			} else if optional {
				r.add("the command %q has a required option after an optional one", name)
			}
		}
	}
}

// command holds the names and descriptions of a command or option against the
// rules, and returns how many characters they have.
func (r *rules) command(c map[string]any) (characters int) {
	names := []string{text(c["name"])}
	localised, _ := c["name_localizations"].(map[string]any)
	for _, name := range localised {
		names = append(names, text(name))
	}
	for _, name := range names {
		if !commandName.MatchString(name) || name != strings.ToLower(name) {
			r.add("a command or option cannot be called %q", name)
		}
		characters = max(characters, utf8.RuneCountInString(name))
	}
	descriptions := []string{text(c["description"])}
	localised, _ = c["description_localizations"].(map[string]any)
	for _, d := range localised {
		descriptions = append(descriptions, text(d))
	}
	longest := 0
	for _, d := range descriptions {
		if n := utf8.RuneCountInString(d); n < 1 || n > 100 {
			r.add("a description has %d characters: %q", n, d)
		} else {
			longest = max(longest, n)
		}
	}
	characters += longest
	options, _ := c["options"].([]any)
	for _, o := range options {
		option, _ := o.(map[string]any)
		characters += r.command(option)
	}
	return characters
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
