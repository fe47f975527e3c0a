package discordtest

import (
	"slices"
	"strconv"
	"strings"
)

func (f *Fake) getMe(*call) answer {
	return answer{status: 200, body: map[string]any{"id": BotID, "username": "herald", "discriminator": "0", "bot": true}}
}

func (f *Fake) getApplication(*call) answer {
	return answer{status: 200, body: map[string]any{"id": BotID, "name": "herald", "flags": 0, "interactions_endpoint_url": nil}}
}

func (f *Fake) guildIDs() []string {
	var ids []string
	for id, g := range f.guilds {
		if !g.gone {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}

func (f *Fake) getMyGuilds(*call) answer {
	list := []any{}
	for _, id := range f.guildIDs() {
		list = append(list, map[string]any{"id": id, "name": "Server " + id})
	}
	return answer{status: 200, body: list}
}

func (f *Fake) getGuild(c *call) answer {
	g := f.guilds[c.vars["guild_id"]]
	if g == nil || g.gone {
		return missingAccess
	}
	return answer{status: 200, body: f.guildJSON(g)}
}

func (f *Fake) guildJSON(g *guild) map[string]any {
	roles := []any{map[string]any{"id": g.id, "name": "@everyone", "permissions": strconv.FormatInt(g.permissions, 10), "mentionable": false}}
	for _, r := range g.roles {
		roles = append(roles, map[string]any{"id": r.ID, "name": r.Name, "permissions": strconv.FormatInt(r.Permissions, 10), "mentionable": r.Mentionable})
	}
	return map[string]any{"id": g.id, "name": "Server " + g.id, "owner_id": "700000000000000001", "roles": roles}
}

func (f *Fake) getMember(c *call) answer {
	g := f.guilds[c.vars["guild_id"]]
	if g == nil || g.gone || c.vars["user_id"] != BotID {
		return refuse(404, 10007, "Unknown Member")
	}
	roles := []string{}
	for _, r := range g.roles {
		if r.Bot {
			roles = append(roles, r.ID)
		}
	}
	return answer{status: 200, body: map[string]any{"roles": roles, "user": map[string]any{"id": BotID, "username": "herald"}}}
}

func (f *Fake) getCommands(c *call) answer {
	list := []any{}
	registered, _ := jsonBytes(f.commands[c.vars["guild_id"]]).([]any)
	for i, r := range registered {
		command, _ := r.(map[string]any)
		list = append(list, asRegistered(command, c.vars["guild_id"], i))
	}
	return answer{status: 200, body: list}
}

// asRegistered is a command as Discord gives it back: with ids, with null where
// there is nothing, and with defaults spelled out.
func asRegistered(command map[string]any, guild string, i int) map[string]any {
	object := map[string]any{
		"id": strconv.Itoa(600000000000000000 + i), "application_id": BotID, "version": "1", "type": 1, "nsfw": false,
		"default_member_permissions": nil, "name_localizations": nil, "description_localizations": nil, "contexts": nil,
	}
	if guild != "" {
		object["guild_id"] = guild
	}
	for key, value := range command {
		if list, ok := value.([]any); ok && key == "options" {
			value = optionsAsRegistered(list)
			if len(list) == 0 {
				continue
			}
		}
		object[key] = value
	}
	return object
}

func optionsAsRegistered(options []any) []any {
	kept := []any{}
	for _, o := range options {
		option, _ := o.(map[string]any)
		object := make(map[string]any)
		for key, value := range option {
			if value != nil && value != false {
				object[key] = value
			}
		}
		kept = append(kept, object)
	}
	return kept
}

func (f *Fake) putCommands(c *call) answer {
	if c.vars["application_id"] != BotID {
		return refuse(403, 20012, "You are not authorized to perform this action on this application")
	}
	if guild := c.vars["guild_id"]; guild != "" && (f.guilds[guild] == nil || f.guilds[guild].gone) {
		return missingAccess
	}
	f.commands[c.vars["guild_id"]] = []byte(strings.TrimSpace(string(c.body)))
	return f.getCommands(c)
}
