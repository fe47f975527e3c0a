package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// checkKeyboard checks an inline keyboard.
func checkKeyboard(v any) string {
	if v == nil {
		return ""
	}
	var board struct {
		Rows [][]map[string]any `json:"inline_keyboard"`
	}
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &board)
	}
	if err != nil {
		return "can't parse inline keyboard: " + err.Error()
	}
	keys := 0
	for _, row := range board.Rows {
		if len(row) > maxRow {
			return "BUTTON_ROW_INVALID" // not Telegram's word: it squeezes them instead
		}
		for _, key := range row {
			if keys++; keys > maxKeys {
				return "reply markup is too long"
			}
			if wrong := checkKey(key); wrong != "" {
				return wrong
			}
		}
	}
	return ""
}

func checkKey(key map[string]any) string {
	kinds := 0
	for name := range key {
		if name != "text" && name != "style" && name != "icon_custom_emoji_id" {
			kinds++
		}
	}
	text, _ := key["text"].(string)
	address, hasURL := key["url"].(string)
	data, hasData := key["callback_data"].(string)
	switch {
	case strings.TrimSpace(text) == "":
		return "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
	case kinds != 1:
		return "can't parse inline keyboard button: exactly one of the optional fields must be used"
	case hasData && (data == "" || len(data) > maxData):
		return "BUTTON_DATA_INVALID"
	case hasURL && !publicURL(address):
		return fmt.Sprintf("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", address)
	}
	return ""
}

func publicURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg" {
		return false
	}
	return u.Scheme == "tg" || strings.Contains(strings.Trim(u.Hostname(), "."), ".") && !strings.ContainsAny(s, " \n\t")
}

// checkInline checks the answer to an inline query.
func checkInline(results any) string {
	list, _ := results.([]any)
	if len(list) > 50 {
		return "RESULTS_TOO_MUCH"
	}
	seen := make(map[any]bool)
	for _, r := range list {
		result, _ := r.(map[string]any)
		if seen[result["id"]] {
			return "RESULT_ID_DUPLICATE"
		}
		seen[result["id"]] = true
		if content, ok := result["input_message_content"].(map[string]any); ok {
			text, _ := content["message_text"].(string)
			if wrong := checkText(text, maxText, content["entities"], "message"); wrong != "" {
				return wrong
			}
		}
		if wrong := checkKeyboard(result["reply_markup"]); wrong != "" {
			return wrong
		}
	}
	return ""
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// checkCommands checks a menu.
func checkCommands(v any) string {
	list, _ := v.([]any)
	if len(list) > 100 {
		return "BOT_COMMANDS_TOO_MUCH"
	}
	for _, c := range list {
		command, _ := c.(map[string]any)
		name, _ := command["command"].(string)
		description, _ := command["description"].(string)
		if !commandName.MatchString(name) {
			return "BOT_COMMAND_INVALID"
		}
		if n := length(description); n < 1 || n > 256 {
			return "BOT_COMMAND_DESCRIPTION_INVALID"
		}
	}
	return ""
}
