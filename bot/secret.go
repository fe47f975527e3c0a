package bot

import (
	"fmt"
	"log/slog"
	"strings"
)

// Secret is a token of a platform. However it is printed, logged or encoded, it
// shows a placeholder; only the request to the platform holds its value.
type Secret string

const hidden = "(secret)"

// String returns a placeholder.
func (Secret) String() string { return hidden }

// Format writes a placeholder for every verb, also one that does not fit.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue returns a placeholder.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns a placeholder, in JSON and YAML too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Redact returns the text without the secret.
func (s Secret) Redact(text string) string {
	if s == "" {
		return text
	}
	return strings.ReplaceAll(text, string(s), hidden)
}
