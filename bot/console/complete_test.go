package console

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudnative.tw/herald/bot"
)

type offering []string

func (o offering) Complete(context.Context, bot.Command) []bot.Choice {
	var choices []bot.Choice
	for _, s := range o {
		choices = append(choices, bot.Choice{Label: s, Value: s})
	}
	return choices
}

func TestCompletion(t *testing.T) {
	c := completion{
		ctx:     t.Context(),
		console: New(Config{}),
		specs:   []bot.CommandSpec{{Name: "recap"}, {Name: "recent"}, {Name: "secret", Hidden: true}},
		values:  offering{"容器", "容器編排", "Kubernetes"},
	}
	tests := []struct {
		typed string
		want  []string
	}{
		{"/re", []string{"cap ", "cent "}},
		{"RECA", []string{"p "}},
		{"/se", nil},
		{"/glossary 容", []string{"器", "器編排"}},
		{"/glossary kub", []string{"ernetes"}},
	}
	for _, tt := range tests {
		var got []string
		rest, _ := c.Do([]rune(tt.typed), len([]rune(tt.typed)))
		for _, r := range rest {
			got = append(got, string(r))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.typed, diff)
		}
	}
}
