package telegramtest

import (
	"context"
	"strconv"
	"time"
)

// carryOut validates a call and does what it says.
func (s *Server) carryOut(ctx context.Context, call *Call) (any, *failure) {
	if call.Method == "getUpdates" {
		call.Wrong = s.wrong(call)
		if len(call.Wrong) > 0 {
			return nil, badRequest(call.Wrong[0])
		}
		return s.getUpdates(ctx, call.Params)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	method, known := methods[call.Method]
	if !known {
		call.Wrong = []string{"this server has no method " + call.Method}
		return nil, &failure{404, "Not Found: method not found", nil}
	}
	if call.Wrong = s.wrong(call); len(call.Wrong) > 0 {
		return nil, badRequest(call.Wrong[0])
	}
	if call.Fault == Flood {
		wait := s.faults.floodWait()
		if c := s.limits.chats[call.Chat]; c != nil {
			c.until = time.Now().Add(wait)
		}
		return nil, tooMany(wait)
	}
	return method(s, call)
}

// wrong returns what the description of the API and the rules find wrong with a
// call.
func (s *Server) wrong(call *Call) []string {
	var wrong []string
	if s.config.Spec != nil {
		wrong = s.config.Spec.CheckCall(call.Method, call.Params)
	}
	rule := ""
	p := call.Params
	text, _ := p["text"].(string)
	caption, _ := p["caption"].(string)
	switch call.Method {
	case "sendMessage", "editMessageText":
		rule = checkText(text, maxText, p["entities"], "message")
	case "sendPhoto", "editMessageCaption":
		rule = checkText(caption, maxCaption, p["caption_entities"], "message caption")
	case "answerInlineQuery":
		rule = checkInline(p["results"])
	case "setMyCommands":
		rule = checkCommands(p["commands"])
	}
	if rule == "" {
		rule = checkKeyboard(p["reply_markup"])
	}
	if rule == "" && p["parse_mode"] != nil {
		rule = "this server does not read parse_mode"
	}
	if rule != "" {
		wrong = append(wrong, rule)
	}
	return wrong
}

func tooMany(wait time.Duration) *failure {
	seconds := int64((wait + time.Second - 1) / time.Second)
	return &failure{429, "Too Many Requests: retry after " + strconv.FormatInt(seconds, 10), map[string]any{"retry_after": seconds}}
}

var methods = map[string]func(*Server, *Call) (any, *failure){
	"getMe":               (*Server).getMe,
	"getChat":             (*Server).getChat,
	"getChatMember":       (*Server).getChatMember,
	"sendMessage":         (*Server).send,
	"sendPhoto":           (*Server).send,
	"editMessageText":     (*Server).edit,
	"editMessageCaption":  (*Server).edit,
	"deleteMessage":       (*Server).deleteMessage,
	"pinChatMessage":      (*Server).pinChatMessage,
	"answerCallbackQuery": (*Server).answerQuery,
	"answerInlineQuery":   (*Server).answerQuery,
	"setMyCommands":       (*Server).setMyCommands,
	"getMyCommands":       (*Server).getMyCommands,
	"deleteMyCommands":    (*Server).deleteMyCommands,
	"setWebhook":          (*Server).setWebhook,
	"deleteWebhook":       (*Server).deleteWebhook,
}

// BotID is the bot's number.
const BotID = 110201543

func (s *Server) me() map[string]any {
	return map[string]any{
		"id": BotID, "is_bot": true, "first_name": "Herald", "username": s.config.Username,
		"can_join_groups": true, "can_read_all_group_messages": s.config.SeesAll, "supports_inline_queries": true,
	}
}

func (s *Server) getMe(*Call) (any, *failure) { return s.me(), nil }

func (s *Server) getChat(call *Call) (any, *failure) {
	c, fail := s.chat(call.Params["chat_id"])
	if fail != nil {
		return nil, fail
	}
	o := c.object()
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	o["accepted_gift_types"] = map[string]any{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}
	if c.Linked != 0 {
		o["linked_chat_id"] = c.Linked
	}
	return o, nil
}

func (s *Server) getChatMember(call *Call) (any, *failure) {
	c := s.lookUp(call.Params["chat_id"])
	if c == nil {
		return nil, badRequest("chat not found")
	}
	if user, _ := integer(call.Params["user_id"]); user != BotID {
		return nil, badRequest("user not found")
	}
	me := s.me()
	for _, only := range []string{"can_join_groups", "can_read_all_group_messages", "supports_inline_queries"} {
		delete(me, only)
	}
	switch status := c.Bot.Status; status {
	case "administrator":
		return map[string]any{
			"status": status, "user": me, "can_be_edited": false, "is_anonymous": false, "can_manage_chat": true,
			"can_delete_messages": c.Bot.Delete, "can_manage_video_chats": false, "can_restrict_members": false,
			"can_promote_members": false, "can_change_info": false, "can_invite_users": false, "can_post_stories": false,
			"can_edit_stories": false, "can_delete_stories": false,
			"can_post_messages": c.Bot.Post, "can_edit_messages": c.Bot.Edit, "can_pin_messages": c.Bot.Pin,
		}, nil
	case "kicked":
		return map[string]any{"status": "kicked", "user": me, "until_date": 0}, nil
	case "left":
		return map[string]any{"status": "left", "user": me}, nil
	case "restricted":
		o := map[string]any{"status": status, "user": me, "is_member": true, "until_date": 0}
		for _, right := range []string{"send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes", "send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "react_to_messages", "edit_tag", "change_info", "invite_users", "pin_messages", "manage_topics"} {
			o["can_"+right] = !c.Bot.Mute
		}
		return o, nil
	}
	return map[string]any{"status": "member", "user": me}, nil
}
