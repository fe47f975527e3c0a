package discord

import "cloudnative.tw/herald/bot/outbox"

// What the outbox finds by assertion.
var (
	_ outbox.Sender    = (*Discord)(nil)
	_ outbox.Editor    = (*Discord)(nil)
	_ outbox.Retractor = (*Discord)(nil)
	_ outbox.Confirmer = (*Discord)(nil)
)
