package announce

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
)

// maxTemplate bounds a template, in bytes: a message has at most a few thousand
// characters on any platform.
const maxTemplate = 8 << 10

// TemplateError is what is wrong with a template, and where: Line and Column
// count from 1, columns in characters.
type TemplateError struct {
	ConfigError
	Line, Column int
}

// Error returns the sentence in English.
func (e *TemplateError) Error() string { return e.In(bot.English) }

// In returns where, what is wrong and the hint in one language.
func (e *TemplateError) In(lang bot.Lang) string {
	return placeInTemplate.with(e.Line, e.Column).In(lang) + e.ConfigError.In(lang)
}

// placeholder is one in the text of a template.
type placeholder struct {
	name         string
	line, column int
}

func (p placeholder) wrong(what, hint bot.Texts) error {
	return &TemplateError{ConfigError: ConfigError{What: what, Hint: hint}, Line: p.line, Column: p.column}
}

// templateScanner replaces placeholders by marks that Markdown leaves alone.
type templateScanner struct {
	rest  string
	at    placeholder // where rest begins
	out   strings.Builder
	found []placeholder
}

func scanTemplate(source string) (marked string, found []placeholder, err error) {
	s := templateScanner{rest: cleanTemplate(source), at: placeholder{line: 1, column: 1}}
	if len(source) > maxTemplate {
		return "", nil, s.at.wrong(templateTooLong.with(maxTemplate>>10), templateTooLongHint.with())
	}
	for s.rest != "" {
		if err := s.next(); err != nil {
			return "", nil, err
		}
	}
	return s.out.String(), s.found, nil
}

// cleanTemplate returns valid text without the marks.
func cleanTemplate(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.NewReplacer("\uFDD0", "\uFFFD", "\uFDD1", "\uFFFD").Replace(s)
}

// next reads one piece.
func (s *templateScanner) next() error {
	switch {
	case strings.HasPrefix(s.rest, `\`):
		_, n := utf8.DecodeRuneInString(s.rest[1:])
		s.take(1+n, s.rest[:1+n])
	case strings.HasPrefix(s.rest, "{{"):
		if name, ok := between(s.rest, "{{", "}}"); ok {
			return s.at.wrong(doubleBraces.with(name), doubleBracesHint.with(name, name))
		}
		s.take(2, "{")
	case strings.HasPrefix(s.rest, "}}"):
		s.take(2, "}")
	case strings.HasPrefix(s.rest, "{"):
		return s.placeholder()
	default:
		if name, ok := between(s.rest, "｛", "｝"); ok {
			return s.at.wrong(wideBraces.with(), wideBracesHint.with(name))
		}
		_, n := utf8.DecodeRuneInString(s.rest)
		s.take(n, s.rest[:n])
	}
	return nil
}

// between returns the placeholder that somebody meant to write between other
// braces.
func between(s, open, closing string) (name string, ok bool) {
	s, opened := strings.CutPrefix(s, open)
	s, _, closed := strings.Cut(s, closing)
	name = strings.ToLower(strings.Trim(s, " ."))
	_, known := valueOf[name]
	return name, opened && closed && known
}

func (s *templateScanner) placeholder() error {
	end := strings.IndexAny(s.rest[1:], "{}\n") + 1
	if end == 0 || s.rest[end] != '}' {
		return s.at.wrong(braceOpen.with(), braceOpenHint.with())
	}
	p := s.at
	p.name = strings.TrimSpace(s.rest[1:end])
	if _, known := valueOf[p.name]; !known {
		hint := placeholdersHint.with("{" + strings.Join(placeholderNames, "} {") + "}")
		if near := bot.Nearest(strings.ToLower(p.name), placeholderNames); near != "" {
			hint = placeholderNear.with(near)
		}
		return p.wrong(placeholderUnknown.with(shown(p.name)), hint)
	}
	s.take(end+1, beginMark+strconv.Itoa(len(s.found))+endMark)
	s.found = append(s.found, p)
	return nil
}

// take goes on by n bytes, which become out.
func (s *templateScanner) take(n int, out string) {
	for _, r := range s.rest[:n] {
		s.at.column++
		if r == '\n' {
			s.at.line, s.at.column = s.at.line+1, 1
		}
	}
	s.rest = s.rest[n:]
	s.out.WriteString(out)
}

// What can be wrong with a template.
var (
	placeInTemplate        = sentence{"line %d, column %d: ", "第 %d 行第 %d 個字："}
	templateTooLong        = sentence{"the template is longer than %d KB", "範本超過 %d KB"}
	templateTooLongHint    = sentence{"a message is shorter than that on every platform", "每個平台的訊息都比這短"}
	braceOpen              = sentence{"this { is never closed", "這個 { 沒有結尾"}
	braceOpenHint          = sentence{`write } after the name; for a brace itself write \{`, `請在名稱後面加上 }；如果只是要大括號，請寫 \{`}
	doubleBraces           = sentence{"{{%s}} has a brace too many on each side", "{{%s}} 兩邊各多了一個大括號"}
	doubleBracesHint       = sentence{`write {%s}; for the braces themselves write \{%s\}`, `請寫 {%s}；如果要大括號本身，請寫 \{%s\}`}
	wideBraces             = sentence{"full-width braces stand for nothing", "全形大括號沒有作用"}
	wideBracesHint         = sentence{"write {%s}", "請改用半形：{%s}"}
	placeholderUnknown     = sentence{"there is no {%s}", "沒有 {%s}"}
	placeholderNear        = sentence{"did you mean {%s}?", "是不是要寫 {%s}？"}
	placeholdersHint       = sentence{"one of: %s", "可以寫：%s"}
	placeholderNoAddress   = sentence{"{%s} is no address", "{%s} 不是網址"}
	placeholderInAddress   = sentence{"{%s} cannot be this part of an address", "{%s} 不能放在網址的這個部分"}
	placeholderAddressHint = sentence{"the address of a link is {link} alone, or has placeholders only after its ?", "連結的網址可以只寫 {link}，或把其他項目放在 ? 之後"}
	placeholderLost        = sentence{"{%s} stands where nothing is shown", "{%s} 放在不會顯示的地方"}
	placeholderLostHint    = sentence{"a link is written [words](https://…) or [words]({link})", "連結請寫成 [文字](https://…) 或 [文字]({link})"}
)
