package bot

import "context"

// Command is what a member typed, chose or pressed, as a platform read it.
type Command struct {
	// Name is the command's name without its slash, as typed: routing folds its
	// case and knows its aliases.
	Name string
	// Args is what followed the name on the line, trimmed. Platforms whose
	// options are typed separately (Discord) join their values with spaces in
	// the order of the CommandSpec's Options.
	Args string
	// Channel is where the command was typed. Its Name is empty for a place that
	// config.yaml does not name.
	Channel Channel
	// Locale is the member's own language as the platform gives it (BCP 47);
	// empty where it is not known, and then the channel's language is used.
	Locale string
	// Direct is whether the chat is a private one with the member alone.
	Direct bool
	// Pressed is whether a button was pressed rather than a line typed: the
	// platform may then edit the message that holds the button.
	Pressed bool
}

// Handler answers commands. It always returns a reply that can be shown, also
// for input that makes no sense; it never panics, and it reports faults to its
// own log. Handlers are called from several goroutines at once.
type Handler interface {
	Handle(ctx context.Context, cmd Command) Reply
}

// Completer is what a Handler may also be: it completes an option while the
// member types it.
type Completer interface {
	// Complete returns at most 25 choices (Discord's limit,
	// https://discord.com/developers/docs/interactions/receiving-and-responding)
	// for the words of cmd.Args typed so far, best first.
	Complete(ctx context.Context, cmd Command) []Choice
}

// Choice is one offered value of an option.
type Choice struct {
	// Label is what is shown, Value what is sent when it is chosen.
	Label, Value string
}

// CommandSpec describes one command of the table. Help, Discord's registration
// and Telegram's menu are computed from it.
type CommandSpec struct {
	// Name is lower-case ASCII letters, digits and underscores, at most 32
	// characters: the names that both Discord and Telegram accept.
	Name string
	// Names are localised names, for platforms that have them (Discord).
	Names Texts
	// Aliases are further names that are understood but not listed.
	Aliases []string
	// Summary is one line on what the command does, in each language, at most
	// 100 characters (Discord's limit of a description).
	Summary Texts
	// Options are what may follow the name, in order.
	Options []OptionSpec
	// Hidden keeps the command out of help and menus; it still answers.
	Hidden bool
	// Private tells that its answers are for the asking member alone.
	Private bool
}

// OptionSpec describes one option of a command.
type OptionSpec struct {
	// Name obeys the rules of CommandSpec.Name.
	Name string
	// Names are what a reader of each language calls the option.
	Names Texts
	// Summary is one line on the option, in each language, at most 100
	// characters.
	Summary Texts
	// Number tells that only whole numbers make sense, from Min to Max.
	Number   bool
	Min, Max int
	// Required tells that the command cannot be understood without it.
	Required bool
	// Completes tells that the handler's Completer offers values for it.
	Completes bool
}
