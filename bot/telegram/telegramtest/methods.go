package telegramtest

import (
	"context"
	"reflect"
	"strings"
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
	return &failure{429, "Too Many Requests: retry after " + itoa(seconds), map[string]any{"retry_after": seconds}}
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

func (s *Server) send(call *Call) (any, *failure) {
	p := call.Params
	c, fail := s.chat(p["chat_id"])
	if fail != nil {
		return nil, fail
	}
	thread, _ := integer(p["message_thread_id"])
	if fail := c.mayPost(int(thread)); fail != nil {
		return nil, fail
	}
	if reply, ok := p["reply_parameters"].(map[string]any); ok && reply["allow_sending_without_reply"] != true {
		if id, _ := integer(reply["message_id"]); s.message(c.ID, int(id)) == nil {
			return nil, badRequest("message to be replied not found")
		}
	}
	m := &Message{Chat: c.ID, Thread: int(thread), At: time.Now()}
	if photo, ok := p["photo"].(string); ok {
		if strings.Contains(photo, "/broken") { // stands for what Telegram cannot fetch
			return nil, badRequest("failed to get HTTP URL content")
		}
		m.Photo = photo
	}
	if !s.config.Knobs.NoLimits {
		if wait := s.limits.take(time.Now(), c.ID); wait > 0 {
			call.Limited = true
			return nil, tooMany(wait)
		}
	}
	m.Silent, _ = p["disable_notification"].(bool)
	m.Protect, _ = p["protect_content"].(bool)
	if reply, ok := p["reply_parameters"].(map[string]any); ok {
		id, _ := integer(reply["message_id"])
		m.ReplyTo = int(id)
	}
	m.fill(p)
	s.lastID[c.ID]++
	m.ID = s.lastID[c.ID]
	for _, other := range s.messages[c.ID] {
		if other.Text == m.Text {
			m.Times++
		}
	}
	m.Times++
	s.messages[c.ID] = append(s.messages[c.ID], m)
	return s.object(m), nil
}

// fill takes over what a message says from a call's parameters.
func (m *Message) fill(p map[string]any) {
	m.Text, _ = p["text"].(string)
	m.Entities = p["entities"]
	if caption, ok := p["caption"].(string); ok {
		m.Text, m.Entities = caption, p["caption_entities"]
	}
	m.Preview, m.Keyboard = p["link_preview_options"], p["reply_markup"]
	m.Rings = rings(m.Text, m.Entities)
}

func (s *Server) object(m *Message) map[string]any {
	o := map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": s.chats[m.Chat].object()}
	if s.chats[m.Chat].Type == "channel" {
		o["sender_chat"] = s.chats[m.Chat].object()
	} else {
		me := s.me()
		o["from"] = map[string]any{"id": me["id"], "is_bot": true, "first_name": me["first_name"], "username": me["username"]}
	}
	if m.Thread != 0 {
		o["message_thread_id"], o["is_topic_message"] = m.Thread, true
	}
	if m.Photo != "" {
		o["photo"] = []any{map[string]any{"file_id": "x", "file_unique_id": "x", "width": 90, "height": 50}}
		o["caption"] = m.Text
	} else {
		o["text"] = m.Text
	}
	if !m.Edited.IsZero() {
		o["edit_date"] = m.Edited.Unix()
	}
	if m.Keyboard != nil {
		o["reply_markup"] = m.Keyboard
	}
	return o
}

func (s *Server) edit(call *Call) (any, *failure) {
	p := call.Params
	if p["inline_message_id"] != nil {
		return true, nil
	}
	c, fail := s.chat(p["chat_id"])
	if fail != nil {
		return nil, fail
	}
	id, _ := integer(p["message_id"])
	m := s.message(c.ID, int(id))
	_, isCaption := p["caption"]
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case m.Photo != "" && !isCaption:
		return nil, badRequest("there is no text in the message to edit")
	case m.Photo == "" && isCaption:
		return nil, badRequest("there is no caption in the message to edit")
	}
	edited := *m
	edited.fill(p)
	if same(edited, *m) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	if !s.config.Knobs.NoLimits { // edits count as messages do
		if wait := s.limits.take(time.Now(), c.ID); wait > 0 {
			call.Limited = true
			return nil, tooMany(wait)
		}
	}
	edited.Edited = time.Now()
	*m = edited
	return s.object(m), nil
}

func same(a, b Message) bool {
	return a.Text == b.Text && reflect.DeepEqual(a.Entities, b.Entities) &&
		reflect.DeepEqual(a.Keyboard, b.Keyboard) && reflect.DeepEqual(a.Preview, b.Preview)
}
