package main

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// secretShapes are what tokens and passwords look like, with the environment
// variable that each belongs in.
var secretShapes = []struct {
	pattern  *regexp.Regexp
	variable string
	// anyURL tells that it is any address with a password, which is that of a
	// repository only if its line says so.
	anyURL bool
}{
	// https://core.telegram.org/bots/api#authorizing-your-bot
	{regexp.MustCompile(`[0-9]{8,12}:[A-Za-z0-9_-]{30,}`), "TELEGRAM_TOKEN", false},
	// https://discord.com/developers/docs/reference#authentication
	{regexp.MustCompile(`[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{25,}`), "DISCORD_TOKEN", false},
	{regexp.MustCompile(`/api/webhooks/[^\s"']+`), "DISCORD_TOKEN", false},
	// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
	{regexp.MustCompile(`(?:gh[opsu]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}`), "GIT_TOKEN", false},
	{regexp.MustCompile(`postgres(?:ql)?://[^\s/@:"']*:[^\s/@"']+@`), "DATABASE_URL", false},
	{regexp.MustCompile(`://[^\s/@:"']*:[^\s/@"']+@`), "GIT_TOKEN", true},
}

// secretKeys are names that somebody might write a secret under, with the
// environment variables that it may belong in.
var secretKeys = map[string]string{
	"token": "DISCORD_TOKEN, TELEGRAM_TOKEN", "bot_token": "DISCORD_TOKEN, TELEGRAM_TOKEN",
	"password": "DATABASE_URL, GIT_TOKEN", "secret": "DISCORD_TOKEN, TELEGRAM_TOKEN",
	"discord_token": "DISCORD_TOKEN", "telegram_token": "TELEGRAM_TOKEN",
	"database_url": "DATABASE_URL", "git_token": "GIT_TOKEN", "git_ssh_key": "GIT_SSH_KEY",
}

// findSecrets reports each line that holds what looks like a secret, comments
// included: a config is read by more people than may know one.
func findSecrets(source string) []Diagnostic {
	var found []Diagnostic
	for i, line := range strings.Split(source, "\n") {
		for _, shape := range secretShapes {
			if at := shape.pattern.FindStringIndex(line); at != nil {
				column := utf8.RuneCountInString(line[:at[0]]) + 1
				hint := secretHint.with(shape.variable)
				if shape.anyURL && !strings.Contains(line, "git") {
					hint = secretOpenHint.with()
				}
				found = append(found, Diagnostic{Line: i + 1, Column: column, What: secretFound.with(), Hint: hint})
				break
			}
		}
	}
	return found
}
