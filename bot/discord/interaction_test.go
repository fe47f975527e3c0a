package discord

import (
	"encoding/json"
	"testing"

	"cloudnative.tw/herald/bot"
)

func FuzzInteractions(f *testing.F) {
	f.Add([]byte(`{"type":2,"id":"1","token":"t","guild_id":"5","channel_id":"6","locale":"zh-TW","data":{"name":"latest","options":[{"name":"tag","value":"k8s"},{"name":"count","value":3}]}}`))
	f.Add([]byte(`{"type":3,"data":{"custom_id":"/recap 2023 3"},"message":{"flags":64,"components":[{"type":99}]}}`))
	f.Add([]byte(`{"type":4,"data":{"name":"recap","options":[{"name":"year","value":"20","focused":true},{"name":"x","value":{"y":[]}}]}}`))
	d, err := New(Config{Token: "x", Commands: specs})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var i interaction
		if json.Unmarshal(data, &i) != nil {
			return
		}
		cmd, ok := d.command(i)
		if ok && cmd.Name == "" && i.Kind == kindButton {
			t.Error("a button runs nothing")
		}
		d.focused(i)
		for _, c := range choicesOf([]bot.Choice{{Label: cmd.Args, Value: cmd.Args}, {Label: cmd.Name, Value: cmd.Name}}, i.Kind == 4) {
			if units(c.Name) > maxChoice || c.Name == "" {
				t.Errorf("a choice called %q", c.Name)
			}
		}
	})
}
