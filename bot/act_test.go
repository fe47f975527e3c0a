package bot

import "testing"

// Tokens stand in ledgers and on platforms: they never change.
func TestTokensStayAsTheyAre(t *testing.T) {
	key := Key{Subject: "https://example.org/a", Address: Address{Platform: Discord, Chat: "1", Thread: "2"}, Occasion: OccasionNew}
	const want = "4fffa858d685759f97be016c"
	if got := key.Token(); got != want {
		t.Errorf("token %q, want %q", got, want)
	}
	for _, other := range []Key{
		{key.Subject + "x", key.Address, key.Occasion},
		{key.Subject, Address{Platform: Discord, Chat: "12"}, key.Occasion},
		{key.Subject, key.Address, "retract"},
	} {
		if other.Token() == key.Token() {
			t.Errorf("%+v has the same token", other)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"discord:123", "telegram:-100456/42", "console:here", ":", "a:/", "a:b/", "a:b/c/d", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := ParseAddress(s)
		if !ok {
			return
		}
		if a.Platform == "" || a.Chat == "" {
			t.Errorf("ParseAddress(%q) = %+v", s, a)
		}
		if again, ok := ParseAddress(a.String()); !ok || again != a {
			t.Errorf("%q is %+v, but its text %q is %+v", s, a, a, again)
		}
		if s != a.String() && s != a.String()+"/" {
			t.Errorf("%q became %q", s, a)
		}
	})
}
