package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloudnative.tw/herald/bot"
)

// Error is a refusal by Discord's API
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
type Error struct {
	// Status is HTTP's, Code Discord's own; 0 if there was none.
	Status, Code int
	// Message is Discord's, in English.
	Message string
	// Fields says which parts of the request were wrong, as "embeds.0.image.url:
	// Not a well formed URL.".
	Fields []string

	// foreign tells that the answer was not Discord's API's: something on the way
	// refused, and may not do so later.
	foreign bool
}

// Error returns what Discord said and, where that is known, what to do.
func (e *Error) Error() string {
	s := fmt.Sprintf("discord refused (status %d, code %d): %s", e.Status, e.Code, e.Message)
	if len(e.Fields) > 0 {
		s += " (" + strings.Join(e.Fields, "; ") + ")"
	}
	if hint := e.Hint().In(bot.English); hint != "" {
		s += ". " + hint
	}
	return s
}

// Unwrap returns bot.ErrPermanent for a refusal that trying again cannot change.
func (e *Error) Unwrap() error {
	if e.foreign || meanings[e.Code].passing {
		return nil
	}
	return bot.ErrPermanent
}

// Hint says what moderators can do about it; nil if nothing is known.
func (e *Error) Hint() bot.Texts { return meanings[e.Code].hint }

// code returns the code of a refusal, or 0.
func code(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownInteraction = 10062
	codeUnknownTag         = 10087
	codeSlowmode           = 20016
	codeOldEdit            = 30046
	codeAlreadyPublished   = 40033
	codeAcknowledged       = 40060
	codeMissingAccess      = 50001
	codeNoTextChannel      = 50008
	codeMissingPermissions = 50013
	codeInvalidBody        = 50035
	codeArchived           = 50083
	codeHasThread          = 160004
)

// meaning is what a code of Discord means to Herald.
type meaning struct {
	// passing tells that trying later may help.
	passing bool
	hint    bot.Texts
}

var (
	noAccess = both("機器人看不到這個頻道：請給它的身分組「檢視頻道」權限。",
		"The bot cannot see the channel: give its role the permission View Channel.")
	noPermission = both("機器人在這個頻道缺少權限：請給它的身分組「發送訊息」「嵌入連結」「讀取訊息歷史」，討論串另需「在討論串中發送訊息」。",
		"The bot lacks a permission in the channel: give its role Send Messages, Embed Links and Read Message History, and Send Messages in Threads where that is meant.")
	channelGone = both("頻道不存在或已刪除：請更新 config.yaml 裡的連結。", "The channel does not exist any more: change its link in config.yaml.")
	automod     = both("被 AutoMod 擋下：請在規則中允許這個機器人的身分組，或修改內容。", "AutoMod blocked it: allow the bot's role in the rule, or change the words.")
)

var meanings = map[int]meaning{
	codeUnknownChannel:     {hint: channelGone},
	codeUnknownMessage:     {hint: both("訊息已被刪除。", "The message was deleted.")},
	codeUnknownTag:         {hint: both("論壇裡已經沒有這個標籤：請檢查 config.yaml 的 tags。", "The forum has no such tag any more: look at tags in config.yaml.")},
	codeSlowmode:           {passing: true, hint: both("頻道開了慢速模式：給機器人「管理訊息」權限就不受限制。", "The channel is in slow mode: with Manage Messages the bot is exempt.")},
	20028:                  {passing: true}, // the channel's write limit
	20029:                  {passing: true}, // the server's write limit
	30003:                  {hint: both("頻道的釘選已滿：請先取消一些。", "The channel has no room for another pin: remove some.")},
	codeOldEdit:            {hint: both("這則訊息太久以前發布、又改過太多次，Discord 不再讓它更新。", "The message is old and was edited too often; Discord allows no more for now.")},
	40067:                  {hint: both("論壇規定要有標籤：請在 config.yaml 的 tags 加上 other。", "The forum demands a tag: add other to tags in config.yaml.")},
	codeMissingAccess:      {hint: noAccess},
	codeMissingPermissions: {hint: noPermission},
	codeNoTextChannel:      {hint: both("這種頻道不能發訊息（例如分類）：請換一個頻道。", "Nothing can be said in this kind of channel (such as a category): choose another.")},
	50024:                  {hint: both("這種頻道做不到：publish 只適用於公告頻道，thread 只適用於文字與公告頻道。", "This kind of channel cannot do that: publish is for announcement channels, thread for text and announcement channels.")},
	codeArchived:           {hint: both("討論串已封存：請解除封存。", "The thread is archived: unarchive it.")},
	130000:                 {passing: true}, // Discord is overloaded
	160005:                 {hint: both("討論串已鎖定：請解除鎖定，或給機器人「管理討論串」權限。", "The thread is locked: unlock it, or give the bot Manage Threads.")},
	160006:                 {passing: true, hint: both("伺服器的活動討論串已達上限：請封存一些。", "The server has too many active threads: archive some.")},
	200000:                 {hint: automod},
	200001:                 {hint: automod},
	240000:                 {hint: both("內含 Discord 禁止的連結。", "It has a link that Discord forbids.")},
}

// maxQuoted is how much of Discord's own words an error repeats.
const maxQuoted = 200

// newError reads the body of a refusal.
func newError(status int, body []byte) *Error {
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Errors  any    `json:"errors"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return &Error{Status: status, Message: "an answer that is no JSON", foreign: true}
	}
	e := &Error{Status: status, Code: said.Code}
	e.Message, _ = fitPlain(said.Message, maxQuoted)
	e.Fields = fieldErrors("", said.Errors, nil)
	return e
}

// maxFieldErrors is how many wrong parts of a request are told.
const maxFieldErrors = 5

// fieldErrors flattens the tree of what is wrong with a form
// (https://discord.com/developers/docs/reference#error-messages).
func fieldErrors(path string, tree any, found []string) []string {
	node, ok := tree.(map[string]any)
	if !ok || len(path) > maxQuoted {
		return found
	}
	list, _ := node["_errors"].([]any)
	for _, e := range list {
		object, _ := e.(map[string]any)
		message, _ := object["message"].(string)
		if message, _ = fitPlain(message, maxQuoted); len(found) < maxFieldErrors {
			found = append(found, path+": "+message)
		}
	}
	var keys []string
	for key := range node {
		if key != "_errors" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		found = fieldErrors(strings.TrimPrefix(path+"."+key, "."), node[key], found)
	}
	return found
}

// limitError is what an answer with status 429 means. That a message has had all
// its edits is no reason to keep its channel waiting.
func limitError(x *exchange) error {
	if x.code == codeOldEdit {
		return newError(x.status, x.body)
	}
	cause := errBusy
	if x.banned {
		cause = errBanned
	}
	if x.code != 0 {
		cause = newError(x.status, x.body)
	}
	return &bot.RetryAfterError{Wait: x.wait, Global: x.global, Err: cause}
}
