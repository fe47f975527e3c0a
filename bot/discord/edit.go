package discord

import (
	"context"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"cloudnative.tw/herald/bot"
)

// room returns the channel that a message stands in: what was said in a forum
// stands in the thread of the same number.
func (d *Discord) room(ctx context.Context, act bot.Act) (where place, channel string, err error) {
	id := target(act.Address)
	where, err = d.place(ctx, id)
	if err != nil {
		return where, "", err
	}
	if where.forum() {
		return where, act.MessageID, nil
	}
	return where, id, nil
}

// Edit replaces a message in place, and the name of its thread in a forum. It
// notifies nobody anew.
func (d *Discord) Edit(ctx context.Context, act bot.Act) error {
	where, channel, err := d.room(ctx, act)
	if err != nil {
		return err
	}
	payload := d.draw(act)
	if payload.empty() {
		return fmt.Errorf("editing message %s: %w", act.MessageID, errNothingToSay)
	}
	payload.Flags &= discordgo.MessageFlagsSuppressEmbeds // nothing else can be changed
	if err := d.replace(ctx, channel, act.MessageID, payload); err != nil {
		return err
	}
	if where.forum() {
		d.rename(ctx, act)
	}
	return nil
}

// replace edits a message, without what Discord refuses of it, and takes its
// thread out of the archive for that.
func (d *Discord) replace(ctx context.Context, channel, message string, payload Payload) error {
	opened := false
	for {
		err := d.rest.call(ctx, request{
			doing: "editing message " + message, method: "PATCH", path: "/channels/%s/messages/%s", args: []string{channel, message}, body: payload,
		})
		if code(err) == codeArchived && !opened {
			opened = true
			if unarchiveErr := d.unarchive(ctx, channel); unarchiveErr != nil {
				return unarchiveErr
			}
			continue
		}
		lesser, ok := degrade(payload, err)
		if !ok {
			return err
		}
		payload = lesser
	}
}

func (d *Discord) unarchive(ctx context.Context, thread string) error {
	return d.rest.call(ctx, request{
		doing: "opening archived thread " + thread, method: "PATCH", path: "/channels/%s", args: []string{thread},
		body: map[string]bool{"archived": false},
	})
}

// rename gives a forum's thread the title that its message has now. That it
// fails costs the name only.
func (d *Discord) rename(ctx context.Context, act bot.Act) {
	thread, err := d.askPlace(ctx, act.MessageID)
	name := ThreadName(act.Message)
	if err == nil && thread.Name != name {
		err = d.rest.call(ctx, request{
			doing: "renaming thread " + act.MessageID, method: "PATCH", path: "/channels/%s", args: []string{act.MessageID},
			body: map[string]string{"name": name},
		})
	}
	if err != nil {
		d.log.Warn("a thread keeps its old name", "error", err)
	}
}

// Retract deletes a message. A forum's thread goes as a whole where the bot may
// do that; where it may not, the message and the thread's name are replaced by
// what the act says.
func (d *Discord) Retract(ctx context.Context, act bot.Act) error {
	where, channel, err := d.room(ctx, act)
	if err != nil {
		return notThere(err)
	}
	if where.forum() {
		err := d.rest.call(ctx, request{
			doing: "deleting thread " + channel, method: "DELETE", path: "/channels/%s", args: []string{channel},
		})
		if code(err) != codeMissingPermissions {
			return notThere(err)
		}
		if payload := d.draw(act); !payload.empty() {
			payload.Flags &= discordgo.MessageFlagsSuppressEmbeds
			if err := d.replace(ctx, channel, act.MessageID, payload); err != nil {
				return notThere(err)
			}
			d.rename(ctx, act)
			return nil
		}
	}
	return notThere(d.remove(ctx, channel, act.MessageID))
}

func (d *Discord) remove(ctx context.Context, channel, message string) error {
	r := request{
		doing: "deleting message " + message, method: "DELETE", path: "/channels/%s/messages/%s", args: []string{channel, message},
	}
	err := d.rest.call(ctx, r)
	if code(err) != codeArchived {
		return err
	}
	if err := d.unarchive(ctx, channel); err != nil {
		return err
	}
	return d.rest.call(ctx, r)
}

// notThere takes it for done that what was to go is gone.
func notThere(err error) error {
	switch code(err) {
	case codeUnknownMessage, codeUnknownChannel:
		return nil
	}
	return err
}
