package feeds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// ItemSubject returns the Subject of an item that has no page of its own: what
// its origin calls it.
func ItemSubject(origin, id string) string {
	h := sha256.New()
	for _, s := range []string{origin, id} {
		fmt.Fprintf(h, "%d:%s", len(s), s) // no two pairs are the same text
	}
	return "item:" + hex.EncodeToString(h.Sum(nil)[:16])
}
