package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

// classify is what the outbox would make of an error.
func classify(err error) string {
	var wait *bot.RetryAfterError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &wait):
		return "later"
	case errors.Is(err, bot.ErrPermanent):
		return "permanent"
	case errors.Is(err, bot.ErrUnknownOutcome), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "unknown"
	}
	return "later"
}

func pauseFor(err error) {
	var wait *bot.RetryAfterError
	if errors.As(err, &wait) {
		time.Sleep(wait.Wait)
		return
	}
	time.Sleep(time.Second)
}

func TestSendEditRetract(t *testing.T) {
	for _, kind := range []int{discordtest.Text, discordtest.Announcement, discordtest.Forum, discordtest.Media, discordtest.PublicThread} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
				channel := w.fake.Add(discordtest.Channel{Kind: kind})
				act := post(channel, "a")
				id, err := w.Send(w.ctx, act)
				if err != nil {
					t.Fatal(err)
				}
				act.MessageID = id
				room := channel
				if kind == discordtest.Forum || kind == discordtest.Media {
					room = id
				}
				messages := w.fake.Messages(room)
				if len(messages) != 1 || messages[0].ID != id || messages[0].Content != "**Title of a**\n<https://cloudnative.tw/a>" {
					t.Fatalf("said %+v", messages)
				}
				act.Kind, act.Message.Title = bot.Edit, "Other title"
				for range 2 { // to edit twice does no harm
					if err := w.Edit(w.ctx, act); err != nil {
						t.Fatal(err)
					}
				}
				if got := w.fake.Messages(room)[0].Content; !strings.HasPrefix(got, "**Other title**") {
					t.Errorf("edited to %q", got)
				}
				act.Kind, act.Message = bot.Retract, retraction(bot.English)
				for range 2 {
					if err := w.Retract(w.ctx, act); err != nil {
						t.Fatal(err)
					}
				}
				// Without Manage Threads a thread of a forum cannot go.
				left := w.fake.Messages(room)
				if room == channel && len(left) != 0 || room != channel && (len(left) != 1 || left[0].Content != "**This announcement has been withdrawn**") {
					t.Errorf("left is %+v", left)
				}
				w.fake.Change(room, func(c *discordtest.Channel) {
					if room != channel && c.Name != "This announcement has been withdrawn" {
						t.Errorf("the thread is called %q", c.Name)
					}
				})
			})
		})
	}
}

func TestForumThreadIsTaggedNamedAndRenamed(t *testing.T) {
	forum := fakeID(1)
	config := func(c *Config) {
		c.Channels = []Channel{{
			Channel: bot.Channel{Name: "forum", Address: bot.Address{Platform: bot.Discord, Chat: forum}, Lang: bot.English},
			Options: Options{Tags: map[string]string{"cfp": "徵稿", OtherTag: "News"}},
		}}
	}
	inWorld(t, discordtest.Calm(), config, func(t *testing.T, w *world) {
		w.fake.Add(discordtest.Channel{ID: forum, Kind: discordtest.Forum, NeedsTag: true, Tags: []discordtest.Tag{{ID: "1", Name: "徵稿"}, {ID: "2", Name: "news"}, {ID: "3", Name: "mods", Moderated: true}}})
		for subject, tags := range map[string][]string{"a": {"CFP", "unknown"}, "b": nil, "c": {"mods", "cfp"}} {
			act := post(forum, subject)
			act.Message.Tags = tags
			if _, err := w.Send(w.ctx, act); err != nil {
				t.Fatal(err)
			}
		}
		applied := make(map[string]string)
		for _, id := range w.fake.Threads(forum) {
			w.fake.Change(id, func(c *discordtest.Channel) { applied[c.Name] = strings.Join(c.Applied, ",") })
		}
		if want := map[string]string{"Title of a": "1", "Title of b": "2", "Title of c": "1"}; fmt.Sprint(applied) != fmt.Sprint(want) {
			t.Errorf("tags %v, want %v", applied, want)
		}
		// The moderators rename a tag; the cache does not know yet.
		w.fake.Change(forum, func(c *discordtest.Channel) { c.Tags[0] = discordtest.Tag{ID: "9", Name: "徵稿"} })
		act := post(forum, "d")
		act.Message.Tags = []string{"cfp"}
		id, err := w.Send(w.ctx, act)
		if err != nil {
			t.Fatal(err)
		}
		act.MessageID, act.Message.Title = id, "Renamed"
		w.fake.Change(id, func(c *discordtest.Channel) { c.Archived = true })
		if err := w.Edit(w.ctx, act); err != nil {
			t.Fatal(err)
		}
		w.fake.Change(id, func(c *discordtest.Channel) {
			if c.Name != "Renamed" || strings.Join(c.Applied, ",") != "9" {
				t.Errorf("thread %+v", c)
			}
		})
	})
}

func TestOnlyTheConfiguredMentionRings(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		w.fake.SetPermissions(discordtest.Guild, discordtest.Enough|discordtest.MentionEveryone)
		act := post(channel, "a")
		act.Message.Title = "@everyone <@&1> <@2> @here"
		act.Message.Body = bot.Text{{Kind: bot.Mention, Text: "3"}, {Text: "<@&1> @everyone"}}
		act.Message.Mentions = []string{"5"}
		if _, err := w.Send(w.ctx, act); err != nil {
			t.Fatal(err)
		}
		if got := w.fake.Messages(channel)[0].Pings; !slices.Equal(got, []string{"5"}) {
			t.Errorf("notified %v", got)
		}
	})
}

func TestRefusals(t *testing.T) {
	text := discordtest.Channel{Kind: discordtest.Text}
	tests := []struct {
		name    string
		prepare func(w *world) string
		want    string
		says    string
	}{
		{"unknown channel", func(*world) string { return fakeID(1) }, "permanent", "does not exist any more"},
		{"no access", func(w *world) string {
			c := text
			c.Deny = discordtest.ViewChannel
			return w.fake.Add(c)
		}, "permanent", "View Channel"},
		{"no permission", func(w *world) string {
			c := text
			c.Deny = discordtest.SendMessages
			return w.fake.Add(c)
		}, "permanent", "Send Messages"},
		{"a category", func(w *world) string { return w.fake.Add(discordtest.Channel{Kind: discordtest.Category}) }, "permanent", "choose another"},
		{"locked thread", func(w *world) string {
			return w.fake.Add(discordtest.Channel{Kind: discordtest.PublicThread, Locked: true, Archived: true})
		}, "permanent", "unlock it"},
		{"automod", func(w *world) string {
			c := text
			c.Automod = "Title"
			return w.fake.Add(c)
		}, "permanent", "AutoMod"},
		{"forum that demands a tag", func(w *world) string {
			return w.fake.Add(discordtest.Channel{Kind: discordtest.Forum, NeedsTag: true})
		}, "permanent", "add other to tags"},
		{"slow mode", func(w *world) string {
			c := text
			c.Slowmode = time.Hour
			id := w.fake.Add(c)
			if _, err := w.Send(w.ctx, post(id, "before")); err != nil {
				t.Error(err)
			}
			return id
		}, "later", "slow mode"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
				id, err := w.Send(w.ctx, post(tt.prepare(w), "a"))
				if got := classify(err); id != "" || got != tt.want || err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("said as %q: %s: %v", id, got, err)
				}
				var refused *Error
				if !errors.As(err, &refused) || refused.Hint().In(bot.TraditionalChinese) == "" {
					t.Errorf("no hint for moderators in %v", err)
				}
			})
		})
	}
}

func TestAMessageThatHasHadItsEdits(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		act := post(w.fake.Add(discordtest.Channel{}), "a")
		var err error
		if act.MessageID, err = w.Send(w.ctx, act); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		for i := range 6 {
			err := w.Edit(w.ctx, act)
			if want := map[bool]string{true: "done", false: "permanent"}[i < 5]; classify(err) != want {
				t.Errorf("edit %d: %v", i+1, err)
			}
		}
		begin := time.Now()
		if _, err := w.Send(w.ctx, post(act.Address.Chat, "b")); err != nil || time.Since(begin) > time.Second {
			t.Errorf("the channel waited %s: %v", time.Since(begin), err)
		}
	})
}

func TestSayingNothingIsRefused(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		act := post(w.fake.Add(discordtest.Channel{}), "a")
		act.Message = bot.Message{Card: bot.Card{Title: " \u200b\x00"}}
		if _, err := w.Send(w.ctx, act); !errors.Is(err, bot.ErrPermanent) {
			t.Error(err)
		}
	})
}

func TestFollowUps(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		news := w.fake.Add(discordtest.Channel{Kind: discordtest.Announcement})
		act := post(news, "a")
		id, err := w.Send(w.ctx, act)
		if err != nil {
			t.Fatal(err)
		}
		act.MessageID = id
		for name, follow := range map[string]func(context.Context, bot.Act) error{"publish": w.Publish, "pin": w.Pin, "thread": w.Thread} {
			for range 2 { // twice does no harm
				if err := follow(w.ctx, act); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if m := w.fake.Messages(news)[0]; !m.Published || !m.Pinned || m.Thread == "" {
			t.Errorf("%+v", m)
		}
		text := post(w.fake.Add(discordtest.Channel{}), "b")
		text.MessageID, err = w.Send(w.ctx, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Publish(w.ctx, text); classify(err) != "permanent" || !strings.Contains(err.Error(), "announcement channels") {
			t.Error(err)
		}
	})
}

func TestPublishingHasABudgetOfItsOwn(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		news := w.fake.Add(discordtest.Channel{Kind: discordtest.Announcement})
		begin := time.Now()
		for i := range 25 {
			act := post(news, fmt.Sprint(i))
			var err error
			if act.MessageID, err = w.deliver(act); err != nil {
				t.Fatal(err)
			}
			for err = w.Publish(w.ctx, act); err != nil; err = w.Publish(w.ctx, act) {
				if classify(err) != "later" {
					t.Fatal(err)
				}
				pauseFor(err)
			}
		}
		if took := time.Since(begin); took < 2*time.Hour || took > 2*time.Hour+time.Minute {
			t.Errorf("25 messages were published in %s", took)
		}
		if n := w.fake.Limited(); n > 0 {
			t.Errorf("%d requests were beyond a limit", n)
		}
	})
}

func TestATokenThatIsRefusedStopsAsking(t *testing.T) {
	inWorld(t, discordtest.Calm(), func(c *Config) { c.Token = "wrong" }, func(t *testing.T, w *world) {
		for range 100 {
			_, err := w.Send(w.ctx, post("1", "a"))
			var wait *bot.RetryAfterError
			if !errors.As(err, &wait) || !wait.Global || !strings.Contains(err.Error(), "DISCORD_TOKEN") {
				t.Fatal(err)
			}
		}
		if n := len(w.fake.Requests()); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestAPictureOrButtonThatDiscordRefusesCostsItself(t *testing.T) {
	for _, kind := range []int{discordtest.Text, discordtest.Forum} {
		inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
			channel := w.fake.Add(discordtest.Channel{Kind: kind})
			act := post(channel, "a")
			act.Message.Image = "https://localhost/a.png"
			act.Message.Buttons = []bot.Button{{Label: "x", URL: "https://localhost/"}, {Label: "y", URL: "https://cloudnative.tw/"}}
			id, err := w.Send(w.ctx, act)
			if err != nil {
				t.Fatal(err)
			}
			room := channel
			if kind == discordtest.Forum {
				room = id
			}
			m := w.fake.Messages(room)[0]
			if len(m.Embeds) != 1 || m.Embeds[0]["image"] != nil || m.Embeds[0]["description"] != "What it says." ||
				len(m.Components) != 1 || strings.Contains(fmt.Sprint(m.Components), "localhost") || !strings.Contains(fmt.Sprint(m.Components), "cloudnative") {
				t.Errorf("said %+v", m)
			}
			act.MessageID = id
			if err := w.Edit(w.ctx, act); err != nil {
				t.Error(err)
			}
			act.Message.Body = nil
			act.Subject = "only a picture"
			if _, err := w.Send(w.ctx, act); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAThreadIsCalledLikeItsMessage(t *testing.T) {
	inWorld(t, discordtest.Calm(), nil, func(t *testing.T, w *world) {
		channel := w.fake.Add(discordtest.Channel{})
		act := post(channel, "a")
		act.Message.Title, act.Message.Mentions = "[Workshop] *x*", []string{"5"}
		id, err := w.Send(w.ctx, act)
		if err != nil {
			t.Fatal(err)
		}
		follow := bot.Act{Kind: bot.Thread, Key: act.Key, MessageID: id} // the message is not in the act
		if err := w.Thread(w.ctx, follow); err != nil {
			t.Fatal(err)
		}
		w.fake.Change(id, func(c *discordtest.Channel) {
			if c.Name != "[Workshop] *x*" {
				t.Errorf("the thread is called %q", c.Name)
			}
		})
	})
}
