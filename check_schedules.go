package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/schedule"
)

// nextTimes is how many times of a schedule check reads back.
const nextTimes = 3

// readBack is what a schedule means, so that a moderator sees whether that is
// what was meant.
type readBack struct {
	announcement string
	schedule     schedule.Schedule
	next         []time.Time
}

// readSchedules returns what the config's schedules mean, from now on.
func readSchedules(cfg *Config, now time.Time) []readBack {
	var all []readBack
	for _, a := range cfg.announcementsOn(anywhere) {
		if !a.Schedule.IsZero() {
			all = append(all, readBack{a.Name, a.Schedule, a.Schedule.Ticks(now, now.AddDate(100, 0, 0), nextTimes)})
		}
	}
	return all
}

// anywhere takes every platform, be there a token for it or not.
func anywhere(bot.Platform) bool { return true }

// print writes "announcements.weekly: every Monday at 09:00; next …".
func (r readBack) print(w io.Writer, now time.Time, lang bot.Lang) error {
	var times []string
	for _, t := range r.next {
		times = append(times, sayMoment(t, now, lang))
	}
	_, err := fmt.Fprintln(w, scheduleLine.in(lang,
		r.announcement, r.schedule.Describe(string(lang)), strings.Join(times, listComma.in(lang))))
	return err
}

// MarshalJSON writes the words in English.
func (r readBack) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Announcement string      `json:"announcement"`
		Words        string      `json:"words"`
		Next         []time.Time `json:"next"`
	}{r.announcement, r.schedule.Describe(string(bot.English)), r.next})
}

// quietTicks is how many times of a schedule are looked at for one that falls
// into quiet hours: more than a year of every day.
const quietTicks = 400

// quietNotes tells which schedules fall into the quiet hours of a channel, where
// what they bring waits.
func (c *checker) quietNotes() {
	for _, a := range c.announcements {
		for _, channel := range a.To {
			quiet := c.cfg.Channels.get(channel.Name).QuietHours
			if a.Schedule.IsZero() || quiet.IsZero() {
				continue
			}
			for _, tick := range a.Schedule.Ticks(c.now, c.now.AddDate(5, 0, 0), quietTicks) {
				if quiet.In(tick) {
					c.note("announcements."+a.Name+".schedule", waitsForQuiet.with(c.moment(tick), channel.Name, c.moment(quiet.End(tick))))
					break
				}
			}
		}
	}
}

// moment says a time in each language.
func (c *checker) moment(t time.Time) bot.Texts {
	t = t.In(c.cfg.Community.Zone)
	return inAll(func(lang bot.Lang) string { return sayMoment(t, c.now, lang) })
}
