package command

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The years that a member can mean. Three digits are taken for a year of the
// Republic of China, which counts from 1912.
const (
	firstYear  = 1970
	lastYear   = 2100
	yearOfROC1 = 1912
)

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3",
	"四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// readYear reads a year as people write it: 2023, ２０２３, 2023年, 二〇二三.
// The word is folded to plain widths. A year of the Republic of China, 112 or
// 民國112年, is read as roc and not taken for the year it is: "112" may be a
// slip.
func readYear(word string) (year int, roc, ok bool) {
	word, named := strings.CutPrefix(word, "民國")
	word = chineseDigits.Replace(strings.TrimSuffix(word, "年"))
	n, err := strconv.Atoi(word)
	switch {
	case err != nil:
		return 0, false, false
	case n >= 50 && n < 200 && (named || len(word) == 3):
		return n + yearOfROC1 - 1, true, true
	case n >= 1000 && n <= 9999 && len(word) == 4:
		return n, false, true
	}
	return 0, false, false
}

// yearIn returns the first plausible year that stands alone in s, such as that
// of "2023-year-end-recap".
func yearIn(s string) (year int, ok bool) {
	digits := func(r rune) bool { return r < '0' || r > '9' }
	for _, word := range strings.FieldsFunc(s, digits) {
		if n, err := strconv.Atoi(word); err == nil && len(word) == 4 && n >= firstYear && n <= lastYear {
			return n, true
		}
	}
	return 0, false
}

// newest sorts years, the newest first.
func newest(years iter.Seq[int]) []int {
	return slices.SortedFunc(years, func(a, b int) int { return cmp.Compare(b, a) })
}

// thisYear is the year in the community's zone.
func (t *Table) thisYear() int { return t.Now().In(t.zone()).Year() }

func (t *Table) zone() *time.Location {
	if t.Community.Zone == nil {
		return time.UTC
	}
	return t.Community.Zone
}
