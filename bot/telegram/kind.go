package telegram

import (
	"net/http"
	"strings"
)

// Kind says what a refusal is about. Telegram gives each a code and an English
// description; the descriptions are documented nowhere but have not changed for
// years, and one that is new falls back to what its code means.
type Kind string

// The kinds of refusals.
const (
	Blocked       Kind = "blocked"        // the member blocked the bot or deleted the account
	NotStarted    Kind = "not started"    // the member never wrote to the bot
	Kicked        Kind = "kicked"         // the bot was removed from the chat, or never was in it
	NoRights      Kind = "no rights"      // the bot may not do this in the chat
	TopicClosed   Kind = "topic closed"   //
	TopicGone     Kind = "topic gone"     //
	ChatGone      Kind = "chat gone"      // there is no such chat, or the bot cannot see it
	Moved         Kind = "moved"          // the group became a supergroup
	MessageGone   Kind = "message gone"   // the message was deleted
	NotModified   Kind = "not modified"   // the edit changes nothing
	CannotDelete  Kind = "cannot delete"  // too old, or not the bot's to delete
	CannotEdit    Kind = "cannot edit"    //
	noText        Kind = "no text"        // the message is a photo
	noCaption     Kind = "no caption"     // the message is a text
	TooLong       Kind = "too long"       //
	BadPicture    Kind = "bad picture"    // Telegram could not fetch or read it
	QueryTooOld   Kind = "query too old"  // a button or an inline query is answered too late
	Malformed     Kind = "malformed"      // anything else that is wrong with a call
	Refused       Kind = "refused"        // anything else that is not allowed
	Unauthorized  Kind = "unauthorized"   // the token is not right
	Conflict      Kind = "conflict"       // another program reads this bot's updates
	WebhookActive Kind = "webhook active" // getUpdates while a webhook is set
	Flood         Kind = "flood"          // too many calls; wait
	Broken        Kind = "broken"         // Telegram's own trouble, or what stands between
)

// descriptions leads from a code and a part of the description, in lower case,
// to the kind. The first that fits counts.
var descriptions = []struct {
	code int
	part string
	kind Kind
}{
	{403, "bot was blocked by the user", Blocked},
	{403, "user is deactivated", Blocked},
	{403, "can't initiate conversation", NotStarted},
	{403, "can't send messages to bots", Blocked},
	{403, "bot was kicked", Kicked},
	{403, "bot is not a member", Kicked},
	{403, "the group chat was deleted", ChatGone},
	{403, "not enough rights", NoRights},
	{400, "upgraded to a supergroup", Moved},
	{400, "chat not found", ChatGone},
	{400, "group chat was deleted", ChatGone},
	{400, "group chat was deactivated", ChatGone},
	{400, "channel_private", ChatGone},
	{400, "peer_id_invalid", ChatGone},
	{400, "topic_closed", TopicClosed},
	{400, "topic_deleted", TopicGone},
	{400, "message thread not found", TopicGone},
	{400, "need administrator rights", NoRights},
	{400, "not enough rights", NoRights},
	{400, "have no rights", NoRights},
	{400, "chat_write_forbidden", NoRights},
	{400, "chat_admin_required", NoRights},
	{400, "chat_restricted", NoRights},
	{400, "message is not modified", NotModified},
	{400, "message to edit not found", MessageGone},
	{400, "message to delete not found", MessageGone},
	{400, "message to pin not found", MessageGone},
	{400, "message_id_invalid", MessageGone},
	{400, "message can't be deleted", CannotDelete},
	{400, "message can't be edited", CannotEdit},
	{400, "there is no text in the message", noText},
	{400, "there is no caption in the message", noCaption},
	{400, "too long", TooLong},
	{400, "too_long", TooLong},
	{400, "http url content", BadPicture},
	{400, "wrong file identifier", BadPicture},
	{400, "wrong type of the web page", BadPicture},
	{400, "webpage_", BadPicture},
	{400, "image_process_failed", BadPicture},
	{400, "photo_invalid", BadPicture},
	{400, "query is too old", QueryTooOld},
	{400, "query_id_invalid", QueryTooOld},
	{409, "webhook is active", WebhookActive},
}

func kindOf(code int, description string) Kind {
	description = strings.ToLower(description)
	for _, d := range descriptions {
		if d.code == code && strings.Contains(description, d.part) {
			return d.kind
		}
	}
	switch {
	case code == http.StatusUnauthorized, code == http.StatusNotFound: // 404 for what has no token's form
		return Unauthorized
	case code == http.StatusForbidden:
		return Refused
	case code == http.StatusConflict:
		return Conflict
	case code == http.StatusRequestEntityTooLarge:
		return TooLong
	case code == http.StatusTooManyRequests:
		return Flood
	case code >= 500:
		return Broken
	}
	return Malformed
}

// permanent reports whether trying the same call again is of no use.
func (k Kind) permanent() bool {
	switch k {
	case Flood, Broken, Moved, Unauthorized, Conflict, WebhookActive:
		return false
	default:
		return true
	}
}
