package discordtest

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// The kinds of interactions
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type).
const (
	commandInteraction   = 2
	buttonInteraction    = 3
	completeInteraction  = 4
	answeredWithMessage  = 4
	deferredMessage      = 5
	deferredUpdate       = 6
	updatedMessage       = 7
	completed            = 8
	ephemeral            = 1 << 6
	firstResponseWithin  = 3 * time.Second
	interactionLife      = 15 * time.Minute
	unknownInteraction   = 10062
	alreadyAcknowledged  = 40060
	unknownWebhook       = 10015
	invalidWebhookToken  = 50027
	interactionTokenSize = 40
)

// Interaction is something that a member did, and what the bot answered.
type Interaction struct {
	ID, Token string
	at        time.Time
	// done is closed when there is an answer that is not only a promise of one.
	done     chan struct{}
	answered bool

	// First is the type of the first response, After how long it took.
	First int
	After time.Duration
	// Message is the answer as it stands, nil if it was deleted.
	Message map[string]any
	// FollowUps are further messages.
	FollowUps []map[string]any
	// Choices are what completion offered.
	Choices []map[string]any
}

// Use is what a member does. Guild "" is a private chat.
type Use struct {
	Guild, Channel string
	// Locale is the member's language; "en-US" if empty.
	Locale string
	// Command is the name of a command, Options its options in the order in
	// which the member gave them. Focused is the option being typed, for which
	// completion is asked.
	Command string
	Options []Option
	Focused string
	// Button is the custom id of a button that is pressed, on a message with
	// these flags.
	Button       string
	MessageFlags int
}

// Option is an option of a command and its value.
type Option struct {
	Name  string
	Value any
}

// Interact has a member do something, and returns at once.
func (f *Fake) Interact(use Use) *Interaction {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := &Interaction{ID: f.id(), at: time.Now(), done: make(chan struct{})}
	i.Token = "interaction-token-" + i.ID
	f.interactions[i.Token] = i
	f.dispatch("INTERACTION_CREATE", f.interactionJSON(i, use), use.Guild)
	return i
}

func (f *Fake) interactionJSON(i *Interaction, use Use) map[string]any {
	locale := use.Locale
	if locale == "" {
		locale = "en-US"
	}
	user := map[string]any{"id": "800000000000000001", "username": "member", "discriminator": "0"}
	object := map[string]any{
		"id": i.ID, "application_id": BotID, "token": i.Token, "version": 1, "locale": locale, "channel_id": use.Channel,
		"app_permissions": "0", "entitlements": []any{}, "authorizing_integration_owners": map[string]any{}, "attachment_size_limit": 1,
		"channel": map[string]any{"id": use.Channel, "type": 0},
	}
	if use.Guild != "" {
		object["guild_id"], object["guild_locale"], object["context"] = use.Guild, "en-US", 0
		object["member"] = map[string]any{"user": user, "roles": []any{}, "permissions": "0"}
	} else {
		object["user"], object["context"] = user, 1
	}
	switch {
	case use.Button != "":
		object["type"] = buttonInteraction
		object["data"] = map[string]any{"custom_id": use.Button, "component_type": 2, "id": 2}
		object["message"] = map[string]any{
			"id": f.id(), "channel_id": use.Channel, "flags": use.MessageFlags, "content": "", "type": 0,
			"components": []any{map[string]any{"type": 99}}, // as a newer Discord may send
		}
		return object
	case use.Focused != "":
		object["type"] = completeInteraction
	default:
		object["type"] = commandInteraction
	}
	options := []any{}
	for _, o := range use.Options {
		option := map[string]any{"name": o.Name, "type": 3, "value": o.Value}
		if _, isString := o.Value.(string); !isString {
			option["type"] = 4
		}
		if o.Name == use.Focused {
			option["focused"] = true
		}
		options = append(options, option)
	}
	object["data"] = map[string]any{"id": "600000000000000000", "name": use.Command, "type": 1, "options": options}
	return object
}

// Wait waits for the answer.
func (i *Interaction) Wait(ctx context.Context) error {
	select {
	case <-i.done:
		return nil
	case <-ctx.Done():
		return errors.New("no answer: " + ctx.Err().Error())
	}
}

func (i *Interaction) finish() {
	if !i.answered {
		i.answered = true
		close(i.done)
	}
}

func (f *Fake) respond(c *call) answer {
	i := f.interactions[c.vars["interaction_token"]]
	switch {
	case i == nil || i.ID != c.vars["interaction_id"] || i.First == 0 && time.Since(i.at) > firstResponseWithin:
		return refuse(404, unknownInteraction, "Unknown interaction")
	case i.First != 0:
		return refuse(400, alreadyAcknowledged, "Interaction has already been acknowledged.")
	}
	kind, _ := c.object["type"].(float64)
	i.First, i.After = int(kind), time.Since(i.at)
	i.Message, _ = c.object["data"].(map[string]any)
	switch i.First {
	case deferredUpdate: // the message that was pressed is there to be changed
		i.Message = map[string]any{}
	case answeredWithMessage, updatedMessage:
		i.finish()
	case completed:
		list, _ := i.Message["choices"].([]any)
		for _, choice := range list {
			object, _ := choice.(map[string]any)
			i.Choices = append(i.Choices, object)
		}
		i.finish()
	}
	return answer{status: 204}
}

// hook returns the interaction whose token a call has, if it was answered and
// has not ended.
func (f *Fake) hook(c *call) (*Interaction, answer) {
	i := f.interactions[c.vars["webhook_token"]]
	switch {
	case i == nil || i.First == 0:
		return nil, refuse(404, unknownWebhook, "Unknown Webhook")
	case time.Since(i.at) > interactionLife:
		return nil, refuse(401, invalidWebhookToken, "Invalid Webhook Token")
	}
	return i, answer{}
}

func (f *Fake) editResponse(c *call) answer {
	i, refused := f.hook(c)
	if i == nil {
		return refused
	}
	if i.Message == nil && i.First != deferredMessage {
		return unknownMessage
	}
	flags := i.Message["flags"]
	i.Message = c.object
	i.Message["flags"] = flags // an edit cannot make a message private
	i.finish()
	return answer{status: 200, body: map[string]any{"id": f.id(), "content": text(c.object["content"]), "components": []any{}}}
}

func (f *Fake) deleteResponse(c *call) answer {
	i, refused := f.hook(c)
	if i == nil {
		return refused
	}
	i.Message = nil
	return answer{status: 204}
}

func (f *Fake) followUp(c *call) answer {
	i, refused := f.hook(c)
	if i == nil {
		return refused
	}
	i.FollowUps = append(i.FollowUps, c.object)
	i.finish()
	return answer{status: 200, body: map[string]any{"id": f.id(), "content": text(c.object["content"]), "components": []any{}}}
}

// Answer returns the interaction as it stands.
func (f *Fake) Answer(i *Interaction) Interaction {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *i
}

// Private reports whether the answer is for the member alone.
func (i Interaction) Private() bool {
	message := i.Message
	if len(i.FollowUps) > 0 {
		message = i.FollowUps[0]
	}
	flags, _ := message["flags"].(float64)
	return int(flags)&ephemeral != 0
}

func jsonBytes(source []byte) any {
	var value any
	_ = json.Unmarshal(source, &value)
	return value
}
