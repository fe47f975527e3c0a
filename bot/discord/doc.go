// Package discord is Herald's voice on Discord: an outbox.Sender that says,
// edits, retracts, publishes, pins and opens threads, and the caller of a
// bot.Handler for slash commands and buttons.
//
// github.com/bwmarrin/discordgo gives the types and carries the requests. What
// must be right is Herald's own: pace (limiter.go, bucket.go), what an error
// means (errors.go), whether something was said (confirm.go, doubt.go), and the
// connection to the gateway (gateway.go, shard.go, conn.go, identify.go). That
// library by itself repeats requests whose outcome it does not know, sleeps
// through cancellation, and begins sessions without end when the gateway is in
// trouble.
//
// Rendering (Look) is pure: what a message looks like can be asked without a
// token, and is held by goldens.
package discord
