package telegram

import (
	"encoding/json"
	"strconv"

	"cloudnative.tw/herald/bot"
)

// Content is one message as Telegram takes it. Render and RenderReply make it.
type Content struct {
	// Text is the message's text, or a photo's caption, with its Entities.
	Text     string
	Entities []Entity
	// Photo is the address of the picture that is sent with Text below it; ""
	// for a message of text.
	Photo string
	// Preview is what stands with a message of text.
	Preview Preview
	// Keyboard is nil for none.
	Keyboard *Keyboard
	// kept are the commands that do not fit their buttons, by the data that
	// stands for them.
	kept map[string]string
}

// Preview says what Telegram shows of a page or picture beside a text
// (https://core.telegram.org/bots/api#linkpreviewoptions).
type Preview struct {
	Disabled    bool   `json:"is_disabled,omitzero"`
	URL         string `json:"url,omitzero"`
	PreferLarge bool   `json:"prefer_large_media,omitzero"`
	AboveText   bool   `json:"show_above_text,omitzero"`
}

// Call is one call of the Bot API, ready to be encoded as JSON.
type Call struct {
	Method string `json:"method"`
	Params any    `json:"params"`
}

// Delivery says where and how a Content is sent.
type Delivery struct {
	To bot.Address
	// Silent asks for no sound, Protect forbids forwarding and saving.
	Silent, Protect bool
	// ReplyTo is the message that is answered; 0 for none.
	ReplyTo int
}

// chatID is encoded as a number where it is one, and as "@name" otherwise.
type chatID string

func (id chatID) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseInt(string(id), 10, 64); err == nil {
		return json.Marshal(n)
	}
	return json.Marshal(string(id))
}

// target is the part of a call that says where and how.
type target struct {
	ChatID  chatID           `json:"chat_id"`
	Thread  int              `json:"message_thread_id,omitzero"`
	Silent  bool             `json:"disable_notification,omitzero"`
	Protect bool             `json:"protect_content,omitzero"`
	Reply   *replyParameters `json:"reply_parameters,omitzero"`
}

type replyParameters struct {
	MessageID int `json:"message_id"`
	// AllowWithout has the message sent even if the other one is gone.
	AllowWithout bool `json:"allow_sending_without_reply"`
}

// generalTopic is the topic that every forum has. Telegram refuses messages
// that name it (https://core.telegram.org/api/forum#forum-topics).
const generalTopic = 1

func (d Delivery) target() target {
	t := target{ChatID: chatID(d.To.Chat), Silent: d.Silent, Protect: d.Protect}
	if thread, err := strconv.Atoi(d.To.Thread); err == nil && thread != generalTopic {
		t.Thread = thread
	}
	if d.ReplyTo != 0 {
		t.Reply = &replyParameters{MessageID: d.ReplyTo, AllowWithout: true}
	}
	return t
}

type sendMessage struct {
	target
	Text     string    `json:"text"`
	Entities []Entity  `json:"entities,omitzero"`
	Preview  Preview   `json:"link_preview_options"`
	Keyboard *Keyboard `json:"reply_markup,omitzero"`
}

type sendPhoto struct {
	target
	Photo    string    `json:"photo"`
	Caption  string    `json:"caption,omitzero"`
	Entities []Entity  `json:"caption_entities,omitzero"`
	Keyboard *Keyboard `json:"reply_markup,omitzero"`
}

// Send returns the call that says c.
func (c Content) Send(d Delivery) Call {
	if c.Photo != "" {
		return Call{"sendPhoto", sendPhoto{d.target(), c.Photo, c.Text, c.Entities, c.Keyboard}}
	}
	return Call{"sendMessage", sendMessage{d.target(), c.Text, c.Entities, c.Preview, c.Keyboard}}
}

// message names a message that was sent: in a chat, or by inline mode.
type message struct {
	ChatID   chatID `json:"chat_id,omitzero"`
	ID       int    `json:"message_id,omitzero"`
	InlineID string `json:"inline_message_id,omitzero"`
}

type editMessageText struct {
	message
	Text     string    `json:"text"`
	Entities []Entity  `json:"entities,omitzero"`
	Preview  Preview   `json:"link_preview_options"`
	Keyboard *Keyboard `json:"reply_markup,omitzero"`
}

type editMessageCaption struct {
	message
	Caption  string    `json:"caption,omitzero"`
	Entities []Entity  `json:"caption_entities,omitzero"`
	Keyboard *Keyboard `json:"reply_markup,omitzero"`
}

// Edit returns the call that replaces message id of a chat by c. A message of
// text cannot become a photo, nor a photo text.
func (c Content) Edit(chat string, id int) Call {
	return c.edit(message{ChatID: chatID(chat), ID: id})
}

func (c Content) edit(m message) Call {
	if c.Photo != "" {
		return c.editCaption(m)
	}
	return Call{"editMessageText", editMessageText{m, c.Text, c.Entities, c.Preview, c.Keyboard}}
}

func (c Content) editCaption(m message) Call {
	return Call{"editMessageCaption", editMessageCaption{m, c.Text, c.Entities, c.Keyboard}}
}
