package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Spec is the official description of the Bot API as data, as the file
// telegram-bot-api.json holds it: methods and types with their fields, and
// limits in the prose of the descriptions.
type Spec struct {
	Methods map[string]specObject `json:"methods"`
	Types   map[string]specObject `json:"types"`
}

type specObject struct {
	Fields   []specField `json:"fields"`
	Subtypes []string    `json:"subtypes"`
	Returns  []string    `json:"returns"`
}

type specField struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

// SharedSpec returns the Spec below the directory that HERALD_SHARED names, or
// nil if it names none.
func SharedSpec() (*Spec, error) {
	dir := os.Getenv("HERALD_SHARED")
	if dir == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, "specs", "telegram-bot-api.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the Bot API's description: %w", err)
	}
	return ReadSpec(bytes.NewReader(raw))
}

// ReadSpec reads a Spec.
func ReadSpec(r io.Reader) (*Spec, error) {
	var s Spec
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return nil, fmt.Errorf("reading the Bot API's description: %w", err)
	}
	if len(s.Methods) == 0 || len(s.Types) == 0 {
		return nil, fmt.Errorf("reading the Bot API's description: %d methods and %d types", len(s.Methods), len(s.Types))
	}
	return &s, nil
}

// CheckCall returns what is wrong with a call: parameters that are unknown,
// missing, of the wrong type or of the wrong length. Numbers are json.Number.
func (s *Spec) CheckCall(method string, params map[string]any) []string {
	m, ok := s.Methods[method]
	if !ok {
		return []string{"there is no method " + method}
	}
	return s.object(method, m, params)
}

// CheckResult returns what is wrong with a method's result.
func (s *Spec) CheckResult(method string, result any) []string {
	return s.union(method, s.Methods[method].Returns, result)
}

func (s *Spec) object(path string, o specObject, v map[string]any) (wrong []string) {
	known := make(map[string]bool)
	for _, f := range o.Fields {
		known[f.Name] = true
		value, given := v[f.Name]
		switch {
		case !given && f.Required:
			wrong = append(wrong, path+"."+f.Name+": missing")
		case given:
			wrong = append(wrong, s.field(path+"."+f.Name, f, value)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !known[name] {
			wrong = append(wrong, path+"."+name+": unknown")
		}
	}
	return wrong
}

var (
	lengthRange = regexp.MustCompile(`(\d+)-(\d+) (characters|[Bb]ytes)`)
	valueRange  = regexp.MustCompile(`[Vv]alues between (\d+)-(\d+)`)
	constant    = regexp.MustCompile(`(?:must be|always) ["“]?([A-Za-z0-9_]+)["”]?$`)
)

func (s *Spec) field(path string, f specField, v any) []string {
	if wrong := s.union(path, f.Types, v); wrong != nil {
		return wrong
	}
	if m := lengthRange.FindStringSubmatch(f.Description); m != nil {
		if text, ok := v.(string); ok {
			length := len(utf16.Encode([]rune(text)))
			if strings.EqualFold(m[3], "bytes") {
				length = len(text)
			}
			return inRange(path, m, length)
		}
	}
	if m := valueRange.FindStringSubmatch(f.Description); m != nil {
		if number, ok := v.(json.Number); ok {
			n, _ := number.Int64()
			return inRange(path, m, int(n))
		}
	}
	return nil
}

func inRange(path string, m []string, n int) []string {
	low, _ := strconv.Atoi(m[1])
	high, _ := strconv.Atoi(m[2])
	if n < low || n > high {
		return []string{fmt.Sprintf("%s: %d is not in %s", path, n, m[0])}
	}
	return nil
}

// union checks v against the types that it may have and returns what is wrong
// by the one that it comes nearest to.
func (s *Spec) union(path string, types []string, v any) []string {
	var nearest []string
	for i, t := range types {
		wrong := s.value(path, t, v)
		if wrong == nil {
			return nil
		}
		if i == 0 || len(wrong) < len(nearest) {
			nearest = wrong
		}
	}
	return nearest
}

func (s *Spec) value(path, t string, v any) []string {
	if element, ok := strings.CutPrefix(t, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %T is no list", path, v)}
		}
		var wrong []string
		for i, e := range list {
			wrong = append(wrong, s.value(fmt.Sprintf("%s[%d]", path, i), element, e)...)
		}
		return wrong
	}
	if ok, basic := isBasic(t, v); basic {
		if !ok {
			return []string{fmt.Sprintf("%s: %T is no %s", path, v, t)}
		}
		return nil
	}
	object, known := s.Types[t]
	fields, ok := v.(map[string]any)
	switch {
	case !known:
		return []string{path + ": unknown type " + t}
	case !ok:
		return []string{fmt.Sprintf("%s: %T is no %s", path, v, t)}
	case len(object.Subtypes) > 0:
		return s.subtype(path, object.Subtypes, fields)
	}
	return s.object(path, object, fields)
}

func isBasic(t string, v any) (ok, basic bool) {
	switch t {
	case "Integer":
		n, isNumber := v.(json.Number)
		_, err := n.Int64()
		return isNumber && err == nil, true
	case "Float":
		_, ok = v.(json.Number)
	case "String", "InputFile":
		_, ok = v.(string)
	case "Boolean":
		_, ok = v.(bool)
	case "True":
		ok = v == true
	default:
		return false, false
	}
	return ok, true
}

// subtype checks v against the subtypes whose constant fields (type, status,
// source) v has; all of them if it has none's.
func (s *Spec) subtype(path string, subtypes []string, v map[string]any) []string {
	fitting := slices.DeleteFunc(slices.Clone(subtypes), func(t string) bool { return !s.discriminated(t, v) })
	if len(fitting) == 0 {
		return []string{fmt.Sprintf("%s: none of %v", path, subtypes)}
	}
	return s.union(path, fitting, v)
}

func (s *Spec) discriminated(t string, v map[string]any) bool {
	for _, f := range s.Types[t].Fields {
		if f.Name != "type" && f.Name != "status" && f.Name != "source" {
			continue
		}
		if m := constant.FindStringSubmatch(strings.TrimSuffix(f.Description, ".")); m != nil {
			return v[f.Name] == m[1]
		}
	}
	return true
}
