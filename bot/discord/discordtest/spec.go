package discordtest

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Spec is Discord's official OpenAPI document
// (https://github.com/discord/discord-api-spec), against which requests are
// held.
type Spec struct {
	paths map[string]map[string]any

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// LoadSpec reads the document from a file.
func LoadSpec(file string) (*Spec, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading Discord's schema: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("reading Discord's schema: %w", err)
	}
	root, _ := doc.(map[string]any)
	paths, ok := root["paths"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("reading Discord's schema: %s has no paths", file)
	}
	s := &Spec{paths: make(map[string]map[string]any), compiler: jsonschema.NewCompiler(), compiled: make(map[string]*jsonschema.Schema)}
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource("discord.json", doc); err != nil {
		return nil, fmt.Errorf("reading Discord's schema: %w", err)
	}
	for path, operations := range paths {
		s.paths[path], _ = operations.(map[string]any)
	}
	return s, nil
}

// Problems returns what the document finds wrong with a request.
func (s *Spec) Problems(method, path string, body []byte) []string {
	template := s.match(path)
	if template == "" {
		return []string{"no such path in the official schema"}
	}
	operation, ok := s.paths[template][strings.ToLower(method)].(map[string]any)
	if !ok {
		return []string{"no such method in the official schema"}
	}
	content, ok := lookup(operation, "requestBody", "content", "application/json", "schema")
	if !ok {
		if len(body) > 0 {
			return []string{"takes no body"}
		}
		return nil
	}
	_ = content
	if len(body) == 0 {
		return []string{"lacks its body"}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return []string{"is no JSON: " + err.Error()}
	}
	schema, err := s.schema(template, strings.ToLower(method))
	if err != nil {
		return []string{err.Error()}
	}
	if err := schema.Validate(value); err != nil {
		return []string{err.Error()}
	}
	return nil
}

func lookup(m map[string]any, keys ...string) (any, bool) {
	var v any = m
	for _, key := range keys {
		inner, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = inner[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

func (s *Spec) schema(template, method string) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pointer := "/paths/" + strings.ReplaceAll(template, "/", "~1") + "/" + method + "/requestBody/content/application~1json/schema"
	if schema := s.compiled[pointer]; schema != nil {
		return schema, nil
	}
	escaped := strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer)
	schema, err := s.compiler.Compile("discord.json#" + escaped)
	if err != nil {
		return nil, fmt.Errorf("compiling the schema of %s: %w", template, err)
	}
	s.compiled[pointer] = schema
	return schema, nil
}

// match returns the path template that fits best: the one with the fewest
// parameters.
func (s *Spec) match(path string) string {
	var fitting []string
	for template := range s.paths {
		if _, ok := matchPath(template, path); ok {
			fitting = append(fitting, template)
		}
	}
	if len(fitting) == 0 {
		return ""
	}
	return slices.MinFunc(fitting, func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") })
}

var snowflake = regexp.MustCompile(`^(?:0|[1-9][0-9]*)$`)

// matchPath fits a path to a template such as /channels/{channel_id}/messages.
// Parameters with names that end in _id are numbers.
func matchPath(template, path string) (vars map[string]string, ok bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	vars = make(map[string]string)
	for i, segment := range want {
		name, isVar := strings.CutPrefix(segment, "{")
		name = strings.TrimSuffix(name, "}")
		switch {
		case !isVar && segment != got[i], isVar && got[i] == "":
			return nil, false
		case isVar && strings.HasSuffix(name, "_id") && !snowflake.MatchString(got[i]):
			return nil, false
		case isVar:
			vars[name] = got[i]
		}
	}
	return vars, true
}
