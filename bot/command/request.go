package command

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"cloudnative.tw/herald/bot"
)

const (
	// maxArgs is how many bytes of a member's words are looked at: no sensible
	// command is longer.
	maxArgs = 1200
	// echoColumns is how much of a member's words an answer repeats.
	echoColumns = 40
	// maxCommand and maxLabel are the limits of bot.Button.Command and of a
	// button's label (Discord's 80 characters).
	maxCommand = 60
	maxLabel   = 80
)

// request is one command on its way to an answer.
type request struct {
	*Table
	ctx   context.Context //nolint:containedctx // a request lives as long as one call
	cmd   bot.Command
	entry *entry
	lang  bot.Lang
	say   *speech
	// typed is the name as it was typed, folded.
	typed string
	// args are the words after the name, cleaned; words are the same folded to
	// plain widths and split at spaces.
	args  string
	words []string
	// page is the page that a button asked for with a last word such as "/2"; 1
	// otherwise.
	page int
}

func (t *Table) request(ctx context.Context, cmd bot.Command) *request {
	r := &request{Table: t, ctx: ctx, cmd: cmd, lang: t.language(cmd), page: 1}
	r.say = speechIn(r.lang)
	name, rest, _ := strings.Cut(clean(cut(cmd.Name, maxArgs)), " ")
	r.typed = foldName(name)
	r.entry = t.names[r.typed]
	r.args = strings.TrimSpace(rest + " " + clean(cut(cmd.Args, maxArgs)))
	r.words = strings.Fields(norm.NFKC.String(r.args))
	if n := len(r.words); n > 0 {
		if page, ok := pageWord(r.words[n-1]); ok {
			r.page = page
			r.words = r.words[:n-1]
			r.args = strings.TrimSpace(strings.TrimSuffix(r.args, "/"+strconv.Itoa(page)))
		}
	}
	return r
}

// language is the member's own, else the channel's, else the community's.
func (t *Table) language(cmd bot.Command) bot.Lang {
	if lang, ok := bot.MatchLang(cmd.Locale); ok {
		return lang
	}
	if cmd.Channel.Lang != "" {
		return cmd.Channel.Lang
	}
	return t.Community.Language
}

// name is the command's name for the log, which holds nothing a member typed.
func (r *request) name() string {
	if r.entry == nil {
		return "(unknown)"
	}
	return r.entry.Name
}

// pageWord reads the last word of a page button's command.
func pageWord(word string) (page int, ok bool) {
	digits, ok := strings.CutPrefix(word, "/")
	if !ok || len(digits) > 6 {
		return 0, false
	}
	page, err := strconv.Atoi(digits)
	return page, err == nil && page > 0
}

// foldName makes names alike that members would call the same: "／ＲＥＣＡＰ",
// "/recap@HeraldBot" and "Recap" are all "recap".
func foldName(name string) string {
	name = strings.TrimLeft(strings.TrimSpace(norm.NFKC.String(name)), "/")
	name, _, _ = strings.Cut(name, "@")
	return strings.ToLower(name)
}

// clean makes one line of words from outside: valid UTF-8 without control and
// format characters (which could hide or reorder what follows), single spaces.
// The joiners stay, because emoji and some scripts are written with them.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c', r == '\u200d':
			return r
		case r == unicode.ReplacementChar, unicode.In(r, unicode.C):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut returns at most limit bytes of s. What is left of a character that is cut
// is dropped by clean.
func cut(s string, limit int) string { return s[:min(len(s), limit)] }

// bytesPerColumn bounds what one column may hold: the longest emoji fit, but not
// a letter with a thousand accents.
const bytesPerColumn = 32

// short returns at most that many columns of s, with an ellipsis where it was
// cut. It never divides a user-perceived character.
func short(s string, columns int) string {
	if len(s) <= bytesPerColumn*columns && uniseg.StringWidth(s) <= columns {
		return s
	}
	var b strings.Builder
	width := 1 // of the ellipsis
	for rest := s; rest != ""; {
		var character string
		var w int
		character, rest, w, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
		if width += w; width > columns || b.Len()+len(character) > bytesPerColumn*columns {
			break
		}
		b.WriteString(character)
	}
	return b.String() + "…"
}

// echo is a member's words as an answer repeats them.
func echo(s string) string { return short(s, echoColumns) }

// button returns a button that runs a line, or none if the line is longer than
// a button can carry.
func button(label, line string) []bot.Button {
	if len(line) > maxCommand {
		return nil
	}
	return []bot.Button{{Label: short(label, maxLabel), Command: line}}
}

// commandButtons returns a button for each line, with the line as its label.
func commandButtons(lines ...string) []bot.Button {
	var buttons []bot.Button
	for _, line := range lines {
		buttons = append(buttons, button("/"+line, line)...)
	}
	return buttons
}

// pageOf returns a page of all, which page that is, and of how many. A page
// that does not exist is the nearest that does.
func pageOf[T any](all []T, page, per int) (part []T, at, of int) {
	of = max(1, (len(all)+per-1)/per)
	at = min(max(page, 1), of)
	start := (at - 1) * per
	return all[start:min(start+per, len(all))], at, of
}

// pageButtons lead from a page of a command's answer to its neighbours.
func pageButtons(line string, at, of int) []bot.Button {
	var buttons []bot.Button
	if at > 1 {
		buttons = append(buttons, button("‹", line+" /"+strconv.Itoa(at-1))...)
	}
	if at < of {
		buttons = append(buttons, button("›", line+" /"+strconv.Itoa(at+1))...)
	}
	return buttons
}

// sorry is an answer that could not be what was asked for: a sentence a line.
func (r *request) sorry(sentences ...string) bot.Reply {
	sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
	return bot.Reply{
		Card:    bot.Card{Body: bot.Plain(strings.Join(sentences, "\n"))},
		Private: true, Failed: true,
	}
}

// usage answers a command that lacks the words it needs.
func (r *request) usage() bot.Reply {
	usage := r.entry.usage(r.lang)
	if example := r.entry.example.In(r.lang); example != "" {
		return r.sorry(r.say.usageAndExample(usage, "/"+r.entry.Name+" "+example))
	}
	return r.sorry(r.say.usage(usage))
}

// unknown answers a command that is not in the table.
func (r *request) unknown() bot.Reply {
	if r.typed == "" {
		return r.sorry(r.say.noCommand, r.say.seeHelp)
	}
	near := r.nearestCommand(r.typed)
	if near == "" {
		reply := r.sorry(r.say.unknownCommand(echo(r.typed)), r.say.seeHelp)
		reply.Buttons = commandButtons("help")
		return reply
	}
	reply := r.sorry(r.say.unknownCommand(echo(r.typed)), r.say.didYouMean("/"+near))
	line := strings.TrimSpace(near + " " + r.args)
	if len(line) > maxCommand {
		line = near
	}
	reply.Buttons = slices.Compact(commandButtons(line, "help"))
	return reply
}

// nearestCommand returns the visible command with the name most like one that
// was typed, or "".
func (t *Table) nearestCommand(typed string) string {
	var names []string
	for _, e := range t.commands {
		if !e.Hidden {
			names = append(names, e.allNames()...)
		}
	}
	if near := bot.Nearest(typed, names); near != "" {
		return t.names[near].Name
	}
	return ""
}
