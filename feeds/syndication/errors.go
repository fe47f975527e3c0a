package syndication

import (
	"fmt"
	"strings"
)

// ConfigError is what is wrong with a source's settings, said in English and in
// Traditional Chinese.
type ConfigError struct{ EN, ZH string }

// Error returns the sentence in English.
func (e *ConfigError) Error() string { return e.EN }

// In returns the sentence in the language of a BCP 47 tag: Chinese for "zh" and
// what begins with it, English for all others.
func (e *ConfigError) In(lang string) string {
	if lang == "zh" || strings.HasPrefix(lang, "zh-") {
		return e.ZH
	}
	return e.EN
}

// sentence is something said of settings, with fmt's verbs, which both languages
// have the same of.
type sentence struct{ en, zh string }

func (s sentence) error(args ...any) error {
	return &ConfigError{EN: fmt.Sprintf(s.en, args...), ZH: fmt.Sprintf(s.zh, args...)}
}

// What can be wrong with a source.
var (
	noFeed       = sentence{"names no feed: set feed, youtube, github, medium or ithome", "沒有說是哪個來源（請寫 feed、youtube、github、medium 或 ithome 其中一個）"}
	twoKinds     = sentence{"cannot stand beside %s; make two sources of them", "不能和 %s 寫在一起（請分成兩個來源）"}
	sameFeed     = sentence{"is the same feed as one before", "和前面的是同一個來源"}
	tooOften     = sentence{"must be at least %v (got %v)", "最短是 %v（這裡是 %v）"}
	noZone       = sentence{"must be a zone's name, such as Asia/Taipei", "不是時區（請用地名表示，例如 Asia/Taipei）"}
	forOne       = sentence{"is for %s only", "只有 %s 能用"}
	withPassword = sentence{"must not hold a user or a password; only public feeds can be read", "不能有帳號或密碼（只能讀公開的來源）"}
	withSecret   = sentence{
		"must not hold a secret (%.40s=…); only public feeds can be read, so use the address that needs none",
		"不能有機密（%.40s=…）；只能讀公開的來源，請改用不需要機密的網址",
	}
)

// What the value of each kind must be.
var (
	wantFeed    = sentence{"must be the address of a feed, beginning with https:// or http://", "不是來源的網址（請寫完整的網址，以 https:// 或 http:// 開頭）"}
	wantYouTube = sentence{
		"must be a channel's id (UC…) or a playlist's (PL…); the id of a channel @name stands in the source of its page as channelId",
		"不是 YouTube 頻道（UC…）或播放清單（PL…）的編號（@名稱 的頻道，編號在頻道網頁的原始碼裡，叫 channelId）",
	}
	wantGitHub = sentence{"must be a repository on GitHub, as owner/name", "不是 GitHub 儲存庫（請寫 owner/name）"}
	wantMedium = sentence{
		"must be @user or a publication's name; a publication with a domain of its own is a feed: https://its.domain/feed",
		"不是 Medium 的 @使用者 或刊物名稱（有自己網域的刊物請用 feed: https://its.domain/feed）",
	}
	wantIThome = sentence{
		"must be the number of a series, as in ithelp.ithome.com.tw/users/…/ironman/8001",
		"不是系列文的編號（例如 ithelp.ithome.com.tw/users/…/ironman/8001 的 8001）",
	}
)
