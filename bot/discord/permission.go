package discord

import (
	"slices"
	"strconv"

	"cloudnative.tw/herald/bot"
)

// Permissions (https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags).
const (
	administrator       = 1 << 3
	viewChannel         = 1 << 10
	sendMessages        = 1 << 11
	embedLinks          = 1 << 14
	readHistory         = 1 << 16
	manageThreads       = 1 << 34
	createThreads       = 1 << 35
	sendInThreads       = 1 << 38
	pinMessages         = 1 << 51
	everything    int64 = -1
)

// permissionNames are as Discord's settings call them.
var permissionNames = []struct {
	bit  int64
	name bot.Texts
}{
	{viewChannel, both("檢視頻道", "View Channel")},
	{sendMessages, both("發送訊息", "Send Messages")},
	{sendInThreads, both("在討論串中發送訊息", "Send Messages in Threads")},
	{createThreads, both("建立公開討論串", "Create Public Threads")},
	{embedLinks, both("嵌入連結", "Embed Links")},
	{readHistory, both("讀取訊息歷史", "Read Message History")},
	{pinMessages, both("釘選訊息", "Pin Messages")},
	{manageThreads, both("管理討論串", "Manage Threads")},
}

// overwrite changes permissions in a channel
// (https://discord.com/developers/docs/resources/channel#overwrite-object).
type overwrite struct {
	ID    string `json:"id"`
	Kind  int    `json:"type"` // 0 for a role, 1 for a member
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

// role is from https://discord.com/developers/docs/topics/permissions#role-object.
type role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"`
	Mentionable bool   `json:"mentionable"`
}

func bits(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// permissionsIn returns what a member with roles may do in a channel
// (https://discord.com/developers/docs/topics/permissions#permission-overwrites).
func permissionsIn(guild, me string, has []string, roles []role, overwrites []overwrite) int64 {
	var p int64
	for _, r := range roles {
		if r.ID == guild || slices.Contains(has, r.ID) {
			p |= bits(r.Permissions)
		}
	}
	if p&administrator != 0 {
		return everything
	}
	var allow, deny int64
	for _, o := range overwrites {
		switch {
		case o.ID == guild:
			p = p&^bits(o.Deny) | bits(o.Allow)
		case o.Kind == 0 && slices.Contains(has, o.ID):
			allow |= bits(o.Allow)
			deny |= bits(o.Deny)
		}
	}
	p = p&^deny | allow
	for _, o := range overwrites {
		if o.Kind == 1 && o.ID == me {
			p = p&^bits(o.Deny) | bits(o.Allow)
		}
	}
	return p
}
