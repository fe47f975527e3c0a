package discord

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"cloudnative.tw/herald/bot/discord/discordtest"
)

// TestMemoryIsFlat answers many commands, and looks at what is left of them.
func TestMemoryIsFlat(t *testing.T) {
	count := soak(1_000, 100_000)
	running(t, discordtest.Calm(), &handler{}, nil, func(t *testing.T, w *world) {
		use := func(n int) {
			for i := range n {
				w.fake.Interact(discordtest.Use{Guild: discordtest.Guild, Channel: fmt.Sprint(i), Command: "recap", Options: []discordtest.Option{{Name: "year", Value: i}}})
				if i%100 == 99 {
					time.Sleep(500 * time.Millisecond)
					synctest.Wait()
					if i%1000 == 999 {
						if problems := w.fake.Problems(); len(problems) > 0 {
							t.Fatal(problems)
						}
					}
					w.fake.Forget()
				}
			}
		}
		// How many connections are idle is a matter of chance, and each is four
		// goroutines.
		left := func() (bytes int64, goroutines int) {
			w.transport.CloseIdleConnections()
			synctest.Wait()
			return heap(), runtime.NumGoroutine()
		}
		use(1000) // connections and buffers are made
		before, goroutines := left()
		use(count)
		after, n := left()
		if after-before > 1<<20 {
			t.Errorf("%d commands left %d bytes", count, after-before)
		}
		if n > goroutines {
			t.Errorf("%d goroutines, %d before", n, goroutines)
		}
		if n := len(w.slots); n > 0 {
			t.Errorf("%d commands are still being answered", n)
		}
	})
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
