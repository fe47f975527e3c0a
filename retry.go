package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cloudnative.tw/herald/bot/store"
)

func retryCommand(env environment, path *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "retry NUMBER...",
		Short: "Have held, failed, uncertain or skipped messages said after all",
		Long: `Have messages said after all that are held, failed, uncertain or skipped, by
their numbers in "herald log", such as 12 or 12-15. The Herald that speaks picks
that up within seconds; if none runs, the next one does.`,
		Example: "  herald retry 12\n  herald retry 12-15 18",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError(cmd, fmt.Errorf("this takes numbers of herald log, such as 12 or 12-15"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := parseNumbers(args)
			if err != nil {
				return usageError(cmd, err)
			}
			return withLedger(cmd.Context(), env, *path, func(cfg *Config, ledger *store.Store) error {
				if err := ledger.Request(cmd.Context(), env.now(), ids...); err != nil {
					return err
				}
				if asJSON {
					return encodeLines(env.out, []retryJSON{{ids}})
				}
				fmt.Fprintln(env.out, retryAsked.in(env.langOr(cfg.Community.Language), strings.Join(args, " ")))
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// retryJSON is what was asked for, for machines.
type retryJSON struct {
	Asked []int64 `json:"asked"`
}

// maxNumbers bounds how many messages one call asks for.
const maxNumbers = 1000

// parseNumbers reads numbers and ranges of them; # before a number is as herald
// log shows it.
func parseNumbers(args []string) ([]int64, error) {
	var ids []int64
	for _, arg := range args {
		first, last, isRange := strings.Cut(strings.ReplaceAll(arg, "#", ""), "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseInt(first, 10, 64)
		to, err2 := strconv.ParseInt(last, 10, 64)
		if err != nil || err2 != nil || from < 1 || to < from {
			return nil, fmt.Errorf("%q is no number of herald log", arg)
		}
		if to-from >= maxNumbers || len(ids)+int(to-from) >= maxNumbers {
			return nil, fmt.Errorf("at most %d at once", maxNumbers)
		}
		for id := from; id <= to; id++ {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
