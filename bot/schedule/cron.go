package schedule

import (
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// cronField is one of the five fields.
type cronField struct {
	name      Sentence
	low, high int
	hint      Sentence
}

var cronFields = [5]cronField{
	{Sentence{"minute", "分"}, 0, 59, Sentence{"0 to 59, such as 0 or */15", "0 到 59，例如 0 或 */15"}},
	{Sentence{"hour", "時"}, 0, 23, Sentence{"0 to 23, such as 9 or 9-17", "0 到 23，例如 9 或 9-17"}},
	{Sentence{"day", "日"}, 1, 31, Sentence{"1 to 31, such as 1,15 or *", "1 到 31，例如 1,15 或 *"}},
	{Sentence{"month", "月"}, 1, 12, Sentence{"1 to 12 or jan to dec, such as 1,7 or *", "1 到 12 或 jan 到 dec，例如 1,7 或 *"}},
	{Sentence{"weekday", "星期"}, 0, 6, Sentence{"0 to 6 or sun to sat, such as 1-5 or *", "0 到 6 或 sun 到 sat，例如 1-5 或 *"}},
}

const (
	cronMarks   = "0123456789*/,-?"
	cronLetters = "abcdefghijklmnopqrstuvwxyz"
	// allOf is how cron marks a field that began with a star.
	allOf = 1 << 63
)

// looksLikeCron reports whether a line without a time of day was meant as cron.
func looksLikeCron(line string) bool {
	fields := strings.Fields(line)
	return strings.HasPrefix(line, "@") || strings.Contains(line, "tz=") || len(fields) == 5 || len(fields) > 1 &&
		strings.Trim(line, cronMarks+" ") == ""
}

// parseCron reads cron's five fields. The parser is given one field at a time,
// so that the wrong one can be named, and only characters that stand in fields:
// it takes a zone and other forms before them, and does not survive all of those.
func parseCron(line string, zone *time.Location) (Schedule, error) {
	fields := strings.Fields(line)
	switch {
	case strings.HasPrefix(line, "@"):
		return Schedule{}, wrong(nickname.with(shown(line)), formsHint)
	case strings.Contains(line, "tz="):
		return Schedule{}, wrong(zoneInCron, zoneHint)
	case len(fields) != len(cronFields):
		return Schedule{}, wrong(fieldCount.with(len(fields)), fieldsHint)
	}
	var sets [5]uint64
	for i, field := range fields {
		var ok bool
		if sets[i], ok = parseCronField(i, field); !ok {
			return Schedule{}, badCronField(i, field)
		}
	}
	dates, weekdays := sets[2]&^allOf, sets[4]&^allOf
	on := days{
		months: set(sets[3] &^ allOf), dates: set(dates), weekdays: set(weekdays),
		// crontab(5): "If both fields are restricted (i.e., do not contain the "*"
		// character), the command will be run when either field matches".
		either: !starred(fields[2]) && !starred(fields[4]),
	}.simplified()
	if !on.possible() {
		return Schedule{}, wrong(impossible.with(shown(line)), anyDateHint)
	}
	return Schedule{zone: zone, times: timesOf(sets[1], sets[0]), days: on, cron: strings.Join(fields, " ")}, nil
}

func starred(field string) bool {
	return strings.HasPrefix(field, "*") || strings.HasPrefix(field, "?")
}

// parseCronField returns the numbers of field i as bits.
func parseCronField(i int, field string) (numbers uint64, ok bool) {
	if strings.Trim(field, cronMarks+cronLetters) != "" {
		return 0, false
	}
	if i == 4 {
		field = sundayIsZero(field)
	}
	whole := [5]string{"*", "*", "*", "*", "*"}
	whole[i] = field
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(strings.Join(whole[:], " "))
	spec, isSpec := parsed.(*cron.SpecSchedule)
	if err != nil || !isSpec {
		return 0, false
	}
	numbers = [5]uint64{spec.Minute, spec.Hour, spec.Dom, spec.Month, spec.Dow}[i]
	return numbers, numbers&^allOf != 0 // the parser takes "," for no number at all
}

// sundayIsZero rewrites the 7 that crontab(5) takes for Sunday too, and the
// parser does not. What cannot be right it leaves for the parser to refuse.
func sundayIsZero(field string) string {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		span, step, stepped := strings.Cut(part, "/")
		switch from, isRange := strings.CutSuffix(span, "-7"); {
		case part == "7":
			parts[i] = "0"
		case isRange && stepped:
			parts[i] = toSunday(part, from, step)
		case isRange:
			parts[i] = toSunday(part, from, "1")
		}
	}
	return strings.Join(parts, ",")
}

// toSunday rewrites a part that goes from a day to 7. Whether its steps come to
// that Sunday has to be counted, as what is rewritten ends on Saturday.
func toSunday(part, from, step string) string {
	day, isName := named(from, englishWeekdays)
	if !isName {
		var err error
		if day, err = strconv.Atoi(from); err != nil {
			return part
		}
	}
	every, err := strconv.Atoi(step)
	switch {
	case err != nil || every < 1 || day > 7:
		return part
	case day == 7:
		return "0"
	case (7-day)%every == 0:
		return from + "-6/" + step + ",0"
	default:
		return from + "-6/" + step
	}
}

func badCronField(i int, field string) error {
	f := cronFields[i]
	what := Sentence{
		EN: Sentence{EN: badField.EN}.with(shown(field), f.name.EN).EN,
		ZH: Sentence{ZH: badField.ZH}.with(shown(field), f.name.ZH).ZH,
	}
	return wrong(what, f.hint)
}

// timesOf returns every minute of every hour, in minutes since midnight.
func timesOf(hours, minutes uint64) []int {
	var times []int
	for minute := range 24 * 60 {
		if hours&(1<<(minute/60)) != 0 && minutes&(1<<(minute%60)) != 0 {
			times = append(times, minute)
		}
	}
	return times
}
