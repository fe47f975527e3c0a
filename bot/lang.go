package bot

import "golang.org/x/text/language"

// Lang is a language that Herald speaks, as a BCP 47 tag: "zh-TW" or "en". The
// zero value means "not known".
type Lang string

// The languages that Herald's own sentences exist in. The first is the default.
const (
	TraditionalChinese Lang = "zh-TW"
	English            Lang = "en"
)

// Langs lists the languages that Herald speaks, the default first.
func Langs() []Lang { return []Lang{TraditionalChinese, English} }

var matcher = language.NewMatcher([]language.Tag{
	language.MustParse(string(TraditionalChinese)),
	language.English,
})

// MatchLang returns the language of Langs that a reader of the given tags
// understands best, the first tag being the one preferred. Tags are BCP 47, as
// Discord ("zh-TW", "en-GB") and Telegram ("zh-hant") give them; those that
// cannot be read are passed over. ok is false when none of them is close to a
// language of Langs.
func MatchLang(tags ...string) (lang Lang, ok bool) {
	for _, s := range tags {
		tag, err := language.Parse(s)
		if err != nil {
			continue
		}
		if _, i, confidence := matcher.Match(tag); confidence > language.No {
			return Langs()[i], true
		}
	}
	return "", false
}

// Texts is one text in several languages. The empty key holds a text that was
// given without naming a language and serves for all of them.
type Texts map[Lang]string

// In returns the text for lang, or else the one for every language, or else
// the one in the first language of Langs that has one; "" if there is none.
func (t Texts) In(lang Lang) string {
	if s, ok := t[lang]; ok {
		return s
	}
	if s, ok := t[""]; ok {
		return s
	}
	for _, l := range Langs() {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return ""
}
