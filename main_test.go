package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run the real program as the command "herald".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"herald": main})
}

// TestScripts runs the program as its users do. Each script starts in an empty
// directory; $REPO is the checkout, whose config.yaml and content ship.
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", repo)
			env.Setenv("HERALD_SHARED", os.Getenv("HERALD_SHARED"))
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "shared" && os.Getenv("HERALD_SHARED") != "", nil
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
