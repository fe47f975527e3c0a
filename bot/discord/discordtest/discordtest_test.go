package discordtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// official returns Discord's schema, or skips the test.
func official(t *testing.T) *Spec {
	t.Helper()
	shared := os.Getenv("HERALD_SHARED")
	if shared == "" {
		t.Skip("HERALD_SHARED does not name the directory of the official schemas")
	}
	spec, err := LoadSpec(filepath.Join(shared, "specs", "discord-openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

const explicit = `,"allowed_mentions":{"parse":[]},"nonce":"a","enforce_nonce":true}`

func TestRulesThatTheSchemaLacks(t *testing.T) {
	const create = "/channels/{channel_id}/messages"
	tests := []struct{ method, route, body, want string }{
		{"POST", create, `{"content":"x"` + explicit, ""},
		{"POST", create, `{"content":"x","nonce":"a","enforce_nonce":true}`, "allowed_mentions"},
		{"POST", create, `{"content":"x","allowed_mentions":{"parse":[]}}`, "nonce"},
		{"POST", create, `{"content":"` + strings.Repeat("字", 2001) + `"` + explicit, "2001 characters"},
		{"POST", create, `{"content":"  "` + explicit, "empty message"},
		{"POST", create, `{"content":"x","colour":1` + explicit, "unknown key"},
		{"POST", create, `{"embeds":[{"description":"` + strings.Repeat("x", 4000) + `"},{"description":"` + strings.Repeat("x", 2001) + `"}]` + explicit, "6001 characters"},
		{"POST", create, `{"embeds":[{"fields":[{"name":"","value":"x"}]}]` + explicit, "field"},
		{"POST", create, `{"embeds":[{"image":{"url":"file:///x"}}]` + explicit, "address"},
		{"POST", create, `{"embeds":[{}]` + explicit, "empty"},
		{"POST", create, `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":5,"label":"a","custom_id":"b"}]}]` + explicit, "style"},
		{"POST", create, `{"content":"x","components":[{"type":1,"components":[{"type":2,"style":2,"label":"a","custom_id":"b"},{"type":2,"style":2,"label":"a","custom_id":"b"}]}]` + explicit, "two buttons"},
		{"POST", create, `{"content":"x","components":[{"type":1,"components":[]}]` + explicit, "row of 0"},
		{"POST", "/channels/{channel_id}/threads", `{"name":" ","message":{"content":"x","allowed_mentions":{"parse":[]}}}`, "name"},
		{"PUT", "/applications/{application_id}/commands", `[{"name":"Recap","description":"x"}]`, "cannot be called"},
		{"PUT", "/applications/{application_id}/commands", `[{"name":"a","description":""}]`, "description"},
		{"PUT", "/applications/{application_id}/commands", `[{"name":"a","description":"x"},{"name":"a","description":"x"}]`, "two commands"},
		{"PUT", "/applications/{application_id}/commands", `[{"name":"a","description":"x","options":[{"name":"b","description":"x"},{"name":"c","description":"x","required":true}]}]`, "required"},
	}
	for _, tt := range tests {
		got := strings.Join(Problems(tt.method, tt.route, []byte(tt.body)), "; ")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s %.80s: %q, want %q", tt.method, tt.route, tt.body, got, tt.want)
		}
	}
}

func TestTheOfficialSchema(t *testing.T) {
	spec := official(t)
	tests := []struct{ method, path, body, want string }{
		{"POST", "/channels/12/messages", `{"content":"x"}`, ""},
		{"POST", "/channels/ab/messages", `{"content":"x"}`, "no such path"},
		{"DELETE", "/channels/12/messages", "", "no such method"},
		{"POST", "/channels/12/messages", "", "lacks its body"},
		{"POST", "/channels/12/messages", `{"content":1}`, "content"},
		{"POST", "/channels/12/messages", `{"nonce":"` + strings.Repeat("x", 26) + `"}`, "nonce"},
		{"POST", "/channels/12/messages", `{"embeds":[{"title":"` + strings.Repeat("x", 257) + `"}]}`, "title"},
		{"PUT", "/channels/12/messages/pins/13", "", ""},
		{"GET", "/channels/12/messages", "", ""},
		{"GET", "/users/@me", "", ""},
		{"GET", "/nowhere", "", "no such path"},
	}
	for _, tt := range tests {
		got := strings.Join(spec.Problems(tt.method, tt.path, []byte(tt.body)), "; ")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s %.60s: %q, want %q", tt.method, tt.path, tt.body, got, tt.want)
		}
	}
}

func TestPings(t *testing.T) {
	none := jsonBytes([]byte(`{"parse":[]}`))
	role := jsonBytes([]byte(`{"parse":[],"roles":["5"]}`))
	for _, tt := range []struct {
		content string
		allowed any
		want    string
	}{
		{`\@everyone <@&5> <@6>`, nil, "everyone 5 6"},
		{`@everyone <@&5> <@6>`, none, ""},
		{`@here <@&5> <@&7> <@6>`, role, "5"},
	} {
		if got := strings.Join(pings(tt.content, tt.allowed, true), " "); got != tt.want {
			t.Errorf("%q with %v pings %q, want %q", tt.content, tt.allowed, got, tt.want)
		}
	}
}
