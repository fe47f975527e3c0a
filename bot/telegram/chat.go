package telegram

import "context"

// chatInfo is the part of a chat that is looked at
// (https://core.telegram.org/bots/api#chatfullinfo).
type chatInfo struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
	IsForum  bool   `json:"is_forum"`
	// Linked is the discussion group of a channel, or the channel of one.
	Linked int64 `json:"linked_chat_id"`
}

// chat asks for a chat by number or "@name".
func (t *Telegram) chat(ctx context.Context, id string) (chatInfo, error) {
	var info chatInfo
	err := t.observe(t.api.call(ctx, "getChat", struct {
		ChatID chatID `json:"chat_id"`
	}{chatID(id)}, &info))
	return info, err
}

// me is the bot itself (https://core.telegram.org/bots/api#getme).
type me struct {
	ID       int64  `json:"id"`
	Name     string `json:"first_name"`
	Username string `json:"username"`
	// SeesAll is whether privacy mode is off.
	SeesAll bool `json:"can_read_all_group_messages"`
	Joins   bool `json:"can_join_groups"`
	Inline  bool `json:"supports_inline_queries"`
}

func (t *Telegram) me(ctx context.Context) (me, error) {
	var m me
	err := t.observe(t.api.call(ctx, "getMe", nil, &m))
	return m, err
}
