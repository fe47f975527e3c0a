package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"
)

func recapCommand(env environment, path *string) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "recap YEAR",
		Short: "Write a draft of a year's recap post from the index",
		Args:  one("a year, such as 2024"),
		RunE: func(cmd *cobra.Command, args []string) error {
			year, err := strconv.Atoi(args[0])
			if err != nil {
				return usageError(cmd, fmt.Errorf("%q is not a year", args[0]))
			}
			return withPosts(cmd.Context(), env, *path, func(app *app) error {
				return app.writeRecap(year, output)
			})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the `file` to write; it must not exist (default: print)")
	return cmd
}

// writeRecap writes the draft of a year's recap to a new file, or prints it.
func (a *app) writeRecap(year int, file string) error {
	draft, err := a.commands.RecapDraft(year, a.env.lang())
	if err != nil {
		return fmt.Errorf("drafting the recap of %d: %w", year, err)
	}
	if file == "" {
		_, err := a.env.out.Write(draft)
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return &exitError{exitNo, fmt.Errorf("%s exists already; it is not overwritten", file)}
	}
	if err != nil {
		return fmt.Errorf("writing the draft: %w", err)
	}
	if _, err := f.Write(draft); err != nil {
		f.Close()
		return fmt.Errorf("writing the draft: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing the draft: %w", err)
	}
	fmt.Fprintln(a.env.err, "wrote", file)
	return nil
}
