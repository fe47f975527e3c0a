// Package syndication reads what sites publish for programs to follow: RSS 0.9x
// to 2.0, RDF, Atom and JSON Feed, whoever writes it and however badly.
//
// Parse is a pure function of bytes, with gofeed as the parser of the formats
// and the rules of this package around it: encodings, identities, dates without
// zones, markup in titles, links that count clicks, numbers that change by
// themselves. Source asks for one feed, and Config is what moderators write of
// one or several in config.yaml; its presets are YouTube, GitHub releases,
// Medium and iThome.
package syndication
