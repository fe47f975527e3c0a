package command

import (
	"fmt"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
)

var englishSpeech = speech{
	comma: ", ", dash: ": ", openQuote: "“", closeQuote: "”", pdf: " (PDF)",
	list:    func(names []string) string { return strings.Join(names, ", ") },
	label:   func(name string) string { return name + ": " },
	date:    func(t time.Time) string { return t.Format("2 Jan 2006") },
	day:     func(t time.Time) string { return t.Format("Mon 2 Jan") },
	month:   time.Month.String,
	pageOf:  func(at, of int) string { return fmt.Sprintf("Page %d of %d", at, of) },
	counted: func(name string, posts int) string { return name + " (" + several(posts, "post") + ")" },

	wentWrong:       "Something went wrong on my side. Please try again later.",
	seeHelp:         "Type /help to see all commands.",
	quoteMissing:    "The post that is quoted here cannot be found right now.",
	noCommand:       "A slash needs the name of a command after it.",
	unknownCommand:  func(name string) string { return "There is no command “" + name + "”." },
	didYouMean:      func(name string) string { return "Did you mean “" + name + "”?" },
	usage:           func(usage string) string { return "How to use it: " + usage },
	usageAndExample: func(usage, example string) string { return "How to use it: " + usage + "\nFor example: " + example },

	noRecapYet:     "Nobody has written a recap yet.",
	nothingYet:     "There are no posts and no meetups of this year yet.",
	backToContents: "‹ Contents",
	computedNote:   "No recap was written for this year; the bot put this together from the index of posts",
	topTags:        "Most used tags: ",
	writtenBy:      "Written by: ",
	articles:       "Articles",
	noYear:         func(word string) string { return "“" + word + "” does not look like a year." },
	yearsThere:     func(years string) string { return "Years to choose from: " + years },
	yearOfROC: func(roc, year int) string {
		return fmt.Sprintf("Years count from the Common Era here. ROC year %d is %d. Is that the one you mean?", roc, year)
	},
	futureYear:    func(year int) string { return fmt.Sprintf("The year %d is still to come.", year) },
	emptyYear:     func(year int) string { return fmt.Sprintf("There are no posts and no meetups of %d.", year) },
	noMeetupsIn:   func(year int) string { return fmt.Sprintf("There are no meetups of %d.", year) },
	computedTitle: func(community string, year int) string { return fmt.Sprintf("%s in %d", community, year) },
	yearInNumbers: func(meetups, articles int) string {
		switch {
		case articles == 0:
			return several(meetups, "meetup")
		case meetups == 0:
			return several(articles, "article")
		}
		return several(meetups, "meetup") + ", " + several(articles, "article")
	},
	chapterOf: func(n, of int) string { return fmt.Sprintf("Section %d of %d", n, of) },

	latestPosts:    "Latest posts",
	noPosts:        "There are no posts yet.",
	noTags:         "No post has a tag yet.",
	noAuthors:      "No post names an author yet.",
	noMeetups:      "There are no meetups yet.",
	tagsHint:       "Type /latest and a tag to see its posts",
	latestWithTag:  func(tag string) string { return "Latest posts tagged “" + tag + "”" },
	noTag:          func(tag string) string { return "No post is tagged “" + tag + "”." },
	tagsThere:      func(tags string) string { return "Tags that are used often: " + tags },
	tagsTitle:      func(n int) string { return several(n, "tag") },
	authorsTitle:   func(n int) string { return several(n, "author") },
	postsAndNewest: func(posts int) string { return ", " + several(posts, "post") + ", newest: " },
	meetupsTitle:   func(year, n int) string { return several(n, "meetup") + fmt.Sprintf(" in %d", year) },

	searchFailed: "Search is not available right now. Please try again later.",
	searchHint:   "Try a shorter word or another one, or have a look at /tags and /latest.",
	narrowDown:   "add a word to narrow this down",
	noTerms:      "There is no glossary yet.",
	nearTerms:    "Is it one of these?",
	termHint:     "Type /glossary to see every term.",
	nothingFound: func(words string) string { return "No post was found for “" + words + "”." },
	searchedAlso: func(words string) string { return "Also searched: " + words },
	under:        func(heading string) string { return "In the section “" + heading + "”" },
	searchFor:    func(words string) string { return "Search “" + words + "”" },
	noTerm:       func(term string) string { return "“" + term + "” is not in the glossary." },
	termsHint:    func(example string) string { return "To see what one means, type for example " + example },
	searchedInstead: func(typed, instead string) string {
		return "Nothing for “" + typed + "”; these are for “" + instead + "”"
	},
	found: func(words string, posts int, more bool) string {
		if more {
			return "“" + words + "”: " + several(posts, "post") + ", and more"
		}
		return "“" + words + "”: " + several(posts, "post")
	},
	termsTitle: func(n int) string { return "Glossary: " + several(n, "term") },
	source: func(host, license string, cut bool) string {
		s := "Source: " + host + " · " + license
		if cut {
			s += " (shortened)"
		}
		return s
	},

	draftIntro:        "Introduction",
	draftIntroTodo:    "the community's year in two or three sentences",
	draftAuthorsTodo:  "to be written: who writes this post",
	draftPublish:      "take this line out when the post is ready",
	draftMeetups:      "Meetups",
	draftMeetupsCount: func(n int) string { return "We held " + several(n, "meetup") + " this year." },
	draftMeetupsTodo:  "one or two meetups that stood out, their speakers and the mood",
	draftThanks:       "Thanks to our authors",
	draftProjects:     "Projects and partners",
	draftProjectsTodo: "projects, partners and conferences of the year",
	draftMoney:        "Finances",
	draftMoneyTodo:    "what the money went to, with a link to the statement as PDF",
	draftTitle:        func(community string, year int) string { return fmt.Sprintf("%s: %d in review", community, year) },
	draftTodo:         func(what string) string { return "(To be written: " + what + ")" },

	support:   func(community string) string { return "Support " + community },
	statement: func(year string) string { return year + " statement" },
	spentIn:   func(year int) string { return fmt.Sprintf("What donations paid for in %d (recap)", year) },

	helpHint:     "Type /help and the name of a command, such as /help search, for more about it",
	privacyTitle: "Privacy",
	privacy: []string{
		"I read the commands you give me. I store neither them nor anything else you write, and no log holds it.",
		"I do not keep who you are: no name and no ID of any member.",
		"What I keep is an index of public posts, and what I said in the channels I was set up for, and when.",
		"When a command fails, its name and the place of the fault are logged so that it can be mended.",
	},
	helpTitle:    func(community string) string { return "Commands of " + community },
	example:      func(line string) string { return "For example: " + line },
	alsoCalled:   func(names string) string { return "Also understood: " + names },
	channelKnown: func(name string) string { return "In config.yaml this channel is called “" + name + "”:" },
	whatIDo: func(posts, terms int) string {
		s := "I answer from " + several(posts, "article and meetup page", "articles and meetup pages")
		if terms > 0 {
			s += " and " + several(terms, "glossary term")
		}
		return s + ". Type /help to see what I can do."
	},
	channelNew: func(p bot.Platform) (name, sentence string) {
		return suggestedName(p), "To make announcements here, add this line below channels in config.yaml (call it what you like):"
	},
}

// several is a number of things. The plural of one takes an s unless it is
// given.
func several(n int, one string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + one
	case len(many) > 0:
		return digits(n) + " " + many[0]
	}
	return digits(n) + " " + one + "s"
}
