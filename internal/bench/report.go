package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteTable writes the report as a Markdown table.
func (r Report) WriteTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Machine: %s, %d cores, %s memory, %s, %s.\n\n", r.Machine.CPU, r.Machine.Cores, r.Machine.Memory, r.Machine.OS, r.Machine.Go)
	b.WriteString("| What | Measured | Promised | Holds | How |\n|---|---|---|---|---|\n")
	for _, row := range r.Rows {
		promised, holds := "", ""
		switch {
		case row.Unit == "faults":
			promised, holds = "none", yes(row.Holds())
		case row.Bound > 0 && row.AtLeast:
			promised, holds = "at least "+number(row.Bound), yes(row.Holds())
		case row.Bound > 0:
			promised, holds = "under "+number(row.Bound), yes(row.Holds())
		}
		measured := strings.TrimSpace(number(row.Value) + " " + row.Unit)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", row.Name, measured, promised, holds, row.Note)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func yes(holds bool) string {
	if holds {
		return "yes"
	}
	return "**no**"
}

// number keeps three digits that matter.
func number(v float64) string {
	switch {
	case v == float64(int64(v)) || v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}
