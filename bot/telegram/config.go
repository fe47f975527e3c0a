package telegram

// ChannelConfig is what config.yaml says of a Telegram channel. The zero value is
// the default.
type ChannelConfig struct {
	// Preview is where pictures stand.
	Preview PreviewMode
	// Protect forbids members to forward and save.
	Protect bool
	// Pinned tells that announcements are kept in sight there, for Check.
	Pinned bool
}

// PreviewMode says where a message's picture stands.
type PreviewMode string

const (
	// PreviewAbove is large and above the text; so is "".
	PreviewAbove PreviewMode = "above"
	// PreviewBelow is large and below the text.
	PreviewBelow PreviewMode = "below"
	// PreviewPhoto sends the picture itself with the text as its caption, where
	// the text is short enough: 1,024 characters.
	PreviewPhoto PreviewMode = "photo"
	// PreviewNone shows no picture.
	PreviewNone PreviewMode = "none"
)

// PreviewModes lists what config.yaml may say.
func PreviewModes() []PreviewMode {
	return []PreviewMode{PreviewAbove, PreviewBelow, PreviewPhoto, PreviewNone}
}
