package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

const (
	// deferAfter is when a handler that has not answered gets more time: Discord
	// wants a first response within 3 seconds
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages).
	deferAfter = 1500 * time.Millisecond
	// completeWithin bounds completion, which cannot be deferred.
	completeWithin = 2 * time.Second
	// handleWithin is how long a handler may take in all. Discord would wait 15
	// minutes, a member does not.
	handleWithin = time.Minute
	// respondWithin bounds the sending of an answer.
	respondWithin = 15 * time.Second
	// respondTries is how often an answer is sent when Discord does not take it.
	// To send one twice does no harm: the second is refused.
	respondTries = 4
	// maxAnswering is how many commands are answered at once.
	maxAnswering = 512
	// maxChoices and maxChoice are from
	// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure.
	maxChoices = 25
	maxChoice  = 100
)

// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	respondMessage  = 4
	respondLater    = 5
	updateLater     = 6
	respondUpdate   = 7
	respondComplete = 8
)

type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// answer answers what a member did.
func (d *Discord) answer(ctx context.Context, i interaction) {
	cmd, ok := d.command(i)
	if !ok {
		return
	}
	var err error
	if i.Kind == kindComplete {
		err = d.complete(ctx, i, cmd)
	} else {
		err = d.reply(ctx, i, cmd)
	}
	if err != nil {
		d.log.Warn("discord: a command was not answered", "command", d.specs[cmd.Name].Name, "error", err)
	}
}

// reply runs the handler and sends what it says.
func (d *Discord) reply(ctx context.Context, i interaction, cmd bot.Command) error {
	replies := make(chan bot.Reply, 1)
	handling, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	if d.served(i) {
		go func() { replies <- d.handle(handling, cmd) }()
	} else {
		replies <- d.sorry(notHere, cmd)
	}
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	answer := answering{Discord: d, interaction: i, cmd: cmd}
	select {
	case reply := <-replies:
		return answer.first(ctx, reply)
	case <-timer.C:
	}
	if err := answer.later(ctx); err != nil {
		return err
	}
	select {
	case reply := <-replies:
		return answer.finish(ctx, reply)
	case <-handling.Done():
		return answer.finish(ctx, d.sorry(tookLong, cmd))
	}
}

// handle calls the handler. A panic costs this answer only; what the member
// typed is not logged.
func (d *Discord) handle(ctx context.Context, cmd bot.Command) (reply bot.Reply) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("discord: a command panicked", "command", d.specs[cmd.Name].Name, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			reply = d.sorry(wentWrong, cmd)
		}
	}()
	return d.config.Handler.Handle(ctx, cmd)
}

func (d *Discord) sorry(words bot.Texts, cmd bot.Command) bot.Reply {
	return bot.Reply{Card: bot.Card{Body: bot.Plain(words.In(d.langOf(cmd)))}, Private: true, Failed: true}
}

// answering is an answer on its way.
type answering struct {
	*Discord
	interaction interaction
	cmd         bot.Command
	// private is whether the answer was promised to be for the member alone.
	private bool
}

// inPlace reports whether the answer takes the place of the message whose button
// was pressed: only where nobody else sees it.
func (a *answering) inPlace() bool {
	return a.cmd.Pressed && a.interaction.Message.Flags&int(discordgo.MessageFlagsEphemeral) != 0
}

func (a *answering) payload(reply bot.Reply) Payload {
	look := Look{Lang: a.langOf(a.cmd), Accent: a.config.Accent}
	payload, _ := look.Reply(reply)
	return payload
}

// first sends an answer that was ready in time.
func (a *answering) first(ctx context.Context, reply bot.Reply) error {
	payload := a.payload(reply)
	kind := respondMessage
	if a.inPlace() {
		kind = respondUpdate
		payload.Flags &^= discordgo.MessageFlagsEphemeral
	}
	return a.respond(ctx, response{Type: kind, Data: payload})
}

// later promises an answer.
func (a *answering) later(ctx context.Context) error {
	if a.inPlace() {
		a.private = true
		return a.respond(ctx, response{Type: updateLater})
	}
	a.private = a.cmd.Pressed || a.specs[a.cmd.Name].Private
	var flags discordgo.MessageFlags
	if a.private {
		flags = discordgo.MessageFlagsEphemeral
	}
	return a.respond(ctx, response{Type: respondLater, Data: map[string]any{"flags": flags}})
}

// finish keeps the promise. A promise to everybody cannot become an answer for
// one member: then it is taken back, and the answer follows on its own.
func (a *answering) finish(ctx context.Context, reply bot.Reply) error {
	payload := a.payload(reply)
	hook := []string{a.interaction.App, a.interaction.Token}
	if reply.Private && !a.private {
		withdrawal := a.send(ctx, request{doing: "taking back the promise of an answer", method: http.MethodDelete, path: "/webhooks/%s/%s/messages/@original", args: hook})
		return errors.Join(withdrawal, a.send(ctx, request{
			doing: "answering a command", method: http.MethodPost, path: "/webhooks/%s/%s", args: hook, body: payload, creates: true,
		}))
	}
	payload.Flags &= discordgo.MessageFlagsSuppressEmbeds // the rest stands since the promise
	return a.send(ctx, request{doing: "answering a command", method: http.MethodPatch, path: "/webhooks/%s/%s/messages/@original", args: hook, body: payload})
}

func (a *answering) respond(ctx context.Context, r response) error {
	return a.send(ctx, request{
		doing: "answering a command", method: http.MethodPost, path: "/interactions/%s/%s/callback",
		args: []string{a.interaction.ID, a.interaction.Token}, body: r,
	})
}

// send sends a part of an answer, also while the bot is stopping. What it does
// is the same if done twice, but for what creates.
func (a *answering) send(ctx context.Context, r request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), respondWithin)
	defer cancel()
	r.free = true
	var err error
	for try := range respondTries {
		err = a.rest.call(ctx, r)
		var wait *bot.RetryAfterError
		switch {
		case err == nil, code(err) == codeAcknowledged && try > 0:
			return nil
		case errors.Is(err, bot.ErrPermanent), r.creates && errors.Is(err, bot.ErrUnknownOutcome):
			return err
		case errors.As(err, &wait):
			if wait.Wait > deferAfter || sleep(ctx, wait.Wait) != nil {
				return err
			}
		case sleep(ctx, 100*time.Millisecond<<try) != nil:
			return err
		}
	}
	return err
}
