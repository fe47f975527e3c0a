package site

import (
	"slices"
	"strings"
)

// value is one value of a front matter header, whichever language the header
// is written in. Scalars keep the text that was written: whether 2024 is a
// number or a title is for the reader of the key to know.
type value struct {
	kind   kind
	text   string // of a scalar
	quoted bool   // whether a YAML scalar was in quotes and so cannot be a date
	list   []value
	fields []field
	// line and column count from 1 in the file; 0 where they are not known.
	line, column int
}

type kind uint8

const (
	null kind = iota // also of a key that is not there
	scalar
	list
	mapping
)

// String names the kind for a person who never heard of YAML's types.
func (k kind) String() string {
	switch k {
	case scalar:
		return "a single value"
	case list:
		return "a list"
	case mapping:
		return "a group of keys"
	default:
		return "nothing"
	}
}

// field is a key of a mapping and its value.
type field struct {
	key   string
	value value
}

// get returns the value of the first of keys that is there. Keys are compared
// without regard to case, as Hugo does; a key written as asked for wins.
func (v value) get(keys ...string) value {
	for _, key := range keys {
		i := slices.IndexFunc(v.fields, func(f field) bool { return f.key == key })
		if i < 0 {
			i = slices.IndexFunc(v.fields, func(f field) bool { return strings.EqualFold(f.key, key) })
		}
		if i >= 0 && v.fields[i].value.kind != null {
			return v.fields[i].value
		}
	}
	return value{}
}

// items returns the values of a list, or a value that stands alone as a list
// of one.
func (v value) items() []value {
	switch v.kind {
	case null:
		return nil
	case list:
		return v.list
	default:
		return []value{v}
	}
}

// word returns the text of a scalar as one line, and "" for everything else.
func (v value) word() string { return oneLine(v.text) }
