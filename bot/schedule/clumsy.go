package schedule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// clumsyTime is a time of day as people write it elsewhere: 9, 9am, 9:30 pm, 0900,
// 9點, 上午 9:00, 下午三點半.
var clumsyTime = regexp.MustCompile(`^(上午|早上|凌晨|中午|下午|晚上)? ?` +
	`(?:([0-9]{1,2})|([0-9]{2})([0-9]{2})|[一二三四五六七八九十兩]{1,3}(?:點|時))` +
	`(?:[:點時]([0-9]{2}|半)?分?|)(?:鐘|整)? ?([ap]\.?m\.?)?$`)

// unclearTime says what is wrong with a line that ends with a time of day in
// another form than ours, behind days that are right; nil if it does not.
func unclearTime(line string) error {
	for at := range line {
		if at > 0 && isDigit(line[at-1]) && isDigit(line[at]) {
			continue // in the middle of a number
		}
		when, said := strings.TrimSuffix(strings.TrimRight(line[:at], " ,"), " at"), strings.TrimLeft(line[at:], " ")
		m := clumsyTime.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		if when != "" {
			if _, err := parseDays(when); err != nil {
				continue
			}
		}
		right, ok := clockTime(m)
		switch {
		case !ok:
			return wrong(notTime.with(shown(said)), timeHint)
		case when == "":
			return wrong(notTime.with(shown(said)), dailyHint.with(right))
		}
		return wrong(notTime.with(shown(said)), writeHint.with(shown(when)+" "+right))
	}
	return nil
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// clockTime returns what clumsyTime found as a time of a 24-hour clock, if that is
// certain.
func clockTime(found []string) (text string, ok bool) {
	part, half := found[1], found[6]
	hour, err := strconv.Atoi(found[2] + found[3])
	if err != nil {
		return "", false // in words
	}
	minutes := found[4] + found[5]
	if minutes == "半" {
		minutes = "30"
	}
	minute, _ := strconv.Atoi(minutes) // "" is 0
	late := part == "下午" || part == "晚上" || strings.HasPrefix(half, "p")
	early := part == "上午" || part == "早上" || part == "凌晨" || strings.HasPrefix(half, "a")
	switch {
	case (early || late) && hour == 12, early && hour > 12:
		return "", false
	case late && hour < 12:
		hour += 12
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), hour < 24 && minute < 60
}
