package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// parseTOML reads the front matter of a page in TOML.
func parseTOML(source []byte) (value, error) {
	if nestedTooDeep(source) {
		return value{}, errTooDeep
	}
	var fields map[string]any
	err := toml.Unmarshal(source, &fields)
	var e *toml.DecodeError
	if errors.As(err, &e) {
		line, column := e.Position()
		return value{}, &syntaxError{line, column, strings.TrimPrefix(e.Error(), "toml: ")}
	}
	if err != nil {
		return value{}, err
	}
	return fromAny(fields), nil
}

// parseJSON reads the front matter of a page in JSON.
func parseJSON(source []byte) (value, error) {
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(source))
	d.UseNumber() // as written
	err := d.Decode(&fields)
	var e *json.SyntaxError
	if errors.As(err, &e) {
		before := source[:min(max(int(e.Offset)-1, 0), len(source))]
		line := bytes.Count(before, []byte("\n"))
		column := len(before) - bytes.LastIndexByte(before, '\n')
		return value{}, &syntaxError{line + 1, column, e.Error()}
	}
	if err != nil {
		return value{}, err
	}
	return fromAny(fields), nil
}

// splitJSON takes the JSON object off the start of a page.
func splitJSON(source []byte) (header, error) {
	d := json.NewDecoder(bytes.NewReader(source[:min(len(source), maxHeader)]))
	h := header{notation: jsonHeader, line: 1}
	var object json.RawMessage
	if err := d.Decode(&object); err != nil {
		h.source = source[:min(len(source), maxHeader)]
		return h, nil //nolint:nilerr // reading the header says where it is broken
	}
	h.source, h.body = source[:d.InputOffset()], source[d.InputOffset():]
	return h, nil
}

// fromAny returns what a decoder of TOML or JSON made as a value.
func fromAny(a any) value {
	switch a := a.(type) {
	case nil:
		return value{}
	case map[string]any:
		v := value{kind: mapping}
		for _, key := range slices.Sorted(maps.Keys(a)) {
			v.fields = append(v.fields, field{key, fromAny(a[key])})
		}
		return v
	case []any:
		v := value{kind: list}
		for _, item := range a {
			v.list = append(v.list, fromAny(item))
		}
		return v
	case time.Time:
		return value{kind: scalar, text: a.Format(time.RFC3339)}
	}
	return value{kind: scalar, text: fmt.Sprint(a)}
}
