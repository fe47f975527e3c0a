package fetch

// What the tests outside the package look at.
var (
	CheckAddress = checkAddress
	Freshness    = freshness
	RetryAfter   = retryAfter
	Scrub        = scrub
)
