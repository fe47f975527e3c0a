package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

// TestAQuietWeek has the numbers of updates begin anew after a week, lower than
// before.
func TestAQuietWeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, telegramtest.Knobs{})
		r.runs(t, r.Telegram, Commands{Handler: new(echo)})
		r.server.Say(ann, annID, 0, "/recap 0")
		time.Sleep(time.Minute)
		r.memory.ahead.Store(int64(7 * 24 * time.Hour))
		time.Sleep(2 * time.Minute)
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
		p.take(fmt.Sprint(-i), perSecond)
		<-d.add(t.Context(), update{id: i + 1, chat: i})
	}
	if len(r.members.all) > 3000 || len(r.taken.set) > recentUpdates || len(r.handled.last) > maxHandled || len(p.chats) > 5000 {
		t.Errorf("left: %d members, %d updates, %d chats answered, %d chats paced",
			len(r.members.all), len(r.taken.set), len(r.handled.last), len(p.chats))
	}
	d.stop(time.Minute)
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
