package store

import (
	"encoding/json"
	"fmt"

	"cloudnative.tw/herald/bot"
)

// bodyVersion is the version of the form in which messages are stored. It
// changes when an older Herald could not read the form any more.
const bodyVersion = 1

type body struct {
	Version int         `json:"v"`
	Message bot.Message `json:"message"`
}

// encode returns a message as it is stored. Text that is not valid UTF-8 is
// mended, moments keep their instant and offset.
func encode(m bot.Message) (string, error) {
	b, err := json.Marshal(body{bodyVersion, m})
	if err != nil {
		return "", fmt.Errorf("storing a message: %w", err)
	}
	return string(b), nil
}

func decode(s string) (bot.Message, error) {
	var b body
	if err := json.Unmarshal([]byte(s), &b); err != nil {
		return bot.Message{}, fmt.Errorf("reading a stored message: %w", err)
	}
	if b.Version != bodyVersion {
		return bot.Message{}, fmt.Errorf("reading a stored message: its version is %d, not %d", b.Version, bodyVersion)
	}
	return b.Message, nil
}
