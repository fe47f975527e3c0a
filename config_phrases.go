package main

import (
	"fmt"

	"cloudnative.tw/herald/bot"
)

// phrase is one sentence about config.yaml in each language that Herald
// speaks, with fmt's verbs. Moderators read it: no word of a programmer's.
type phrase struct{ en, zh string }

// in returns the sentence in one language. An argument that is itself a phrase
// or texts is said in the same language.
func (p phrase) in(lang bot.Lang, args ...any) string {
	said := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case phrase:
			said[i] = arg.in(lang)
		case bot.Texts:
			said[i] = arg.In(lang)
		default:
			said[i] = arg
		}
	}
	format := p.en
	if lang == bot.TraditionalChinese {
		format = p.zh
	}
	return fmt.Sprintf(format, said...)
}

// with returns the sentence in every language.
func (p phrase) with(args ...any) bot.Texts {
	texts := bot.Texts{}
	for _, lang := range bot.Langs() {
		texts[lang] = p.in(lang, args...)
	}
	return texts
}

// count returns how many there are of something; zh takes the number.
func count(n int, one, many, zh string) phrase {
	noun := many
	if n == 1 {
		noun = one
	}
	return phrase{fmt.Sprintf("%d %s", n, noun), fmt.Sprintf(zh, n)}
}

var (
	bracketed = phrase{" (%s)", "（%s）"}
	noted     = phrase{"note: ", "提醒："}
	fine      = phrase{"good: ", "沒問題："}
)

// What a setting takes, and what was found there.
var (
	aText      = phrase{"a text", "文字"}
	aNumber    = phrase{"a whole number", "整數"}
	aTrueFalse = phrase{"true or false", " true 或 false"}
	aDuration  = phrase{"a duration such as 30m, 1h or 3d", "時間長度，例如 30m、1h 或 3d"}
	aList      = phrase{"a list", "清單"}
	aMap       = phrase{"settings, one per line, each with a name and a colon", "一行一項、寫成「名稱: 內容」的設定"}
	aLanguage  = phrase{"a language (%s)", "語言代碼（%s）"}
	foundKeys  = phrase{"settings with names", "帶名稱的設定"}
	foundEmpty = phrase{"nothing", "空白"}
	quotedWord = phrase{"%q", "「%s」"}
)

// What can be wrong with the file as a whole.
var (
	cannotRead      = phrase{"cannot be read: %s", "無法讀取：%s"}
	noFile          = phrase{"there is no such file", "找不到這個檔案"}
	noFileHint      = phrase{"go to the folder of config.yaml, or name the file with --config", "請在 config.yaml 所在的資料夾執行，或用 --config 指定檔案"}
	tooBig          = phrase{"is larger than a config can be", "檔案太大了，不像設定檔"}
	tooBigHint      = phrase{"at most %d KB and %d settings", "最多 %d KB、%d 項設定"}
	notUTF8         = phrase{"is not UTF-8 text", "這個檔案不是 UTF-8 文字檔"}
	notUTF8Hint     = phrase{"save the file with the encoding UTF-8", "請在編輯器中以 UTF-8 編碼另存"}
	emptyFile       = phrase{"is empty", "檔案是空的"}
	emptyHint       = phrase{"start from the config.yaml that comes with Herald", "可以從 Herald 附的 config.yaml 開始改"}
	oneDocument     = phrase{"a second document begins here", "這裡開始了第二份文件"}
	oneDocHint      = phrase{"a config is one document: take the --- away", "設定檔只能有一份，請刪掉 --- 這一行"}
	notYAML         = phrase{"this line cannot be understood: %s", "看不懂這一行：%s"}
	notYAMLHint     = phrase{"look at indentation, quotes and brackets, here and on the line before", "請檢查這一行和上一行的縮排、引號與括號"}
	secretFound     = phrase{"looks like a secret: a token or a password", "看起來是機密：token 或密碼"}
	secretHint      = phrase{"never in this file: take it out, make a new one, and set it in the environment as %s", "不能寫在這個檔案：請刪掉、重新產生一組，再設成環境變數 %s"}
	secretOpenHint  = phrase{"never in this file: take it out, and have it changed; Herald reads here only what is open to everyone", "不能寫在這個檔案：請刪掉，並更換密碼；這裡只能讀公開的網址"}
	notThisKey      = phrase{"is not in this version of Herald", "這個版本的 Herald 還沒有這項設定"}
	notThisHint     = phrase{"take the line out", "請先刪掉這一行"}
	unknownKey      = phrase{"there is no such setting", "沒有這項設定"}
	belowHint       = phrase{"does it belong below %s: ?", "是不是要放在 %s: 底下？"}
	ruleHint        = phrase{"say where to look: %s: {words: %s}; or tags, title, author, language", "請寫要看哪裡，例如 %s: {words: %s}；也可以用 tags、title、author、language"}
	didYouMean      = phrase{"did you mean %s?", "是不是要寫 %s？"}
	oneOf           = phrase{"one of: %s", "可以寫：%s"}
	twice           = phrase{"stands here a second time, first on line %d", "重複了，第一次出現在第 %d 行"}
	twiceHint       = phrase{"keep one of them", "請只留一個"}
	wrongType       = phrase{"should be %s, but is %s", "應該是%s，這裡卻是%s"}
	emptyValue      = phrase{"is empty, but should be %s", "是空的，應該是%s"}
	colonTextHint   = phrase{"a text with a colon in it goes in quotes", "有冒號的文字請加上引號"}
	emptyValHint    = phrase{"write the value on the same line, after the colon and a space", "請把內容寫在同一行的冒號和空格之後"}
	notText         = phrase{"YAML does not take %s for a text", "YAML 不會把 %s 當成文字"}
	putInQuotes     = phrase{`put it in quotes: "%s"`, `請加上引號："%s"`}
	quoteWhole      = phrase{"put the whole text in quotes", "請把整段文字加上引號"}
	trueOrFalse     = phrase{"write %s instead of %s", "請寫 %[1]s，不要寫 %[2]s"}
	aliasFound      = phrase{"%s has a special meaning in YAML and is not used here", "%s 在 YAML 有特殊意義，這裡不使用"}
	aliasHint       = phrase{"write the text itself; if it begins with this character, put it in quotes", "請直接寫出內容；如果文字本來就以這個符號開頭，請加上引號"}
	unknownLanguage = phrase{"Herald does not speak %s", "Herald 不會說%s"}
	strangeKey      = phrase{"is no name for a setting", "不能當設定的名稱"}
)

// The slips of the pen that YAML punishes.
var (
	slipHash        = phrase{"a value that begins with # is taken for a comment, so nothing is left", "以 # 開頭的內容會被當成註解，等於沒寫"}
	slipComma       = phrase{"a full-width comma does not separate the items of a list", "全形逗號不能用來分隔清單"}
	slipCommaHint   = phrase{"write a comma from the English keyboard and a space: [a, b]", "請改用半形逗號加空格：[a, b]"}
	slipCommaInside = phrase{`a comma ends a value; if this belongs to the one before, put all of that in quotes: "mon,thu 09:00"`, `逗號會結束前面的內容；如果這是前面內容的一部分，請整段加上引號："mon,thu 09:00"`}
	slipColon       = phrase{"a full-width colon does not end a name", "名稱後面不能用全形冒號"}
	slipColonHint   = phrase{"write a colon from the English keyboard and a space: %s: …", "請改用半形冒號加空格：%s: …"}
	slipCurly       = phrase{"curly quotes are part of the text and do not quote it", "彎引號會變成文字的一部分，沒有引號的作用"}
	slipCurlyHint   = phrase{`use straight quotes: "…"`, `請改用直引號："…"`}
	slipBracket     = phrase{"full-width brackets do not make a list", "全形括號不能用來寫清單"}
	slipBracketHint = phrase{"use brackets from the English keyboard: [ ] { }", "請改用半形括號：[ ] { }"}
	slipFirst       = phrase{"a text cannot begin with %s unless it stands in quotes", "以 %s 開頭的文字要加引號"}
	slipColonSpace  = phrase{"a colon and a space inside a text make a second setting of it", "文字裡的「冒號加空格」會被當成另一項設定"}
	slipTab         = phrase{"this line is indented with %s", "這一行用%s縮排"}
	slipTabHint     = phrase{"use two spaces for each step instead", "請每一層改用兩個半形空格"}
	aTab            = phrase{"a tab", " Tab "}
	aWideSpace      = phrase{"a full-width or other special space", "全形或特殊空格"}
	slipNoSpace     = phrase{"there is no space after the colon", "冒號後面少了空格"}
	slipNoSpaceHint = phrase{"write %s: …", "請寫成 %s: …"}
	slipShallow     = phrase{"this belongs to the name above it, but is not indented below it", "這一行屬於上面的名稱，縮排卻少了一層"}
	slipShallowHint = phrase{"indent it and the lines that go with it by two more", "請把它和同一項的其他行多縮排兩格"}
	slipIndent      = phrase{"this line is indented by %d, which is in line with nothing above", "這一行縮排 %d 格，和上面的設定都沒有對齊"}
	slipIndentHint  = phrase{"indent it by %d", "請縮排 %d 格"}
	notClosed       = phrase{"this %s is never closed", "這個 %s 沒有結尾"}
	notClosedHint   = phrase{"write the %s where it ends", "請在結束的地方補上 %s"}
)

// What can be wrong with a channel.
var (
	noPlatform        = phrase{"leads nowhere", "沒有說是哪個平台的頻道"}
	noPlatformHint    = phrase{"give it one of: discord, telegram, console", "請寫 discord、telegram 或 console 其中一個"}
	manyPlatforms     = phrase{"leads to two platforms at once", "一個頻道只能在一個平台"}
	manyPlatformsHint = phrase{"make a channel with a name of its own for each platform", "請每個平台各取一個名稱，分成兩行"}
	topicElsewhere    = phrase{"only a Telegram group has topics", "只有 Telegram 群組才有主題（topic）"}
	discordAlone      = phrase{"only Discord channels have this", "只有 Discord 頻道才有這個設定"}
	telegramAlone     = phrase{"only Telegram chats have this", "只有 Telegram 頻道或群組才有這個設定"}
	noPictures        = phrase{"no pictures are shown here", "這裡不會顯示圖片"}
	foreignHint       = phrase{"leave it out, or write it at the channel that it is meant for", "請拿掉，或改寫在它該在的頻道"}
	noPreview         = phrase{"%q is no way to show pictures there", "「%s」不是那裡可以用的圖片顯示方式"}
	noTopic           = phrase{"is not the number of a topic", "不是主題的編號"}
	inviteLink        = phrase{"is an invitation, which does not tell the channel", "這是邀請連結，看不出是哪個頻道"}
	messageLink       = phrase{"is the link of a message or topic, not of a channel", "這是訊息或主題的連結，不是頻道的連結"}
	noDiscordChannel  = phrase{"%q is no Discord channel", "「%s」不是 Discord 頻道"}
	discordLinkHint   = phrase{"right-click the channel, choose Copy Link, and paste it here: https://discord.com/channels/…/…", "在頻道上按右鍵，選「複製連結」，貼到這裡：https://discord.com/channels/…/…"}
	noTelegramChat    = phrase{"%q is no Telegram chat", "「%s」不是 Telegram 頻道或群組"}
	telegramLinkHint  = phrase{`write t.me/name, "@name" or the chat's number, such as -1001234567890`, `請寫 t.me/名稱、"@名稱" 或數字，例如 -1001234567890`}
	topicHint         = phrase{"write the chat alone, and the topic beside it: {telegram: t.me/name, topic: 42}", "請只寫群組，主題另外寫：{telegram: t.me/名稱, topic: 42}"}
	sameAddress       = phrase{"is the same place as %s", "和 %s 是同一個地方"}
	sameAddressHint   = phrase{"keep one of the two names", "請只留一個名稱"}
	platformOff       = phrase{"is off: there is no %s", "不會發送：沒有設定 %s"}
)

// What can be wrong with the rest.
var (
	missing       = phrase{"is missing", "沒有寫"}
	missingHint   = phrase{"for example %s", "例如 %s"}
	badURL        = phrase{"%q is no address of a web page", "「%s」不是網址"}
	badURLHint    = phrase{"write it whole, beginning with https://", "請寫完整的網址，以 https:// 開頭"}
	badColor      = phrase{"%q is no colour", "「%s」不是顏色"}
	badColorHint  = phrase{`write six digits in quotes: "#326ce5"`, `請寫井號加六位數，並加引號："#326ce5"`}
	badZone       = phrase{"%q is no time zone", "「%s」不是時區"}
	badZoneHint   = phrase{"write a zone by its place, such as Asia/Taipei", "請用地名表示，例如 Asia/Taipei"}
	badName       = phrase{"%q is no good name", "「%s」不適合當名稱"}
	badNameHint   = phrase{"letters, digits, - and _, at most 32", "請用文字、數字、- 或 _，最多 32 個字"}
	noSource      = phrase{"there is no folder or content called %q", "沒有叫「%s」的資料夾或內容"}
	noNews        = phrase{"there is no folder, content or source called %q", "沒有叫「%s」的資料夾、內容或來源"}
	noChannel     = phrase{"there is no channel called %q", "沒有叫「%s」的頻道"}
	noCommand     = phrase{"there is no command /%s", "沒有 /%s 這個指令"}
	noPlaceholder = phrase{"nothing takes the place of %s in a command", "指令裡的 %s 不會換成任何東西"}
	namedTwice    = phrase{"%q is named twice", "「%s」寫了兩次"}
	listHint      = phrase{"write several in brackets, such as [%s]", "有好幾個時請加上括號，例如 [%s]"}
	nameTaken     = phrase{"the name %q stands for something in %s already", "「%s」這個名稱在 %s 已經用過了"}
	sameSource    = phrase{"reads the same feed as %s", "和 %s 是同一個來源"}
	nameTakenHint = phrase{"each folder and each content needs a name of its own", "每個資料夾和內容的名稱都不能重複"}
	noGroup       = phrase{"one word alone has no synonym", "只有一個詞，沒有同義詞"}
	noGroupHint   = phrase{"write a group in its own brackets: [[永續, 可持續]]", "每一組詞要有自己的括號：[[永續, 可持續]]"}
	pathAndGit    = phrase{"is a folder, but the entry names a repository too", "資料夾和 Git 儲存庫只能選一個"}
	noPath        = phrase{"says neither path nor git", "沒有寫 path 或 git"}
	pathOrGitHint = phrase{"path for a folder beside this file, git for the address of a repository", "資料夾寫 path，Git 儲存庫寫 git"}
	wasHint       = phrase{"was: names what the announcement was called before, which nothing is called any more", "was: 是這項公告以前的名稱，不能是現在還在用的名稱"}
	noUncertain   = phrase{"%q is nothing to do about a message of unknown fate", "「%s」不是送出與否無法確定時的做法"}
	uncertainHint = phrase{"write hold or resend", "請寫 hold（等人決定）或 resend（再送一次）"}
	storeIsFolder = phrase{"%q is a folder", "「%s」是資料夾"}
	storeHint     = phrase{"name a file, such as herald.db", "請寫檔名，例如 herald.db"}
)

// What can be wrong with where the store is. What was written is not repeated:
// a password may be in it.
var (
	storeIsDatabase   = phrase{"is the address of a database, but should be the name of a file", "這是資料庫的位址，這裡要寫的是檔名"}
	storeDatabaseHint = phrase{"name a file, such as herald.db; a database goes into the environment as DATABASE_URL", "請寫檔名，例如 herald.db；資料庫請設成環境變數 DATABASE_URL"}
	noDatabase        = phrase{"is not the address of a PostgreSQL database", "這不是 PostgreSQL 資料庫的位址"}
	databaseHint      = phrase{"it begins with postgres:// or postgresql://; to keep the store in a file, leave it unset", "要以 postgres:// 或 postgresql:// 開頭；要存在檔案裡就不要設定它"}
)

// What check says of the content and at the end.
var (
	noPosts        = phrase{"there is no post in %s yet; is the folder's name right?", "「%s」裡還沒有文章，資料夾的名稱對嗎？"}
	unusedSource   = phrase{"no announcement uses this source, so nothing of it is said", "沒有公告用到這個來源，所以不會發它的內容"}
	waitsForQuiet  = phrase{"%s is in the quiet hours of %s: it waits until %s", "%s 是 %s 的安靜時段，會等到 %s 才發"}
	saysNothing    = phrase{"says nothing, whatever the item", "不管什麼內容，寫出來都是空的"}
	saysNothingOf  = phrase{"says nothing of the newest item, %q", "最新的一則「%s」寫出來是空的"}
	answersNothing = phrase{"has nothing to say now, and is not said then: %s", "現在沒有答案，時間到了也不會發：%s"}
	allIsWell      = phrase{"%s: all is well: %s, %s, %s, %s, %s", "%s 沒有問題：%s、%s、%s、%s、%s。"}
	scheduleLine   = phrase{"announcements.%s: %s; next %s", "announcements.%s：%s，接下來是 %s"}
	listComma      = phrase{", ", "、"}
	mistakesFound  = phrase{"%s found", "找到 %s。"}
)
