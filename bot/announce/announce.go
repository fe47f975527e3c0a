// Package announce decides what is news, where it is said, in which words and
// under which key, and records that together with what it now knows, in one
// transaction. Package outbox says it.
package announce
