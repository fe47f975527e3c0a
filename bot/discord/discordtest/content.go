package discordtest

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// addresses refuses a message with an address that Discord does not take for
// one, such as that of a host without a dot.
func addresses(object map[string]any) answer {
	errors := make(map[string]any)
	wrong := map[string]any{"_errors": []any{map[string]any{"code": "URL_TYPE_INVALID_URL", "message": "Not a well formed URL."}}}
	embeds, _ := object["embeds"].([]any)
	for i, e := range embeds {
		embed, _ := e.(map[string]any)
		image, _ := embed["image"].(map[string]any)
		if address := text(image["url"]); address != "" && !dotted(address) {
			errors["embeds"] = map[string]any{strconv.Itoa(i): map[string]any{"image": map[string]any{"url": wrong}}}
		}
	}
	rows, _ := object["components"].([]any)
	for n, r := range rows {
		row, _ := r.(map[string]any)
		buttons, _ := row["components"].([]any)
		for i, b := range buttons {
			button, _ := b.(map[string]any)
			if address := text(button["url"]); address != "" && !dotted(address) {
				errors["components"] = map[string]any{strconv.Itoa(n): map[string]any{"components": map[string]any{strconv.Itoa(i): map[string]any{"url": wrong}}}}
			}
		}
	}
	if len(errors) == 0 {
		return answer{}
	}
	return answer{status: 400, body: apiError{Code: 50035, Message: "Invalid Form Body", Errors: errors}}
}

func dotted(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Contains(u.Hostname(), ".")
}

var mentionMark = regexp.MustCompile(`@everyone|@here|<@&?[0-9]+>`)

// pings returns whom a message notifies. Discord reads mentions in the raw text:
// a backslash does not help
// (https://discord.com/developers/docs/resources/message#allowed-mentions-object).
func pings(content string, allowed any, everyone bool) []string {
	var all []string
	for _, mark := range mentionMark.FindAllString(content, -1) {
		kind, id := "users", strings.Trim(mark, "<@&>")
		switch {
		case mark == "@everyone" || mark == "@here":
			kind = "everyone"
			if !everyone {
				continue
			}
		case strings.HasPrefix(mark, "<@&"):
			kind = "roles"
		}
		if mayPing(kind, id, allowed) && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

func mayPing(kind, id string, allowed any) bool {
	rules, ok := allowed.(map[string]any)
	if !ok {
		return true
	}
	parse, _ := rules["parse"].([]any)
	ids, _ := rules[kind].([]any)
	return slices.Contains(parse, any(kind)) || slices.Contains(ids, any(id))
}
