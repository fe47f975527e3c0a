package command

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cloudnative.tw/herald/bot"
)

// chineseSpeech is Traditional Chinese as it is written in Taiwan.
var chineseSpeech = speech{
	comma: "、", dash: "：", openQuote: "「", closeQuote: "」", pdf: "（PDF）",
	list:    func(names []string) string { return strings.Join(names, "、") },
	label:   func(name string) string { return name + "：" },
	date:    func(t time.Time) string { return t.Format("2006-01-02") },
	day:     func(t time.Time) string { return t.Format("1/2") + "（" + weekday(t) + "）" },
	month:   func(m time.Month) string { return fmt.Sprintf("%d 月", m) },
	pageOf:  func(at, of int) string { return fmt.Sprintf("第 %d/%d 頁", at, of) },
	counted: func(name string, posts int) string { return fmt.Sprintf("%s（%s 篇）", name, digits(posts)) },

	wentWrong:       "我這邊出了點問題，請稍後再試一次。",
	seeHelp:         "輸入 /help 就能看到所有指令。",
	quoteMissing:    "這裡要引用的文章，現在找不到。",
	noCommand:       "斜線後面要接指令的名稱。",
	unknownCommand:  func(name string) string { return "沒有「" + name + "」這個指令。" },
	didYouMean:      func(name string) string { return "你要找的是「" + name + "」嗎？" },
	usage:           func(usage string) string { return "用法：" + usage },
	usageAndExample: func(usage, example string) string { return "用法：" + usage + "\n例如：" + example },

	noRecapYet:     "還沒有人寫過年度回顧。",
	nothingYet:     "今年還沒有文章或聚會紀錄。",
	backToContents: "‹ 目錄",
	computedNote:   "這年沒有年度回顧文章，以上由機器人依文章索引整理",
	topTags:        "常見標籤：",
	writtenBy:      "作者：",
	articles:       "文章",
	noYear:         func(word string) string { return "「" + word + "」看起來不是年份，請用西元年。" },
	yearsThere:     func(years string) string { return "可以看的年份：" + years },
	yearOfROC: func(roc, year int) string {
		return fmt.Sprintf("請用西元年。民國 %d 年是 %d 年，要看這一年嗎？", roc, year)
	},
	futureYear:    func(year int) string { return fmt.Sprintf("%d 年還沒到呢。", year) },
	emptyYear:     func(year int) string { return fmt.Sprintf("%d 年沒有留下文章或聚會紀錄。", year) },
	noMeetupsIn:   func(year int) string { return fmt.Sprintf("%d 年沒有聚會紀錄。", year) },
	computedTitle: func(community string, year int) string { return beside(community, strconv.Itoa(year)+" 年紀事") },
	yearInNumbers: func(meetups, articles int) string {
		switch {
		case articles == 0:
			return fmt.Sprintf("聚會 %s 場", digits(meetups))
		case meetups == 0:
			return fmt.Sprintf("文章 %s 篇", digits(articles))
		}
		return fmt.Sprintf("聚會 %s 場，文章 %s 篇", digits(meetups), digits(articles))
	},
	chapterOf: func(n, of int) string { return fmt.Sprintf("第 %d 節，共 %d 節", n, of) },

	latestPosts:    "最新文章",
	noPosts:        "目前還沒有文章。",
	noTags:         "目前的文章都沒有標籤。",
	noAuthors:      "目前的文章都沒有註明作者。",
	noMeetups:      "目前沒有聚會紀錄。",
	tagsHint:       "輸入 /latest 加上標籤，就能看那些文章",
	latestWithTag:  func(tag string) string { return "「" + tag + "」的最新文章" },
	noTag:          func(tag string) string { return "沒有文章用「" + tag + "」這個標籤。" },
	tagsThere:      func(tags string) string { return "常用的標籤有：" + tags },
	tagsTitle:      func(n int) string { return fmt.Sprintf("%s 個標籤", digits(n)) },
	authorsTitle:   func(n int) string { return fmt.Sprintf("%s 位作者", digits(n)) },
	postsAndNewest: func(posts int) string { return fmt.Sprintf("，%s 篇，最新：", digits(posts)) },
	meetupsTitle:   func(year, n int) string { return fmt.Sprintf("%d 年的聚會：%s 場", year, digits(n)) },

	searchFailed: "搜尋暫時不能用，請稍後再試一次。",
	searchHint:   "試試短一點的詞、別的說法，或先看看 /tags 和 /latest。",
	narrowDown:   "多加幾個字可以縮小範圍",
	noTerms:      "目前沒有收錄名詞解釋。",
	nearTerms:    "你要找的是這些嗎？",
	termHint:     "輸入 /glossary 可以看所有收錄的詞。",
	nothingFound: func(words string) string { return "找不到和「" + words + "」有關的文章。" },
	searchedAlso: func(words string) string { return "也找了：" + words },
	under:        func(heading string) string { return "在「" + heading + "」這一節" },
	searchFor:    func(words string) string { return "搜尋「" + words + "」" },
	noTerm:       func(term string) string { return "詞彙表裡沒有「" + term + "」。" },
	termsHint:    func(example string) string { return "輸入像 " + example + " 這樣，就能看解釋" },
	searchedInstead: func(typed, instead string) string {
		return "找不到「" + typed + "」，改找「" + instead + "」"
	},
	found: func(words string, posts int, more bool) string {
		if more {
			return fmt.Sprintf("「%s」%s 篇以上", words, digits(posts))
		}
		return fmt.Sprintf("「%s」%s 篇", words, digits(posts))
	},
	termsTitle: func(n int) string { return fmt.Sprintf("詞彙表：%s 個詞", digits(n)) },
	source: func(host, license string, cut bool) string {
		s := "出處：" + host + " · " + license
		if cut {
			s += "（節錄）"
		}
		return s
	},

	draftIntro:        "導言",
	draftIntroTodo:    "用兩三句話說說社群這一年",
	draftAuthorsTodo:  "待補：作者",
	draftPublish:      "寫好後刪掉這一行，文章才會公開",
	draftMeetups:      "精彩回顧：聚會",
	draftMeetupsCount: func(n int) string { return fmt.Sprintf("這一年一共辦了 %s 場聚會。", digits(n)) },
	draftMeetupsTodo:  "挑一兩場特別的聚會，說說講者和現場",
	draftThanks:       "感謝作者",
	draftProjects:     "專案與合作",
	draftProjectsTodo: "今年的專案、合作夥伴和參加的大型活動",
	draftMoney:        "財務狀況",
	draftMoneyTodo:    "今年的錢用在哪，並附上收支表 PDF 的連結",
	draftTitle: func(community string, year int) string {
		return beside(community, strconv.Itoa(year)+" 年度回顧")
	},
	draftTodo: func(what string) string { return "（待補：" + what + "）" },

	support:   func(community string) string { return beside("支持", community) },
	statement: func(year string) string { return year + " 收支表" },
	spentIn:   func(year int) string { return strconv.Itoa(year) + " 年的錢用在哪（年度回顧）" },

	helpHint:     "輸入 /help 加上指令名稱，例如 /help search，可以看詳細用法",
	privacyTitle: "隱私說明",
	privacy: []string{
		"我只讀給我的指令；你說的話和指令的內容，我都不儲存，也不寫進紀錄檔。",
		"我不記錄你是誰，也不儲存任何成員的名字或 ID。",
		"我儲存的只有公開的文章索引，以及自己在設定好的頻道說過什麼、何時說的。",
		"指令出錯時，只會記下指令名稱和錯誤位置，方便修正。",
	},
	helpTitle:    func(community string) string { return beside(community, "的指令") },
	example:      func(line string) string { return "例如：" + line },
	alsoCalled:   func(names string) string { return "也可以打：" + names },
	channelKnown: func(name string) string { return "這個頻道在 config.yaml 裡叫「" + name + "」：" },
	whatIDo: func(posts, terms int) string {
		s := fmt.Sprintf("我從 %s 篇文章和聚會紀錄", digits(posts))
		if terms > 0 {
			s += fmt.Sprintf("，以及 %s 個名詞解釋", digits(terms))
		}
		return s + "裡找答案。輸入 /help 看看我會什麼。"
	},
	channelNew: func(p bot.Platform) (name, sentence string) {
		return suggestedName(p), "把這一行加到 config.yaml 的 channels 底下（名稱可以自己取），就能在這裡發公告："
	},
}

// beside joins two words, with a space unless Chinese meets Chinese.
func beside(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, first) {
		return a + b
	}
	return a + " " + b
}

func weekday(t time.Time) string {
	return [...]string{"日", "一", "二", "三", "四", "五", "六"}[t.Weekday()]
}
