package console

import "cloudnative.tw/herald/bot"

// phraseKey names one of the few things that the console itself says.
type phraseKey int

const (
	announcement phraseKey = iota
	edited
	withdrawn
	welcome
	noButton
	opens
)

var phrases = map[bot.Lang]map[phraseKey]string{
	bot.TraditionalChinese: {
		announcement: "公告",
		edited:       "公告更新",
		withdrawn:    "公告撤回",
		welcome:      "輸入 /help 看看能問什麼；Tab 補完，↑ 找回上一句，Ctrl-D 離開。",
		noButton:     "現在沒有 [%d] 這個按鈕。輸入 /help 看看能問什麼。",
		opens:        "%s：%s",
	},
	bot.English: {
		announcement: "announcement",
		edited:       "announcement edited",
		withdrawn:    "announcement withdrawn",
		welcome:      "Type /help to see what you can ask; Tab completes, ↑ recalls, Ctrl-D leaves.",
		noButton:     "There is no button [%d] just now. Type /help to see what you can ask.",
		opens:        "%s: %s",
	},
}

// phrase returns what the console says in lang, or in the default language.
func phrase(lang bot.Lang, key phraseKey) string {
	if p, ok := phrases[lang]; ok {
		return p[key]
	}
	return phrases[bot.Langs()[0]][key]
}
