package main

import (
	"fmt"
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
