package console

import (
	"fmt"
	"strings"
	"unicode"

	"cloudnative.tw/herald/bot"
)

// The accent colours of tones other than news, as everywhere else.
var toneColors = map[bot.Tone]string{
	bot.Reminder:  "#2E9E5B",
	bot.Moved:     "#D98E04",
	bot.Cancelled: "#C93C37",
}

const barWidth = 2 // "▌ "

// Clean takes out of a text what would steer a terminal instead of being read:
// control characters and the marks that turn the direction of writing around.
// Line breaks and tabs become spaces.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

func (l Look) ansi(code, s string) string {
	if !l.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (l Look) bold(s string) string  { return l.ansi("1", s) }
func (l Look) faint(s string) string { return l.ansi("2", s) }

func (l Look) styled(style bot.Style, s string) string {
	var codes []string
	if style&bot.Bold != 0 {
		codes = append(codes, "1")
	}
	if style&bot.Italic != 0 {
		codes = append(codes, "3")
	}
	if style&bot.Code != 0 {
		codes = append(codes, "36")
	}
	if len(codes) == 0 {
		return s
	}
	return l.ansi(strings.Join(codes, ";"), s)
}

// tinted draws a title in the tone's colour.
func (l Look) tinted(s string, tone bot.Tone) string {
	if code, ok := l.color(tone); ok {
		return l.ansi("1;"+code, s)
	}
	return l.bold(s)
}

// bar is what stands before each line of a card's body.
func (l Look) bar(tone bot.Tone) string {
	if !l.Color {
		return strings.Repeat(" ", barWidth)
	}
	if code, ok := l.color(tone); ok {
		return l.ansi(code, "▌") + " "
	}
	return l.faint("▌") + " "
}

// color returns the SGR code of a tone's 24-bit colour (ISO/IEC 8613-6).
func (l Look) color(tone bot.Tone) (code string, ok bool) {
	hex, ok := toneColors[tone]
	if !ok {
		hex = l.Accent
	}
	var r, g, b uint8
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return "", false
	}
	return fmt.Sprintf("38;2;%d;%d;%d", r, g, b), true
}

// link draws text that a terminal may open (OSC 8,
// https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda).
func (l Look) link(text, url string) string {
	if !l.Color {
		return text
	}
	return "\x1b]8;;" + Clean(url) + "\x1b\\\x1b[4m" + text + "\x1b[24m\x1b]8;;\x1b\\"
}

// rule draws a line that sets an announcement apart.
func (l Look) rule(title string) string {
	return l.faint("── "+title+" "+strings.Repeat("─", 24)) + "\n"
}
