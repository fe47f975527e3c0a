// Package discord is Herald's voice on Discord: an outbox.Sender that says,
// edits, retracts, publishes, pins and opens threads, and the caller of a
// bot.Handler for slash commands and buttons.
//
// github.com/bwmarrin/discordgo gives the types and carries the requests. What
// must be right is Herald's own: pace (limiter.go), what an error means
// (errors.go), and the gateway's connection (gateway.go), because that library
// by itself repeats requests whose outcome it does not know, sleeps through
// cancellation, and identifies without end when the gateway is in trouble.
//
// Rendering (Look) is pure: what a message looks like can be asked without a
// token, and is held by goldens.
package discord
