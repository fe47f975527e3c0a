//go:build !unix

package feeds_test

// cpu returns 0: processor time is measured on Unix only.
func cpu() int64 { return 0 }
