package discord

import (
	"cmp"
	"context"
	"net/url"
	"slices"
)

func (d *Discord) confirmThread(ctx context.Context, forum place, s *search, name string) (string, error) {
	if err := sleep(ctx, settle); err != nil {
		return "", err
	}
	threads, err := d.ownThreads(ctx, forum, s.me)
	if err != nil {
		return "", err
	}
	same, strangers := 0, 0
	for _, thread := range threads {
		if thread.Name == name {
			if same++; same > confirmThreads {
				return "", errTooBusy
			}
		} else if strangers++; strangers > strangerThreads {
			continue
		}
		var first standing
		err := d.rest.call(ctx, request{
			doing: "reading thread " + thread.ID, method: "GET", path: "/channels/%s/messages/%s", args: []string{thread.ID, thread.ID}, into: &first,
		})
		if err != nil && notThere(err) != nil {
			return "", err
		}
		if err == nil && s.matches(first) {
			return thread.ID, nil
		}
	}
	return "", nil
}

// ownThreads returns the bot's threads in a forum, newest first.
func (d *Discord) ownThreads(ctx context.Context, forum place, me string) ([]place, error) {
	var own []place
	for _, r := range []request{
		{doing: "reading the active threads of server " + forum.Guild, path: "/guilds/%s/threads/active", args: []string{forum.Guild}},
		{doing: "reading the archived threads of forum " + forum.ID, path: "/channels/%s/threads/archived/public", args: []string{forum.ID}, query: url.Values{"limit": {pageSize}}},
	} {
		var list struct {
			Threads []place `json:"threads"`
		}
		r.method, r.into = "GET", &list
		if err := d.rest.call(ctx, r); err != nil {
			return nil, err
		}
		for _, t := range list.Threads {
			if t.Parent == forum.ID && t.Owner == me {
				own = append(own, t)
			}
		}
	}
	slices.SortFunc(own, func(a, b place) int { return cmp.Or(cmp.Compare(len(b.ID), len(a.ID)), cmp.Compare(b.ID, a.ID)) })
	return own, nil
}
