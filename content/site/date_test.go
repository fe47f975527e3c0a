package site

import (
	"testing"
	"time"
)

// The instants are those that Docusaurus 3.10 shows for the same header.
func TestDatesAreThoseOfDocusaurus(t *testing.T) {
	const midnight, evening, east = "2024-04-03T00:00:00Z", "2024-04-03T18:00:00Z", "2024-04-03T10:00:00Z"
	for _, tt := range []struct{ date, want string }{
		{`2024-04-03`, midnight},
		{`"2024-04-03"`, midnight},
		{`2024-04-03T18:00`, evening},
		{`2024-04-03 18:00`, evening},
		{`2024-04-03T18:00:00`, evening},
		{`2024-04-03 18:00:00`, evening},
		{`2024-04-03T18:00:00Z`, evening},
		{`2024-04-03t18:00:00.25Z`, "2024-04-03T18:00:00.25Z"},
		{`2024-04-03T18:00:00+08:00`, east},
		{`2024-04-03 18:00:00 +08:00`, east},
		{`2024-04-03 18:00:00 +8`, east},
		{`2024-04-03 18:00:00 -08:30`, "2024-04-04T02:30:00Z"},
		{`2024-04-03 18:00:00 +0800`, evening}, // the offset is lost
		{`2024-4-3`, midnight},
		{`2024/04/03`, midnight},
		{`April 3, 2024`, midnight},
		{`April 3, 2024 18:00`, evening},
		{`3 April 2024`, midnight},
		{`2024-04`, "2024-04-01T00:00:00Z"},
		{`2099-12-31`, "2099-12-31T00:00:00Z"},
		{`"2024-04-03T18:00:00+08:00"`, ""},
		{`"2024-04-03T18:00:00Z"`, ""},
		{`2024-04-03T18:00+08:00`, ""},
		{`2024-04-03T18:00Z`, ""},
		{`2024-02-30`, ""},
		{`2024-04-03T25:00:00`, ""},
		{`20240403`, ""},
		{`2024-04-03T18:00:00 +0800`, ""},
		{`2024-04-03 18:00 UTC`, ""},
		{`2024-4-3T18:00`, ""},
		{`soon`, ""},
		{`[2024-04-03]`, ""},
		{`{y: 2024}`, ""},
	} {
		posts, problems := readPage(t, "blog/x.md", "---\ntitle: x\ndate: "+tt.date+"\n---\n")
		if len(posts) != 1 {
			t.Fatalf("date: %s: %d posts", tt.date, len(posts))
		}
		got := ""
		if d := posts[0].Date; !d.IsZero() {
			got = d.Format(time.RFC3339Nano)
			if d.Location() != time.UTC {
				t.Errorf("date: %s: in %v", tt.date, d.Location())
			}
		}
		if got != tt.want {
			t.Errorf("date: %s: %q, want %q", tt.date, got, tt.want)
		}
		if (len(problems) > 0) != (tt.want == "") {
			t.Errorf("date: %s: problems %v", tt.date, problems)
		}
		if len(problems) == 1 && (problems[0].Line != 3 || problems[0].Column < 7) {
			t.Errorf("date: %s: at %d:%d", tt.date, problems[0].Line, problems[0].Column)
		}
	}
}

func TestDatesOfFileNames(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"blog/2024-01-02-hello.md", "2024-01-02"},
		{"blog/2024-1-2-short.md", "2024-01-02"},
		{"blog/2024/01/04-slash.md", "2024-01-04"},
		{"blog/2024-13-45-no-such-day.md", ""},
		{"blog/undated.md", ""},
		{"docs/meetups/2019/20190525.md", "2019-05-25"},
		{"docs/meetups/2023/20230730-workshop.md", "2023-07-30"},
		{"docs/meetups/2019-05-25/index.md", "2019-05-25"},
		{"docs/meetups/2019/05/25.md", "2019-05-25"},
		{"docs/meetups/2021/autumn.md", ""},
		{"docs/2021-11-foo.md", ""},
		{"docs/20199925.md", ""},
		{"docs/120190525.md", ""},
	} {
		posts, problems := readPage(t, tt.path, "text\n")
		if len(posts) != 1 || len(problems) != 0 {
			t.Fatalf("%s: %d posts, problems %v", tt.path, len(posts), problems)
		}
		got := ""
		if d := posts[0].Date; !d.IsZero() {
			got = d.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.path, got, tt.want)
		}
	}
}

func TestFrontMatterDateWinsOverFileName(t *testing.T) {
	for _, path := range []string{"blog/2024-01-02-x.md", "docs/20240102.md"} {
		posts, _ := readPage(t, path, "---\ndate: 2025-06-07\nlast_update: {date: 2025-07-08}\n---\n")
		if got := posts[0].Date.Format(time.DateOnly); got != "2025-06-07" {
			t.Errorf("%s: date %s", path, got)
		}
		if got := posts[0].Updated.Format(time.DateOnly); got != "2025-07-08" {
			t.Errorf("%s: updated %s", path, got)
		}
	}
}
