package telegram

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// shelf finds the same for everybody.
type shelf struct {
	found []Found
	err   error
	asked []string
}

func (s *shelf) Find(_ context.Context, words string, lang bot.Lang, limit int) ([]Found, error) {
	s.asked = append(s.asked, fmt.Sprint(words, "|", lang, "|", limit))
	return s.found, s.err
}

func TestInlineMode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		s := &shelf{}
		r.runs(t, r.Telegram, Commands{Handler: new(echo), Finder: s})
		ask := func(words string) map[string]any {
			query := r.server.Ask(ann, words)
			time.Sleep(time.Second)
			return r.server.Answered(query)
		}
		if a := ask(" nothing "); fmt.Sprint(a["results"]) != "[]" || s.asked[0] != "nothing|zh-TW|20" {
			t.Errorf("nothing found: %v, asked %q", a, s.asked)
		}
		s.found = []Found{{Title: "永續", Summary: "摘要", URL: "https://x.tw/1", Image: "https://x.tw/1.png"}, {Title: "永續", URL: "https://x.tw/1"}, {URL: "https://x.tw/2"}, {Title: "no address"}}
		for i, text := range hostile() {
			s.found = append(s.found, Found{Title: text, Summary: text, URL: fmt.Sprint("https://x.tw/h", i), Image: text})
		}
		results := ask("永續")["results"].([]any)
		golden(t, "inline", toJSON(t, results[0]))
		if len(results) != maxResults {
			t.Errorf("%d results; want %d", len(results), maxResults)
		}
		s.err = errors.New("no index")
		if a := ask("x"); a != nil {
			t.Errorf("answered %v without an index", a)
		}
	})
}

// webhookRig has updates delivered to a listener in memory.
func webhookRig(t *testing.T) (*rig, *telegramtest.Pipe, *http.Client) {
	r := newRig(t, telegramtest.Knobs{Strange: true})
	r.server.Close()
	pipe, api := telegramtest.NewPipe(), telegramtest.NewPipe()
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return pipe.Dial(ctx, network, address)
		},
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	client := &http.Client{Transport: transport}
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &telegramtest.Knobs{Strange: true}, Client: client})
	s.AddChat(telegramtest.Chat{ID: annID, Type: "private"})
	r.server = s
	r.transport.DialContext = api.Dial
	served := make(chan error, 1)
	go func() { served <- s.Serve(api) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), <-served); err != nil {
			t.Error(err)
		}
		transport.CloseIdleConnections()
	})
	return r, pipe, client
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, pipe, client := webhookRig(t)
		stop := r.runs(t, r.Telegram, Commands{Handler: new(echo), Webhook: &Webhook{URL: "https://bot.test/hook", Secret: "s3cret", Listener: pipe}})
		for i := range 5 {
			r.server.Say(telegramtest.User{ID: int64(9000 + i)}, annID, 0, fmt.Sprint("/recap ", i))
		}
		time.Sleep(time.Minute)
		if got := strings.Join(r.texts(annID), " "); got != "recap|0 recap|1 recap|2 recap|3 recap|4" || r.server.Waiting() > 0 {
			t.Errorf("said %q, %d updates wait", got, r.server.Waiting())
		}
		for secret, body := range map[string]string{"": `{"update_id":1}`, "wrong": `{"update_id":1}`, "s3cre": `{}`} {
			if status := deliver(t, client, secret, body); status != http.StatusNotFound {
				t.Errorf("with the secret %q: status %d", secret, status)
			}
		}
		if status := deliver(t, client, "s3cret", `{"update_id":5,"message":7}`); status != http.StatusOK {
			t.Errorf("an update that makes no sense: status %d; it would come again", status)
		}
		if status := deliver(t, client, "s3cret", strings.Repeat(" ", maxUpdate+1)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("a long one: status %d", status)
		}
		stop()
		if n := len(r.server.Calls("getUpdates")); n > 0 {
			t.Errorf("%d polls", n)
		}
	})
}

func deliver(t *testing.T, client *http.Client, secret, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://bot.test/hook", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(secretHeader, secret)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// TestAWebhookThatWasSet has a bot poll that was received by webhook before.
func TestAWebhookThatWasSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		if err := r.api.call(t.Context(), "setWebhook", setWebhook{URL: "https://x.tw/", Secret: "x", Connections: 1, Allowed: allowedUpdates}, nil); err != nil {
			t.Fatal(err)
		}
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		r.server.Say(ann, annID, 0, "/recap")
		time.Sleep(time.Minute)
		if got := r.texts(annID); len(got) != 1 {
			t.Errorf("said %q", got)
		}
	})
}

// TestAQuietWeek has the numbers of updates begin anew after a week, lower than
// before.
func TestAQuietWeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		r.server.Say(ann, annID, 0, "/recap 0")
		time.Sleep(7 * 24 * time.Hour)
		r.server.Renumber(500_000_000)
		r.server.Say(ann, annID, 0, "/recap 1")
		time.Sleep(time.Minute)
		if got := strings.Join(r.texts(annID), " "); got != "recap|0 recap|1" {
			t.Errorf("said %q", got)
		}
	})
}

// TestMemoryStaysFlat answers many commands of many members and looks at what is
// left in memory.
func TestMemoryStaysFlat(t *testing.T) {
	r := newReceiver(&echo{})
	r.taken = newRecent(recentUpdates)
	p := newPace(time.Now)
	now := time.Now()
	p.now = func() time.Time { return now }
	d := newDispatcher(func(context.Context, update) {})
	for i := range int64(100_000) {
		now = now.Add(50 * time.Millisecond)
		r.members.ask(now, i)
		r.taken.add(i)
		r.handled.note(i, i)
		p.take(fmt.Sprint(-i))
		<-d.add(t.Context(), update{id: i + 1, chat: i})
	}
	if len(r.members.all) > 3000 || len(r.taken.set) > recentUpdates || len(r.handled.last) > maxHandled || len(p.chats) > 5000 {
		t.Errorf("left: %d members, %d updates, %d chats answered, %d chats paced",
			len(r.members.all), len(r.taken.set), len(r.handled.last), len(p.chats))
	}
	d.stop()
	if len(d.queues)+len(d.done)+len(d.open) > 0 {
		t.Errorf("left: %d queues, %d done, %d open", len(d.queues), len(d.done), len(d.open))
	}
}

// BenchmarkCommands answers commands that come in at 200 a second from 2,000
// chats for 50 simulated seconds. Reported is our own time: from an update's
// arrival to the call that answers it, without Telegram's and without the waits
// that the pace asks for. Real time is measured.
func BenchmarkCommands(b *testing.B) {
	for b.Loop() {
		var took []time.Duration
		r := newReceiver(&echo{})
		sent := make(chan time.Time, 1)
		r.api.transport = roundTripper(func(*http.Request) (*http.Response, error) {
			sent <- time.Now()
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"message_id":1}}`))}, nil
		})
		for i := range 10_000 {
			raw := fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":1,"date":%d,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"x","language_code":"en"},"text":"/recap 2023"}}`, i+1, i*2, i%2000+1, i%2000+1)
			r.pace = newPace(time.Now) // the waits are not our own time
			start := time.Now()
			u, err := readUpdate(raw)
			if err != nil {
				b.Fatal(err)
			}
			r.handle(context.Background(), u)
			took = append(took, (<-sent).Sub(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "heap-MiB")
}
