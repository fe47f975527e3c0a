package main

import (
	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/outbox"
)

// What is done about a message.
var kindWords = map[bot.ActKind]phrase{
	bot.Post:    {"post", "發布"},
	bot.Edit:    {"edit", "修改"},
	bot.Retract: {"retract", "收回"},
	bot.Publish: {"publish", "轉發"},
	bot.Pin:     {"pin", "釘選"},
	bot.Thread:  {"thread", "開討論串"},
	bot.Member:  {"member", "彙整"},
}

// What became of it.
var stateWords = map[outbox.State]phrase{
	outbox.Owed:      {"owed", "待發"},
	outbox.Held:      {"held", "等人決定"},
	outbox.Sending:   {"sending", "發送中"},
	outbox.Sent:      {"sent", "已發"},
	outbox.Uncertain: {"uncertain", "不確定"},
	outbox.Failed:    {"failed", "失敗"},
	outbox.Skipped:   {"skipped", "沒發"},
}

// What plan says besides the messages.
var (
	planNothing  = phrase{"nothing is said from %s to %s, as far as it is known now", "%s 到 %s 沒有要發的，就目前所知"}
	planHeld     = phrase{"%d more wait for a person to decide: herald log --state held", "另外有 %d 則等人決定：herald log --state held"}
	planPast     = phrase{"not known: what %s brought then", "不知道：%s 當時帶來什麼"}
	planAnswers  = phrase{"not as it was: what commands answer, which is from the posts of today", "和當時不一樣的：指令的回答，用的是現在的文章"}
	planState    = phrase{"[%s: %s]", "〔%s：%s〕"}
	planUnasked  = phrase{"not known: what %s brings, which has not been asked yet", "還不知道：%s 會帶來什麼，它還沒有看過"}
	planUnknown  = phrase{"not known: what %s brings, which is asked next on %s", "還不知道：%s 會帶來什麼，下次看是 %s"}
	planProgress = phrase{"playing %s", "模擬到 %s"}
)

// What log, why and retry say.
var (
	logNothing   = phrase{"nothing yet", "還沒有紀錄"}
	logNoMatch   = phrase{"nothing of this kind", "沒有符合的紀錄"}
	whyUnseen    = phrase{"%s: Herald has never seen it", "%s：Herald 沒看過這個"}
	whyNotYet    = phrase{"%s has not been said yet; it is next on %s", "%s 還沒發過；下一次是 %s"}
	whyTick      = phrase{"%s: next on %s", "%s：下一次是 %s"}
	whyByPage    = phrase{"%[1]s says pages one by one: ask for one by its address, or see all with herald log --announcement %[1]s", "%[1]s 是一則一則發的：請用那一頁的網址來問，或用 herald log --announcement %[1]s 看全部"}
	whyGathered  = phrase{"%s: #%d waits for the digest of %s, which is next on %s", "%s：#%d 等 %s 合成一則，下一次是 %s"}
	logGathered  = phrase{"it waits for the digest of %s", "等 %s 合成一則"}
	whySeen      = phrase{"%s: first seen in %s on %s", "%s：第一次看到是在 %s，%s"}
	whyNever     = phrase{"not said anywhere: %s", "沒有發到任何地方：%s"}
	whyGone      = phrase{"gone since %s", "從 %s 起不見了"}
	whyMissed    = phrase{"%s does not list it any more since %s", "%s 從 %s 起不再列出它"}
	whyLost      = phrase{"its page is not there since %s; if that is so a day later, it is withdrawn", "它的網頁從 %s 起打不開了；隔一天還是這樣，就當作撤回"}
	whyOwed      = phrase{"%s: %s #%d is owed, not before %s", "%s：%s #%d 待發，最早 %s"}
	whySent      = phrase{"%s: %s #%d was done on %s by %s", "%s：%s #%d 已在 %s 完成（%s）"}
	whyState     = phrase{"%s: %s #%d: %s", "%s：%s #%d：%s"}
	whyNotSaid   = phrase{"%s: not said: %s", "%s：沒有發：%s"}
	everywhere   = phrase{"everywhere", "所有頻道"}
	reasonOf     = phrase{": %s", "：%s"}
	retryAsked   = phrase{"asked for %s: the Herald that speaks says it within seconds, or the next one that runs", "已經要求 %s：正在執行的 Herald 幾秒內會發，沒有在執行就等下一次"}
	testIsOff    = phrase{"channel %s is off: there is no token for its platform", "頻道 %s 目前不會發送：沒有那個平台的 token"}
	onceOwed     = phrase{"%d still owed, the first on %s", "還有 %d 則待發，最早是 %s"}
	onceUnread   = phrase{"source %s cannot be read: %s", "來源 %s 讀不到：%s"}
	noLogLevel   = phrase{"HERALD_LOG: there is no level %q; one of: debug, info, warn, error", "HERALD_LOG：沒有「%s」這個等級，可以寫 debug、info、warn 或 error"}
	readingPosts = phrase{"reading the content", "正在讀取內容"}
	askingFeeds  = phrase{"asking the sources and saying what is owed", "正在看來源、發送公告"}
	fetchingRepo = phrase{"content.%s: fetching the repository; only the first time takes long", "content.%s：正在抓取 Git 儲存庫，只有第一次會比較久"}
)

// What run says on a terminal.
var (
	runHeld      = phrase{"#%[1]d is held, and not said in %[2]s: %[3]s%[4]s; to let it go: herald retry %[1]d", "#%[1]d 先不發到 %[2]s，等人決定：%[3]s%[4]s。要發就執行 herald retry %[1]d"}
	runFailed    = phrase{"#%[1]d was not said in %[2]s: %[3]s%[4]s; to try again: herald retry %[1]d", "#%[1]d 沒有發到 %[2]s：%[3]s%[4]s。再試一次：herald retry %[1]d"}
	runUncertain = phrase{"#%[1]d may have been said in %[2]s, or not: %[3]s%[4]s; if it is missing there: herald retry %[1]d", "#%[1]d 不確定有沒有發到 %[2]s：%[3]s%[4]s。去看一眼，沒有的話執行 herald retry %[1]d"}
	runManyHeld  = phrase{"%d more are held: herald log --state held", "還有 %d 則等人決定：herald log --state held"}
	runSaid      = phrase{"said in %s: %s", "已發到 %s：%s"}
	runBegun     = phrase{"%s announces %s from now on; the %d that are there already are passed over", "%s 從現在開始公告 %s；已經在那裡的 %d 則不會發"}
	runNext      = phrase{"next: %s", "接下來：%s"}
	runTick      = phrase{"%s %s", "%s %s"}
	runOwed      = phrase{"%s the first of %d owed", "%s 待發 %d 則的第一則"}
	runPoll      = phrase{"%s look at %s", "%s 看 %s"}
	runNothing   = phrase{"nothing is due; what is new in the content is announced as it appears", "目前沒有排定的；內容一有新的就會公告"}
	runSemicolon = phrase{"; ", "；"}
)
