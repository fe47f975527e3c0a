package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes of the program.
const (
	exitGood  = 0
	exitNo    = 1 // the answer is "no", or the work failed
	exitUsage = 2 // the call or the config is wrong
)

// exitError ends the program with a code. Without Err the reason has been said.
type exitError struct {
	code int
	err  error
}

// Error returns the reason.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the reason.
func (e *exitError) Unwrap() error { return e.err }

// failed returns an error that ends the program with exitNo and that was said
// already.
func failed() error { return &exitError{code: exitNo} }

// execute carries out the command line and returns the exit code.
func execute(ctx context.Context, env environment) int {
	root := newRoot(env) //nolint:contextcheck // cobra hands each command its own
	err := root.ExecuteContext(ctx)
	var exit *exitError
	switch {
	case err == nil:
		return exitGood
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitGood // stopped because it was asked to
	case errors.As(err, &exit):
		if exit.err != nil {
			complain(env.err, exit.err)
		}
		return exit.code
	}
	complain(env.err, err)
	return exitNo
}

func complain(w io.Writer, err error) { fmt.Fprintf(w, "herald: %v\n", err) }

// newRoot returns the table of subcommands.
func newRoot(env environment) *cobra.Command {
	var path string
	root := &cobra.Command{
		Use:   "herald",
		Short: "Herald gives a community one voice",
		Long: `Herald gives a community one voice: it answers chat commands from the
community's own posts and announces new ones.

Without a subcommand it runs. Without any token it speaks on the console.`,
		SilenceErrors: true,
		// As far apart as a suggestion may be from what was typed, in letters.
		SuggestionsMinimumDistance: 2,

		SilenceUsage:      true,
		DisableAutoGenTag: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetArgs(env.args)
	root.SetIn(env.in)
	root.SetOut(env.out)
	root.SetErr(env.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError(cmd, err) })
	root.PersistentFlags().StringVar(&path, "config", configPath(env),
		"the configuration `file` (also HERALD_CONFIG)")

	run := runCommand(env, &path)
	root.RunE, root.Args = run.RunE, noArgs
	root.AddCommand(run,
		askCommand(env, &path),
		postsCommand(env, &path),
		checkCommand(env, &path),
		planCommand(env, &path),
		testCommand(env, &path),
		onceCommand(env, &path),
		logCommand(env, &path),
		whyCommand(env, &path),
		retryCommand(env, &path),
		recapCommand(env, &path),
		healthCommand(env, &path),
		versionCommand(env))
	return root
}

func configPath(env environment) string {
	if path := env.getenv("HERALD_CONFIG"); path != "" {
		return path
	}
	return "config.yaml"
}

// usageError tells that a call is wrong, and where to read how it is right.
func usageError(cmd *cobra.Command, err error) error {
	return &exitError{exitUsage, fmt.Errorf("%w\nTry '%s --help'", err, cmd.CommandPath())}
}

// noArgs is cobra.NoArgs with our exit code and cobra's suggestions.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("there is no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		err = fmt.Errorf("%w; did you mean %q?", err, near[0])
	}
	return usageError(cmd, err)
}

// one returns a check for one argument, called what in the error.
func one(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return usageError(cmd, fmt.Errorf("this takes %s", what))
	}
}

// load reads the config and says what is wrong with it; on any mistake it
// returns an error that ends the program.
func load(env environment, path string) (*Config, error) {
	cfg, found := env.config(path)
	for _, d := range found {
		if !d.Note {
			fmt.Fprintln(env.err, d.In(env.lang()))
		}
	}
	if cfg == nil {
		return nil, &exitError{code: exitUsage}
	}
	return cfg, nil
}
