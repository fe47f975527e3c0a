package main

import (
	"encoding/json"
	"reflect"
	"slices"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/announce"
	"cloudnative.tw/herald/content/site"
)

// configSchema returns the JSON Schema of config.yaml, computed from the types
// that it is decoded into, so that editors complete and explain every setting.
// config.schema.json is a copy.
func configSchema() ([]byte, error) {
	schema := schemaOf(reflect.TypeFor[Config](), "")
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Herald: config.yaml"
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

// choices are what settings take that take one of a few words.
var choices = map[string][]string{
	"content.*.format":             site.Formats(),
	"channels.*.preview":           slices.Concat(previewModes(bot.Telegram), previewModes(bot.Discord)),
	"channels.*.uncertain":         {uncertainHold, uncertainResend},
	"announcements.*.catch_up":     {string(announce.Drip), string(announce.CatchUpDigest), string(announce.SkipMissed)},
	"announcements.*.page_missing": {string(bot.SayMissing), string(bot.HoldMissing), string(bot.SkipMissing)},
}

// object is a JSON object.
type object = map[string]any

// schemaOf returns the schema of what the decoder takes for type t. A name that
// moderators choose is "*" in path.
func schemaOf(t reflect.Type, path string) object {
	schema := shapeOf(t, path)
	if about, ok := settings[path]; ok {
		schema["description"] = about.en + "\n" + about.zh
	}
	return schema
}

func shapeOf(t reflect.Type, path string) object {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[ordered]()) {
		value, _ := t.Elem().FieldByName("Value")
		return tableShape(value.Type, path)
	}
	if words := choices[path]; words != nil {
		return object{"enum": words}
	}
	switch t {
	case textsType:
		return textsShape()
	case langType:
		return object{"enum": langNames()}
	case durationType:
		return object{"type": "string", "pattern": `^([0-9]+d)?([0-9.]+(h|m|s))*$`}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem(), path)
	case reflect.Struct:
		return structShape(t, path)
	case reflect.Map:
		return tableShape(t.Elem(), path)
	case reflect.Slice:
		item := shapeOf(t.Elem(), path)
		return object{"anyOf": []object{item, {"type": "array", "items": item}}}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	default:
		return object{"type": []string{"string", "integer"}}
	}
}

func structShape(t reflect.Type, path string) object {
	properties := object{}
	for name, field := range fieldsOf(reflect.New(t).Elem()) {
		properties[name] = schemaOf(field.Type(), join(path, name))
	}
	schema := object{"type": "object", "properties": properties, "additionalProperties": false}
	var required []string
	for _, need := range requiredKeys[t] {
		required = append(required, need.key)
	}
	if required != nil {
		schema["required"] = required
	}
	return schema
}

// tableShape is of settings by names that moderators choose.
func tableShape(value reflect.Type, path string) object {
	return object{"type": []string{"object", "null"}, "additionalProperties": schemaOf(value, join(path, "*"))}
}

func textsShape() object {
	languages := object{}
	for _, name := range langNames() {
		languages[name] = object{"type": []string{"string", "integer"}}
	}
	return object{"anyOf": []object{
		{"type": []string{"string", "integer"}},
		{"type": "object", "properties": languages, "additionalProperties": false},
	}}
}
