package telegram

import (
	"context"
	"strings"

	tele "gopkg.in/telebot.v3"

	"cloudnative.tw/herald/bot"
)

// Finder finds what members may put into any chat by typing "@bot words" there.
// Its errors must not repeat the words, because they are logged.
type Finder interface {
	// Find returns at most limit posts and terms, best first; for no words, the
	// newest.
	Find(ctx context.Context, words string, lang bot.Lang, limit int) ([]Found, error)
}

// Found is a post or term. Title and URL are needed.
type Found struct {
	Title, Summary string
	// URL and Image are absolute http(s) addresses; Image may be empty.
	URL, Image string
}

const (
	// maxResults is how many are offered: members do not scroll further.
	// Telegram's limit is 50 (https://core.telegram.org/bots/api#answerinlinequery).
	maxResults = 20
	// resultsFor is how many seconds Telegram may keep the results.
	resultsFor = 60
	// resultTitle and resultSummary are how much of them an offer shows.
	resultTitle, resultSummary = 200, 200
)

type answerInlineQuery struct {
	ID       string          `json:"inline_query_id"`
	Results  []articleResult `json:"results"`
	Cache    int             `json:"cache_time"`
	Personal bool            `json:"is_personal"`
}

// articleResult is an InlineQueryResultArticle
// (https://core.telegram.org/bots/api#inlinequeryresultarticle).
type articleResult struct {
	Type      string      `json:"type"`
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Content   textContent `json:"input_message_content"`
	URL       string      `json:"url,omitzero"`
	Summary   string      `json:"description,omitzero"`
	Thumbnail string      `json:"thumbnail_url,omitzero"`
}

type textContent struct {
	Text     string   `json:"message_text"`
	Entities []Entity `json:"entities,omitzero"`
	Preview  Preview  `json:"link_preview_options"`
}

// asked answers an inline query. It is not remembered: to answer twice does no
// harm.
func (r *receiver) asked(ctx context.Context, q *tele.Query) bool {
	if r.Finder == nil || q.Sender == nil {
		return false
	}
	lang := r.lang(q.Sender.LanguageCode, bot.Channel{})
	found, err := r.Finder.Find(ctx, strings.TrimSpace(q.Text), lang, maxResults)
	if err != nil {
		r.log.Warn("an inline query was not answered", "err", err)
		return false
	}
	answer := answerInlineQuery{ID: q.ID, Results: inlineResults(found), Cache: resultsFor, Personal: true}
	err = r.observe(r.api.call(ctx, "answerInlineQuery", answer, nil))
	if err != nil && kindIn(err) != QueryTooOld {
		r.log.Warn("an inline query was not answered", "err", err)
	}
	return false
}

func inlineResults(found []Found) []articleResult {
	results := []articleResult{} // [] rather than null
	seen := make(map[string]bool)
	for _, f := range found {
		address, ok := webAddress(f.URL)
		title := strings.TrimSpace(clean(f.Title))
		if !ok || title == "" || seen[address] || len(results) == maxResults {
			continue
		}
		seen[address] = true
		content, _ := Render(bot.Message{Card: bot.Card{
			Title: f.Title, URL: address, Image: f.Image, Body: bot.Plain(f.Summary),
		}}, ChannelConfig{})
		result := articleResult{
			Type: "article", ID: shortID(address), Title: beginningOf(title, resultTitle), URL: address,
			Summary: beginningOf(strings.TrimSpace(clean(f.Summary)), resultSummary),
			Content: textContent{content.Text, content.Entities, content.Preview},
		}
		result.Thumbnail, _ = webAddress(f.Image)
		results = append(results, result)
	}
	return results
}

func beginningOf(s string, limit int) string {
	head, rest := bot.Plain(s).Cut(limit, units)
	if len(rest) == 0 {
		return s
	}
	return head.String() + "…"
}
