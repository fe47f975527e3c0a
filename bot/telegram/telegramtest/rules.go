package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The rules of this file stand only in the prose of the Bot API's
// documentation, or nowhere. Each returns the description with which Telegram
// refuses, without its "Bad Request: ", or "".

const (
	maxText     = 4096 // https://core.telegram.org/bots/api#sendmessage
	maxCaption  = 1024 // https://core.telegram.org/bots/api#sendphoto
	maxEntities = 100  // https://limits.tginfo.me/en; Telegram drops the rest, this server refuses
	maxData     = 64   // https://core.telegram.org/bots/api#inlinekeyboardbutton
	maxKeys     = 100
	maxRow      = 8
)

func length(s string) int { return len(utf16.Encode([]rune(s))) }

// checkText checks the text of a message, or with caption that of a photo.
func checkText(text string, limit int, entities any, what string) string {
	switch {
	case limit == maxText && !strings.ContainsFunc(text, seen):
		return "message text is empty"
	case length(text) > limit:
		return what + " is too long"
	case text != strings.TrimFunc(text, unicode.IsSpace):
		return what + " has space at its ends" // Telegram takes it away, which moves entities
	}
	return checkEntities(text, entities)
}

func seen(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && r != '\u2800' && r != '\u3164' && r != '\uffa0'
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
	User   *struct {
		ID int64 `json:"id"`
	} `json:"user"`
	UnixTime *int64 `json:"unix_time"`
	Format   string `json:"date_time_format"`
}

func (e entity) end() int { return e.Offset + e.Length }

func entitiesOf(v any) ([]entity, error) {
	var list []entity
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	return list, nil
}

func checkEntities(text string, v any) string {
	list, err := entitiesOf(v)
	if err != nil {
		return "can't parse entities: " + err.Error()
	}
	if len(list) > maxEntities {
		return fmt.Sprintf("can't parse entities: %d are more than %d", len(list), maxEntities)
	}
	encoded := utf16.Encode([]rune(text))
	for i, e := range list {
		if e.Offset < 0 || e.Length <= 0 || e.end() > len(encoded) {
			return fmt.Sprintf("can't parse entities: entity %d is outside of the text", i)
		}
		if splits(encoded, e.Offset) || splits(encoded, e.end()) {
			return fmt.Sprintf("can't parse entities: entity %d begins or ends in the middle of a UTF-16 symbol", i)
		}
		if wrong := e.check(); wrong != "" {
			return fmt.Sprintf("can't parse entities: entity %d: %s", i, wrong)
		}
		for _, other := range list[:i] {
			if wrong := nested(other, e); wrong != "" {
				return "can't parse entities: " + wrong
			}
		}
	}
	return ""
}

// splits reports whether a place divides a surrogate pair.
func splits(encoded []uint16, at int) bool {
	return at > 0 && at < len(encoded) && utf16.IsSurrogate(rune(encoded[at-1])) &&
		utf16.DecodeRune(rune(encoded[at-1]), rune(encoded[at])) != unicode.ReplacementChar
}

var dateTimeFormat = regexp.MustCompile(`^(?:r|w?[dD]?[tT]?)$`)

func (e entity) check() string {
	switch e.Type {
	case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre":
	case "text_link":
		if u, err := url.Parse(e.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg" {
			return "a link to nowhere"
		}
	case "text_mention":
		if e.User == nil || e.User.ID <= 0 {
			return "user not found"
		}
	case "date_time":
		if e.UnixTime == nil || !dateTimeFormat.MatchString(e.Format) {
			return "a malformed time"
		}
	default: // Telegram finds the others by itself
		return "unexpected type " + e.Type
	}
	return ""
}

// nested checks two entities by "Nested entities" of
// https://core.telegram.org/bots/api#formatting-options.
func nested(a, b entity) string {
	if a.end() <= b.Offset || b.end() <= a.Offset {
		return ""
	}
	inside := a.Offset <= b.Offset && b.end() <= a.end() || b.Offset <= a.Offset && a.end() <= b.end()
	switch {
	case !inside:
		return fmt.Sprintf("%s and %s cross", a.Type, b.Type)
	case isCode(a) && b.Type != "blockquote", isCode(b) && a.Type != "blockquote":
		return "code cannot hold or be part of others"
	case isLook(a), isLook(b):
		return ""
	case a.Type == "blockquote" != (b.Type == "blockquote"):
		return ""
	}
	return fmt.Sprintf("%s and %s cannot contain each other", a.Type, b.Type)
}

func isCode(e entity) bool { return e.Type == "code" || e.Type == "pre" }

func isLook(e entity) bool {
	switch e.Type {
	case "bold", "italic", "underline", "strikethrough", "spoiler":
		return true
	}
	return false
}

var mentionName = regexp.MustCompile(`@[A-Za-z0-9_]{2,}`)

// rings returns whom a text notifies: by an entity, or because Telegram finds a
// mention in words that no link or code covers.
func rings(text string, v any) []string {
	list, _ := entitiesOf(v)
	var found []string
	for _, e := range list {
		if e.Type == "text_mention" && e.User != nil {
			found = append(found, fmt.Sprint(e.User.ID))
		}
		if e.Type == "text_link" && strings.HasPrefix(e.URL, "tg:") {
			found = append(found, e.URL)
		}
	}
	for _, at := range mentionName.FindAllStringIndex(text, -1) {
		before := []rune(text[:at[0]])
		if n := len(before); n > 0 && before[n-1] < unicode.MaxASCII && (unicode.IsLetter(before[n-1]) || unicode.IsDigit(before[n-1]) || before[n-1] == '_') {
			continue // an e-mail address
		}
		start := length(text[:at[0]])
		covered := false
		for _, e := range list {
			if !isLook(e) && e.Type != "blockquote" && e.Offset <= start && start < e.end() {
				covered = true
			}
		}
		if !covered {
			found = append(found, text[at[0]:at[1]])
		}
	}
	return found
}
