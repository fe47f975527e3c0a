package telegram

import (
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a bot's token. However it is printed, logged or encoded, it shows a
// placeholder.
type Secret string

const hidden = "(secret)"

// String returns the placeholder.
func (Secret) String() string { return hidden }

// Format prints the placeholder for every verb, also one that does not fit.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue returns the placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns the placeholder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// redact takes the token out of a text.
func (s Secret) redact(text string) string {
	if s == "" {
		return text
	}
	return strings.ReplaceAll(text, string(s), hidden)
}
