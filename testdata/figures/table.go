package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// figure is one line of the table.
type figure struct {
	what  string
	value float64
	unit  string
	// most is what it may be; 0 where nothing was promised.
	most float64
}

type table struct{ figures []figure }

func (t *table) add(what string, value float64, unit string, most float64) {
	t.figures = append(t.figures, figure{what, value, unit, most})
}

func (t *table) print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "WHAT\tIS\tMAY BE\t")
	for _, f := range t.figures {
		limit, verdict := "", ""
		if f.most > 0 {
			limit = fmt.Sprintf("%g %s", f.most, f.unit)
		}
		if f.most > 0 && f.value > f.most {
			verdict = "missed"
		}
		fmt.Fprintf(tw, "%s\t%.3g %s\t%s\t%s\n", f.what, f.value, f.unit, limit, verdict)
	}
	return tw.Flush()
}
