// Package telegram is the platform Telegram, through its Bot API.
package telegram
