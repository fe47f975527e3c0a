package main

import (
	"errors"
	"strings"

	"cloudnative.tw/herald/bot"
)

// storeTroubles are what the store says of itself, and of why an act cannot be
// tried again.
var storeTroubles = translated([]translation{
	{`opening the store (.*) to read: (.*)`, "打不開 $1：%2"},
	{`opening the store (.*?): (.*)`, "打不開 $1：%2"},
	{`(?:reading the ledger|reading the decisions|reading what is not said|reading what is owed|asking for acts to be tried again): (.*)`, "讀寫紀錄時出錯：%1"},
	{`looking (?:at act|for) (.*?): (.*)`, "查 $1 時出錯：%2"},
	{`another Herald speaks from it: stop that one first, or give this one a store of its own`, "另一個 Herald 正在用它：請先停掉那一個，或讓這一個用別的檔案"},
	{`there is none yet: herald run makes it`, "還沒有這個檔案，執行 herald run 就會建立"},
	{`a newer Herald has written it: run that version, or restore an older copy of the store`, "它是比較新的 Herald 寫的：請執行那個版本，或換回比較舊的備份"},
	{`an older Herald has written it: herald run brings it up to date`, "它是比較舊的 Herald 寫的，執行 herald run 就會更新"},
	{`the disk is full: nothing is said until there is room again`, "磁碟滿了，有空間之前什麼都不會發"},
	{`it cannot be written: look at the owner and the rights of the file and its folder`, "它不能寫入：請檢查檔案和資料夾的擁有者與權限"},
	{`it is damaged, or no store at all: restore a copy of it, or move it away to begin anew`, "它壞了，或不是 Herald 的檔案：請換回備份，或把它移開、重新開始"},
	{`this is no address of a database: (\S+), with what is special in a password written as (\S+)`, "這不是資料庫的位址：要像 $1，密碼裡的特殊字元寫成 $2"},
	{`(another Herald .*?|the disk .*?|it cannot .*?|it is damaged.*?) \((.*)\)`, "%1（$2）"},

	{`act (\d+) cannot be tried again: (.*)`, "#$1 不能再試：%2"},
	{`there is no such act`, "沒有這個編號"},
	{`it is owed already`, "它本來就會發"},
	{`it is being sent`, "它正在發送"},
	{`it was sent`, "它已經發了"},
	{`its words are no longer kept`, "它的內容已經沒有保留"},
	{`it is part of act (\d+), so ask for that`, "它是 #$1 的一部分，請改試 #$1"},
	{`a later change took its place`, "後來的修改已經取代它"},
	{`it was withdrawn, and perhaps said before`, "它已經撤下，之前可能發出去過"},
	{`the message it is about, act (\d+), is (\w+)`, "它要處理的 #$1 是：%2"},
	{`owed`, "待發"},
	{`held`, "等人決定"},
	{`sending`, "發送中"},
	{`uncertain`, "不確定"},
	{`failed`, "失敗"},
	{`skipped`, "沒發"},
})

// troubleIn returns an error of the store as it is said in a language. What has
// said its own, and what ends the program with a code, stays as it is.
func troubleIn(lang bot.Lang, err error) error {
	var exit *exitError
	if err == nil || errors.As(err, &exit) {
		return err
	}
	said := storeTroubles().in(lang, err.Error())
	if said == err.Error() {
		return err
	}
	return &spokenError{said, err}
}

// spokenError is an error in the words of whoever reads it.
type spokenError struct {
	text string
	err  error
}

// Error returns the words.
func (e *spokenError) Error() string { return e.text }

// Unwrap returns the error.
func (e *spokenError) Unwrap() error { return e.err }

// sourceTroubles are why a source outside cannot be read.
var sourceTroubles = translated([]translation{
	{`(?:get|look at|ask for|read|fetch) (\S+): (.*)`, "$1：%2"},
	{`the host has a private or special address(.*)`, "這是內部網路的位址$1"},
	{`no host of this name is known`, "找不到這個主機"},
	{`the host's name cannot be looked up`, "查不到這個主機名稱"},
	{`the host's certificate is not trusted: (.*)`, "主機的憑證不可信任：$1"},
	{`no connection in time`, "連線逾時"},
	{`the connection is refused`, "對方拒絕連線"},
	{`no connection: (.*)`, "連不上：$1"},
	{`no answer within (\S+)`, "等了 $1 沒有回應"},
	{`no answer: (.*)`, "沒有回應：$1"},
	{`the connection was closed without an answer`, "對方沒有回應就斷線了"},
	{`the body is empty`, "內容是空的"},
	{`the answer is empty`, "內容是空的"},
	{`an HTML page instead of a feed`, "這是網頁，不是 feed"},
	{`the answer is an HTML page and not a feed: .*`, "這是網頁，不是 feed：可能是登入或維護中的頁面"},
	{`the answer is not a feed \((.*)\)`, "這不是 feed（$1）"},
	{`too large`, "太大了"},
	{`redirects in a circle`, "網址一直轉址繞圈"},
	{`status (.*)`, "回應 $1"},
})

// openPrivate follows what is said of a private address: how to have it read.
const openPrivate = "the host has a private or special address"

// sourceTrouble says why a source cannot be read, in each language.
func sourceTrouble(text string) bot.Texts {
	if strings.HasSuffix(text, openPrivate) {
		return bot.Texts{
			bot.English:            text + "; HERALD_ALLOW_PRIVATE=1 in the environment has it read",
			bot.TraditionalChinese: sourceTroubles().in(bot.TraditionalChinese, text) + "；要讀的話請設定環境變數 HERALD_ALLOW_PRIVATE=1",
		}
	}
	return sourceTroubles().texts(text)
}
