package telegram

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/rivo/uniseg"

	"cloudnative.tw/herald/bot"
)

// Keyboard is an inline keyboard
// (https://core.telegram.org/bots/api#inlinekeyboardmarkup).
type Keyboard struct {
	Rows [][]Key `json:"inline_keyboard"`
}

// Key is a button of a Keyboard: exactly one of URL and Data is set.
type Key struct {
	Text string `json:"text"`
	URL  string `json:"url,omitzero"`
	// Data is a command's line, or the short id of one that is too long, after
	// keptMark.
	Data string `json:"callback_data,omitzero"`
}

const (
	// maxData is how many bytes of callback data a button carries
	// (https://core.telegram.org/bots/api#inlinekeyboardbutton).
	maxData = 64
	// maxKeys is how many buttons a message may have.
	maxKeys = 100
	// labelColumns is the widest label, in columns of one letter: more does not
	// fit a phone.
	labelColumns = 40
	// rowColumns is how wide the labels of one row may be together, and rowKeys
	// how many there may be.
	rowColumns, rowKeys = 24, 5
	// keptMark begins the data of a button whose command is kept in the memory.
	// No command begins with it.
	keptMark = "~"
	// keptCommand is the longest command that is kept, in bytes.
	keptCommand = 1024
)

// keyboard lays buttons out. kept are the commands that do not fit a button, by
// the data that stands for them; dropped counts the buttons that Telegram would
// refuse.
func keyboard(buttons []bot.Button) (board *Keyboard, kept map[string]string, dropped int) {
	var keys []Key
	for _, b := range buttons {
		key, line, ok := keyOf(b)
		if !ok || len(keys) == maxKeys {
			dropped++
			continue
		}
		if line != "" {
			if kept == nil {
				kept = make(map[string]string)
			}
			kept[key.Data] = line
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, nil, dropped
	}
	return &Keyboard{Rows: rows(keys)}, kept, dropped
}

// keyOf returns a button, and the command that must be kept for it, if any.
func keyOf(b bot.Button) (key Key, kept string, ok bool) {
	key.Text = label(b.Label)
	if key.Text == "" {
		return Key{}, "", false
	}
	if b.URL != "" {
		key.URL, ok = webAddress(b.URL)
		return key, "", ok
	}
	line := strings.TrimSpace(strings.ToValidUTF8(b.Command, ""))
	switch {
	case line == "" || len(line) > keptCommand || strings.HasPrefix(line, keptMark):
		return Key{}, "", false
	case len(line) <= maxData:
		key.Data = line
		return key, "", true
	}
	key.Data = keptMark + shortID(line)
	return key, line, true
}

// shortID returns 22 characters of A-Z, a-z, 0-9, _ and - that stand for s.
func shortID(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// label is a button's label: one line that fits.
func label(s string) string {
	s = strings.TrimSpace(cleanUpTo(s, labelColumns*maxCluster))
	if uniseg.StringWidth(s) <= labelColumns {
		return s
	}
	var b strings.Builder
	width := 1 // of the ellipsis
	for rest := s; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
		if width += w; width > labelColumns {
			break
		}
		b.WriteString(cluster)
	}
	return b.String() + "…"
}

// rows breaks keys into rows of alike length: seven numbers are a row of four
// and a row of three.
func rows(keys []Key) [][]Key {
	for n := 1; n <= len(keys); n++ {
		if rows := rowsOf(keys, n); fits(rows) || n == len(keys) {
			return rows
		}
	}
	return nil
}

// rowsOf breaks keys into n rows, the longer ones first.
func rowsOf(keys []Key, n int) [][]Key {
	rows := make([][]Key, 0, n)
	for ; n > 0; n-- {
		length := (len(keys) + n - 1) / n
		rows = append(rows, keys[:length])
		keys = keys[length:]
	}
	return rows
}

func fits(rows [][]Key) bool {
	for _, row := range rows {
		width := 0
		for _, key := range row {
			width += max(uniseg.StringWidth(key.Text), 2)
		}
		if len(row) > rowKeys || len(row) > 1 && width > rowColumns {
			return false
		}
	}
	return true
}
