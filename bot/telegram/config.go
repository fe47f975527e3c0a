package telegram

import (
	"fmt"
	"slices"
)

// ChannelConfig is what a moderator may say of a Telegram channel in
// config.yaml. The zero value is the default.
type ChannelConfig struct {
	// Preview is where pictures stand.
	Preview PreviewMode `yaml:"preview"`
	// Pin keeps each announcement in sight.
	Pin bool `yaml:"pin"`
	// Silent asks Telegram not to sound.
	Silent bool `yaml:"silent"`
	// Protect forbids members to forward and save.
	Protect bool `yaml:"protect"`
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

// Check reports what is wrong, by the path of the setting.
func (c ChannelConfig) Check(report func(path string, err error)) {
	if c.Preview != "" && !slices.Contains(PreviewModes(), c.Preview) {
		report("preview", fmt.Errorf("%q is none of %v", c.Preview, PreviewModes()))
	}
}
