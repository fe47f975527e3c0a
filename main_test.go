package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets tests run the real program as the command "herald".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"herald": main})
}
