package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

func TestAnAnnouncementsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{Strange: true})
		samples := sampleMessages(bot.TraditionalChinese)
		article := samples["article"]
		article.Silent = true
		id, err := r.Send(t.Context(), post(topicAt, article))
		if err != nil {
			t.Fatal(err)
		}
		said := r.server.Messages(forumID)[0]
		if !said.Silent || !said.Protect || said.Thread != 42 || len(said.Rings) != 1 || said.Rings[0] != "5555" {
			t.Errorf("said %+v; want it silent, protected, in topic 42, and to ring for 5555 only", said)
		}
		for range 2 { // to edit twice does no harm
			if err := r.Edit(t.Context(), about(bot.Edit, topicAt, id, samples["edit"])); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.server.Messages(forumID)[0].Text; !strings.Contains(got, "已更新 12/26") {
			t.Errorf("after the edit it says %q", got)
		}
		if err := r.Pin(t.Context(), about(bot.Pin, topicAt, id, samples["edit"])); err != nil {
			t.Fatal(err)
		}
		if !r.server.Messages(forumID)[0].Pinned {
			t.Error("it is not pinned")
		}
		for range 2 { // to retract twice does no harm
			if err := r.Retract(t.Context(), about(bot.Retract, topicAt, id, samples["retraction"])); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.server.Messages(forumID); len(got) != 0 {
			t.Errorf("after the retraction there stands %+v", got)
		}
	})
}

func TestRetractionOfAnOldMessageIsAnEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.server.ChangeChat(channelID, func(c *telegramtest.Chat) { c.Bot.Delete = false })
		for _, mode := range []PreviewMode{PreviewAbove, PreviewPhoto} {
			r.SetChannels([]Channel{{Channel: bot.Channel{Address: channelAt}, ChannelConfig: ChannelConfig{Preview: mode}}})
			samples := sampleMessages(bot.English)
			id, err := r.Send(t.Context(), post(channelAt, samples["article"]))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(49 * time.Hour)
			if err := r.Retract(t.Context(), about(bot.Retract, channelAt, id, samples["retraction"])); err != nil {
				t.Fatal(err)
			}
			all := r.server.Messages(channelID)
			if got := all[len(all)-1].Text; got != "This announcement has been withdrawn" {
				t.Errorf("preview %s: there stands %q", mode, got)
			}
		}
	})
}

func TestEditsFollowWhatWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		m := sampleMessages(bot.English)
		set := func(mode PreviewMode) {
			r.SetChannels([]Channel{{Channel: bot.Channel{Address: channelAt}, ChannelConfig: ChannelConfig{Preview: mode}}})
		}
		for _, modes := range [][2]PreviewMode{{PreviewPhoto, PreviewAbove}, {PreviewAbove, PreviewPhoto}} {
			set(modes[0])
			id, err := r.Send(t.Context(), post(channelAt, m["article"]))
			if err != nil {
				t.Fatal(err)
			}
			set(modes[1])
			if err := r.Edit(t.Context(), about(bot.Edit, channelAt, id, m["edit"])); err != nil {
				t.Errorf("sent as %s, edited as %s: %v", modes[0], modes[1], err)
			}
		}
	})
}

func TestABadPictureCostsItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.SetChannels([]Channel{{Channel: bot.Channel{Address: channelAt}, ChannelConfig: ChannelConfig{Preview: PreviewPhoto}}})
		m := bot.Message{Card: bot.Card{Title: "t", Image: "https://x.tw/broken.png"}}
		if _, err := r.Send(t.Context(), post(channelAt, m)); err != nil {
			t.Fatal(err)
		}
		if got := r.server.Messages(channelID); len(got) != 1 || got[0].Photo != "" || got[0].Text != "t" {
			t.Errorf("said %+v; want the text alone", got)
		}
	})
}

// TestRefusals holds each refusal against its class, and has words for it.
func TestRefusals(t *testing.T) {
	group := bot.Address{Platform: bot.Telegram, Chat: "-4001"}
	tests := []struct {
		name   string
		change func(*telegramtest.Server)
		to     bot.Address
		kind   Kind
		class  error
	}{
		{"kicked", func(s *telegramtest.Server) {
			s.ChangeChat(channelID, func(c *telegramtest.Chat) { c.Bot.Status = "kicked" })
		}, channelAt, Kicked, bot.ErrPermanent},
		{"left", func(s *telegramtest.Server) {
			s.ChangeChat(groupID, func(c *telegramtest.Chat) { c.Bot.Status = "left" })
		}, group, Kicked, bot.ErrPermanent},
		{"blocked", func(s *telegramtest.Server) {
			s.ChangeChat(annID, func(c *telegramtest.Chat) { c.Bot.Status = "blocked" })
		}, bot.Address{Platform: bot.Telegram, Chat: "7001"}, Blocked, bot.ErrPermanent},
		{"no administrator", func(s *telegramtest.Server) {
			s.ChangeChat(channelID, func(c *telegramtest.Chat) { c.Bot = telegramtest.Member{} })
		}, channelAt, NoRights, bot.ErrPermanent},
		{"muted", func(s *telegramtest.Server) {
			s.ChangeChat(groupID, func(c *telegramtest.Chat) { c.Bot = telegramtest.Member{Status: "restricted", Mute: true} })
		}, group, NoRights, bot.ErrPermanent},
		{"closed topic", nil, bot.Address{Platform: bot.Telegram, Chat: topicAt.Chat, Thread: "43"}, TopicClosed, bot.ErrPermanent},
		{"no topic", nil, bot.Address{Platform: bot.Telegram, Chat: topicAt.Chat, Thread: "44"}, TopicGone, bot.ErrPermanent},
		{"no chat", nil, bot.Address{Platform: bot.Telegram, Chat: "-1009"}, ChatGone, bot.ErrPermanent},
		{"migrated", func(s *telegramtest.Server) { s.Migrate(groupID, -1009) }, group, Moved, nil},
		{"flood", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.Flood) }, channelAt, Flood, nil},
		{"internal", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.Internal) }, channelAt, Broken, bot.ErrUnknownOutcome},
		{"bad gateway", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.BadGateway) }, channelAt, Broken, bot.ErrUnknownOutcome},
		{"bad gateway after", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.BadGatewayAfter) }, channelAt, Broken, bot.ErrUnknownOutcome},
		{"garbage", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.Garbage) }, channelAt, Broken, bot.ErrUnknownOutcome},
		{"half an answer", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.HalfAnswer) }, channelAt, Broken, bot.ErrUnknownOutcome},
		{"cut after", func(s *telegramtest.Server) { s.Next("sendMessage", telegramtest.CutAfter) }, channelAt, Broken, bot.ErrUnknownOutcome},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, telegramtest.Knobs{})
				if tt.change != nil {
					tt.change(r.server)
				}
				_, err := r.Send(t.Context(), post(tt.to, sampleMessages(bot.English)["article"]))
				if kindIn(err) != tt.kind {
					t.Fatalf("Send = %v; want kind %q", err, tt.kind)
				}
				for _, class := range []error{bot.ErrPermanent, bot.ErrUnknownOutcome} {
					if want := errors.Is(tt.class, class); errors.Is(err, class) != want {
						t.Errorf("%v is %v: %v", err, class, errors.Is(err, class))
					}
				}
				what, hint, ok := Explain(err)
				for _, lang := range bot.Langs() {
					if !ok || what[lang] == "" || hint[lang] == "" {
						t.Errorf("no words in %s for %v", lang, err)
					}
				}
			})
		})
	}
}

func TestMovedGroupsAreFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.server.Migrate(groupID, -1009)
		_, err := r.Send(t.Context(), post(bot.Address{Platform: bot.Telegram, Chat: "-4001"}, sampleMessages(bot.English)["digest"]))
		var moved *bot.MovedError
		if !errors.As(err, &moved) || moved.To.String() != "telegram:-1009" {
			t.Errorf("Send = %v; want it moved to -1009", err)
		}
	})
}

func TestWaitsAreTheChatsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{FloodWait: 43837 * time.Second})
		m := sampleMessages(bot.English)["digest"]
		r.server.Next("sendMessage", telegramtest.Flood)
		var wait *bot.RetryAfterError
		for range 2 { // the second time without a call
			if _, err := r.Send(t.Context(), post(channelAt, m)); !errors.As(err, &wait) || wait.Global || wait.Wait < time.Second {
				t.Fatalf("Send = %v; want a wait for this channel", err)
			}
		}
		if n := len(r.server.Calls("sendMessage")); n != 1 {
			t.Errorf("%d calls; want 1", n)
		}
		if _, err := r.Send(t.Context(), post(topicAt, m)); err != nil {
			t.Errorf("another chat: %v", err)
		}
		time.Sleep(wait.Wait)
		if _, err := r.Send(t.Context(), post(channelAt, m)); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

func TestWithoutConnectionNothingIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		gone := telegramtest.NewPipe()
		gone.Close()
		r.transport.DialContext = gone.Dial
		_, err := r.Send(t.Context(), post(channelAt, sampleMessages(bot.English)["digest"]))
		var wait *bot.RetryAfterError
		if !errors.As(err, &wait) || !wait.Global || errors.Is(err, bot.ErrUnknownOutcome) {
			t.Errorf("Send = %v; want a wait of the whole platform", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r.transport.DialContext = telegramtest.NewPipe().Dial // nobody accepts
		time.Sleep(time.Minute)
		if _, err := r.Send(ctx, post(channelAt, sampleMessages(bot.English)["digest"])); unknownOutcome(err) {
			t.Errorf("Send = %v; want no doubt that nothing was said", err)
		}
	})
}

// unknownOutcome is how an outbox reads an error.
func unknownOutcome(err error) bool {
	return errors.Is(err, bot.ErrUnknownOutcome) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// TestAProxysRefusalIsNotTelegrams has something else than Telegram answer.
func TestAProxysRefusalIsNotTelegrams(t *testing.T) {
	for status, unknown := range map[int]bool{301: false, 403: false, 407: false, 429: false, 200: true, 204: true, 502: true, 504: true} {
		r := newReceiver(&echo{})
		r.api.transport = roundTripper(func(request *http.Request) (*http.Response, error) {
			httptrace.ContextClientTrace(request.Context()).GotConn(httptrace.GotConnInfo{})
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("<html>log in first</html>"))}, nil
		})
		_, err := r.Send(t.Context(), post(channelAt, sampleMessages(bot.English)["digest"]))
		var wait *bot.RetryAfterError
		if unknownOutcome(err) != unknown || errors.As(err, &wait) == unknown || errors.Is(err, bot.ErrPermanent) {
			t.Errorf("status %d: %v; want an unknown outcome: %v", status, err, unknown)
		}
	}
}

func TestAHangingCallIsUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.server.Next("sendMessage", telegramtest.Hang)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if _, err := r.Send(ctx, post(channelAt, sampleMessages(bot.English)["digest"])); !unknownOutcome(err) {
			t.Errorf("Send = %v; want an unknown outcome", err)
		}
	})
}

func TestAWrongTokenLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.api.token = "1:wrong"
		_, err := r.Send(t.Context(), post(channelAt, sampleMessages(bot.English)["digest"]))
		var wait *bot.RetryAfterError
		if kindIn(err) != Unauthorized || !errors.As(err, &wait) || !wait.Global {
			t.Errorf("Send = %v; want the whole platform to wait", err)
		}
	})
}

// TestOverTCP speaks to the fake as the program does.
func TestOverTCP(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(telegramtest.Config{Knobs: &telegramtest.Knobs{}})
	s.AddChat(telegramtest.Chat{ID: channelID, Type: "channel", Bot: telegramtest.Admin()})
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	b, err := New(Options{Token: telegramtest.Token, URL: "http://" + listener.Addr().String() + "/", Memory: newMemory()})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := b.Send(t.Context(), post(channelAt, sampleMessages(bot.TraditionalChinese)["article"])); err != nil || id != "1" {
		t.Errorf("Send = %q, %v", id, err)
	}
	b.Close()
	if err := errors.Join(s.Close(), <-served); err != nil {
		t.Error(err)
	}
}

func TestResolve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		got, err := r.Resolve(t.Context(), bot.Address{Platform: bot.Telegram, Chat: "@cntug_news", Thread: "5"})
		if err != nil || got.String() != "telegram:-1001000000001/5" {
			t.Errorf("Resolve = %v, %v", got, err)
		}
		if _, err := r.Resolve(t.Context(), bot.Address{Platform: bot.Telegram, Chat: "@nobody"}); kindIn(err) != ChatGone {
			t.Errorf("Resolve of nobody = %v", err)
		}
	})
}

// TestTheTokenIsNeverTold has everything fail and looks for the token.
func TestTheTokenIsNeverTold(t *testing.T) {
	secret := bot.Secret(telegramtest.Token)
	printed := fmt.Sprintf("%v %+v %#v %s %q %d %x", secret, secret, secret, secret, secret, secret, secret) + toJSON(t, secret) +
		fmt.Sprintf("%v %+v %#v", Options{Token: secret}, Options{Token: secret}, Options{Token: secret})
	if strings.Contains(printed, telegramtest.Token) || strings.Contains(printed, fmt.Sprintf("%x", telegramtest.Token)) {
		t.Errorf("printed: %s", printed)
	}
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		var told []string
		faults := []telegramtest.Fault{
			telegramtest.BadGateway, telegramtest.CutBefore, telegramtest.CutAfter, telegramtest.Garbage,
			telegramtest.HalfAnswer, telegramtest.Internal, telegramtest.Flood,
		}
		for _, fault := range faults {
			r.server.Next("sendMessage", fault)
			_, err := r.Send(t.Context(), post(channelAt, sampleMessages(bot.English)["digest"]))
			told = append(told, fmt.Sprintf("%v %+v %#v", err, err, err))
			time.Sleep(time.Hour)
		}
		r.transport.DialContext = telegramtest.NewPipe().Dial
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r.transport.CloseIdleConnections()
		_, err := r.Send(ctx, post(channelAt, sampleMessages(bot.English)["digest"]))
		told = append(told, err.Error(), r.Trouble())
		for _, s := range told {
			if strings.Contains(s, telegramtest.Token) || strings.Contains(s, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw") {
				t.Errorf("told: %s", s)
			}
		}
	})
}
