//go:build !unix

package feedstest

// CPU returns 0: processor time is measured on Unix only.
func CPU() int64 { return 0 }
