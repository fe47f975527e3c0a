package discord

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/discord/discordtest"
)

func BenchmarkRenderArticle(b *testing.B) {
	m := article(bot.TraditionalChinese)
	for b.Loop() {
		Look{Lang: bot.TraditionalChinese}.Render(m)
	}
}

func BenchmarkRenderHostile(b *testing.B) {
	long := bot.Plain(strings.Repeat("*這* 是一句 <@1> 話 👩‍👩‍👧‍👦。", 5000))
	m := bot.Message{Card: bot.Card{Title: "t", URL: "https://e.org", Body: long, Footer: long.String()}}
	for range 25 {
		m.Fields = append(m.Fields, bot.Field{Name: "n", Text: long})
	}
	for b.Loop() {
		Look{Lang: bot.TraditionalChinese}.Render(m)
	}
}

// BenchmarkCommands has members type commands at 200 a second and reports how
// long the answers took over loopback, the fake's own time included. Run it with -benchtime 10000x.
func BenchmarkCommands(b *testing.B) {
	fake := discordtest.New(nil)
	fake.Set(discordtest.Calm())
	address, err := fake.Listen()
	if err != nil {
		b.Fatal(err)
	}
	defer fake.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	d, err := New(Config{
		Token: discordtest.Token, APIURL: address, Transport: transport, Handler: &handler{}, Commands: specs,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	for fake.Ready() < 1 {
		time.Sleep(time.Millisecond)
	}
	b.ResetTimer()
	ticker := time.NewTicker(time.Second / 200)
	defer ticker.Stop()
	var asked []*discordtest.Interaction
	for range b.N {
		<-ticker.C
		asked = append(asked, fake.Interact(discordtest.Use{Guild: discordtest.Guild, Channel: "5", Command: "recap", Options: []discordtest.Option{{Name: "year", Value: 2023}}}))
	}
	var took []time.Duration
	for _, i := range asked {
		if err := i.Wait(ctx); err != nil {
			b.Fatal(err)
		}
		took = append(took, fake.Answer(i).After)
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}
