package content

import "strings"

// Is reports whether name names the tag, by label or permalink, without regard
// to case.
func (t Tag) Is(name string) bool {
	return strings.EqualFold(t.Label, name) || strings.EqualFold(t.Permalink, name)
}
