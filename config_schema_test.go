package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemaIsFresh proves that config.schema.json is what check --schema prints.
func TestSchemaIsFresh(t *testing.T) {
	const file = "config.schema.json"
	got, err := configSchema()
	if err != nil {
		t.Fatal(err)
	}
	if *updateFixtures {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is not up to date: herald check --schema > %s", file, file)
	}
}

// TestSchemaExplainsEverySetting proves that every setting has its explanation
// and that none is explained that does not exist.
func TestSchemaExplainsEverySetting(t *testing.T) {
	schema := readSchema(t)
	explained := map[string]bool{}
	var walk func(node any, path string)
	walk = func(node any, path string) {
		o, ok := node.(map[string]any)
		if !ok {
			return
		}
		if settings[path].en != "" && o["description"] != nil {
			explained[path] = true
		}
		for name, property := range asObject(o["properties"]) {
			if at := join(path, name); settings[at].en == "" && !strings.Contains(at, "-TW") && !strings.HasSuffix(at, ".en") {
				t.Errorf("%s has no explanation", at)
			}
			walk(property, join(path, name))
		}
		walk(o["additionalProperties"], join(path, "*"))
		if options, ok := o["anyOf"].([]any); ok {
			walk(options[0], path)
		}
	}
	walk(schema, "")
	for _, path := range slices.Sorted(maps.Keys(settings)) {
		if !explained[path] {
			t.Errorf("%s is explained but is no setting", path)
		}
	}
}

func asObject(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func readSchema(t *testing.T) any {
	t.Helper()
	text, err := configSchema()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSchemaAgreesWithLoader validates the shipped config and every fixture: what
// Herald accepts, an editor must not mark.
func TestSchemaAgreesWithLoader(t *testing.T) {
	schema := compileSchema(t)
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "config.yaml") {
		if _, found := loadConfig(file); wrong(found) {
			continue
		}
		if err := schema.Validate(readYAML(t, file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, file := range []string{"unknown-key", "wrong-types", "missing", "bad-language", "later-key"} {
		if schema.Validate(readYAML(t, "testdata/config/"+file+".yaml")) == nil {
			t.Errorf("%s.yaml is wrong, and the schema does not say so", file)
		}
	}
}

// TestSchemaKnowsTheWords proves that schema and loader take the same words where
// a setting takes one of a few.
func TestSchemaKnowsTheWords(t *testing.T) {
	schema := compileSchema(t)
	for path, words := range choices {
		for _, word := range append(slices.Clone(words), "nonsense") {
			settings := map[string]string{"content.*.format": "docusaurus", path: word}
			source := "community: {name: Example, language: en, timezone: UTC}\n" +
				"content: {blog: {path: posts, url: https://example.org" + setting("format", settings["content.*.format"]) + "}}\n" +
				"channels: {here: {" + channelWith(settings["channels.*.preview"]) + setting("uncertain", settings["channels.*.uncertain"]) + "}}\n" +
				"announcements: {news: {from: blog, to: here" + setting("catch_up", settings["announcements.*.catch_up"]) +
				setting("page_missing", settings["announcements.*.page_missing"]) + "}}\n"
			_, found := parseConfig(source, ".")
			err := schema.Validate(yamlValue(t, []byte(source)))
			if good := word != "nonsense"; wrong(found) == good || (err == nil) != good {
				t.Errorf("%s: %s: loader %v, schema %v", path, word, found, err)
			}
		}
	}
}

// channelWith returns where a channel is, on a platform that has the given preview.
func channelWith(preview string) string {
	switch preview {
	case "":
		return "console: true"
	case pagePreview:
		return "discord: 1111" + setting("preview", preview)
	}
	return "telegram: t.me/example" + setting("preview", preview)
}

func setting(name, value string) string {
	if value == "" {
		return ""
	}
	return ", " + name + ": " + value
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("config.schema.json", readSchema(t)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func readYAML(t *testing.T, file string) any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return yamlValue(t, text)
}

func yamlValue(t *testing.T, text []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
