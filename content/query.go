package content

// Query is what a member looks for.
type Query struct {
	// Text is as typed, at most a few hundred characters of it are used.
	Text string
	// Sources, if any, are the only ones to look in (Post.Source).
	Sources []string
	// Limit is how many hits to return at most, Offset how many to pass over.
	Limit, Offset int
}

// Result is what was found.
type Result struct {
	// Hits are the best first.
	Hits []Hit
	// Total is how many posts were found in all: as many as offsets reach.
	Total int
	// More is whether there are others, which are not found because there are so
	// many.
	More bool
	// Also are the synonyms that were searched too.
	Also []string
	// Instead is the query that was searched in place of the one typed, because
	// that one found nothing and looked like a slip; "" otherwise.
	Instead string
}

// Hit is one post that was found.
type Hit struct {
	Post *Post
	// Section is the heading under which the best match stands and its anchor;
	// empty when it stands before the first heading, or in the title only.
	Heading, Anchor string
	// Snippet is the text around the best match, of about the asked width.
	Snippet []Fragment
}

// Fragment is a piece of a snippet.
type Fragment struct {
	Text string
	// Match is whether the piece is what was looked for.
	Match bool
}
