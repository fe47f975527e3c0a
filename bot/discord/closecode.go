package discord

import (
	"errors"
	"fmt"

	"github.com/gorilla/websocket"

	"cloudnative.tw/herald/bot"
)

// FatalError ends Run: connecting again would not help before a person changed
// something, and would cost sessions.
type FatalError struct {
	// Code is the gateway's close code, 0 for an error of another kind
	// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes).
	Code int
	// What says what to change.
	What bot.Texts
}

// Error returns what to change, in English.
func (e *FatalError) Error() string {
	if e.Code == 0 {
		return "discord: " + e.What.In(bot.English)
	}
	return fmt.Sprintf("discord closed the connection (code %d): %s", e.Code, e.What.In(bot.English))
}

var wrongToken = both("Discord 不接受這個 token（DISCORD_TOKEN）：請到開發者後台重設，換上新的。",
	"Discord does not accept the token (DISCORD_TOKEN): reset it in the developer portal and set the new one.")

// fatalCodes are the close codes after which nobody may reconnect as before.
var fatalCodes = map[int]bot.Texts{
	4004: wrongToken,
	4010: both("分片設定無效，請回報這個問題。", "The shard is invalid: please report this."),
	4012: both("Discord 不再支援這個閘道版本：請更新 Herald。", "Discord no longer has this version of the gateway: update Herald."),
	4013: both("intents 無效，請回報這個問題。", "The intents are invalid: please report this."),
	4014: both("機器人沒有獲准使用所需的 intents：請到開發者後台的 Bot 頁面開啟。", "The bot may not use the intents that it asks for: allow them on the Bot page of the developer portal."),
}

// Close codes after which a session cannot be resumed, and the one that asks for
// more shards.
const (
	closeShardingRequired = 4011
	closeInvalidSeq       = 4007
	closeSessionTimedOut  = 4009
)

var errShardingRequired = errors.New("discord asks for more shards")

// closed returns what the end of a connection means: an error that ends Run, or
// whether the session can be resumed.
func closed(err error) (fatal error, resumable bool) {
	var closing *websocket.CloseError
	if !errors.As(err, &closing) {
		return nil, true
	}
	if what, ok := fatalCodes[closing.Code]; ok {
		return &FatalError{Code: closing.Code, What: what}, false
	}
	switch closing.Code {
	case closeShardingRequired:
		return errShardingRequired, false
	case closeInvalidSeq, closeSessionTimedOut, websocket.CloseNormalClosure, websocket.CloseGoingAway:
		return nil, false
	}
	return nil, true
}
