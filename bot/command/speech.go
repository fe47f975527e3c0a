package command

import (
	"strconv"
	"time"

	"cloudnative.tw/herald/bot"
)

// speech is every sentence that commands say, in one language. A field that is
// left out is a bug, which a test finds by reflection.
type speech struct {
	// Punctuation, dates and numbers.
	comma, dash, openQuote, closeQuote, pdf string

	list  func(names []string) string
	label func(name string) string
	// date is a day with its year, day one within a year that is clear.
	date, day func(time.Time) string
	month     func(time.Month) string
	pageOf    func(at, of int) string
	counted   func(name string, posts int) string

	// Any command.
	wentWrong, seeHelp, noCommand, quoteMissing string

	unknownCommand, didYouMean func(name string) string
	usage                      func(usage string) string
	usageAndExample            func(usage, example string) string

	// Recaps and years.
	noRecapYet, nothingYet, backToContents string
	computedNote, topTags, writtenBy       string
	articles                               string
	noYear, yearsThere                     func(string) string
	yearOfROC                              func(roc, year int) string
	futureYear, emptyYear, noMeetupsIn     func(year int) string
	computedTitle                          func(community string, year int) string
	yearInNumbers, chapterOf               func(a, b int) string

	// Lists.
	latestPosts, noPosts, noTags, noAuthors, noMeetups, tagsHint string

	latestWithTag, noTag, tagsThere func(string) string
	tagsTitle, authorsTitle         func(n int) string
	postsAndNewest                  func(posts int) string
	meetupsTitle                    func(year, n int) string

	// Search and glossary.
	searchFailed, searchHint, narrowDown string
	noTerms, nearTerms, termHint         string

	nothingFound, searchedAlso, under func(string) string
	searchFor, noTerm, termsHint      func(string) string
	searchedInstead                   func(typed, instead string) string
	found                             func(words string, posts int, more bool) string
	termsTitle                        func(n int) string
	source                            func(host, license string, cut bool) string

	// The draft of a recap.
	draftIntro, draftIntroTodo, draftAuthorsTodo, draftPublish   string
	draftMeetups, draftMeetupsTodo, draftThanks                  string
	draftProjects, draftProjectsTodo, draftMoney, draftMoneyTodo string

	draftTitle        func(community string, year int) string
	draftMeetupsCount func(n int) string
	draftTodo         func(what string) string

	// Donations.
	support, statement func(string) string
	spentIn            func(year int) string

	// The bot itself.
	helpHint, privacyTitle string

	privacy                                      []string
	helpTitle, example, alsoCalled, channelKnown func(string) string
	whatIDo                                      func(posts, terms int) string
	// channelNew suggests a name for a channel and says what to do with the line.
	channelNew func(bot.Platform) (name, sentence string)
}

// speechIn returns the sentences of a language; an unknown one gets the default.
func speechIn(lang bot.Lang) *speech {
	if lang == bot.English {
		return &englishSpeech
	}
	return &chineseSpeech
}

// digits writes a number with its thousands apart, as both languages do.
func digits(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// suggestedName is a name for a channel in config.yaml.
func suggestedName(p bot.Platform) string {
	if p == bot.Console {
		return "here"
	}
	return "news"
}
