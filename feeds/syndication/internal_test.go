package syndication

import (
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/fetch"
)

func TestDates(t *testing.T) {
	taipei := time.FixedZone("CST", 8*60*60)
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		text string
		zone *time.Location
		want string // "" if it is no date
	}{
		// As the standards say.
		{"2026-08-05T08:57:56Z", taipei, "2026-08-05T08:57:56Z"},
		{"2026-08-05T08:57:56.123+08:00", taipei, "2026-08-05T00:57:56Z"},
		{"Wed, 05 Aug 2026 08:57:56 +0800", taipei, "2026-08-05T00:57:56Z"},
		{"Wed, 05 Aug 2026 08:57:56 GMT", taipei, "2026-08-05T08:57:56Z"},
		{"Wed, 05 Aug 26 08:57 UT", taipei, "2026-08-05T08:57:00Z"},
		{"05 Aug 2026 08:57:56 EDT", taipei, "2026-08-05T12:57:56Z"},
		// Without a zone: of the source's.
		{"2026-08-05 08:57:56", taipei, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56", time.UTC, "2026-08-05T08:57:56Z"},
		{"2026-08-05T08:57", taipei, "2026-08-05T00:57:00Z"},
		{"2026/08/05 08:57", taipei, "2026-08-05T00:57:00Z"},
		{"2026.8.5 8:57", taipei, "2026-08-05T00:57:00Z"},
		{"2026-08-05", taipei, "2026-08-04T16:00:00Z"},
		{"Wed, 05 Aug 2026 08:57:56", taipei, "2026-08-05T00:57:56Z"},
		{"20260805T085756", taipei, "2026-08-05T00:57:56Z"},
		{"20260805T085756Z", taipei, "2026-08-05T08:57:56Z"},
		// CST is what it is where the source is.
		{"Wed, 05 Aug 2026 08:57:56 CST", taipei, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56 CST", taipei, "2026-08-05T00:57:56Z"},
		{"Tue Jan  5 08:57:56 CST 2027", taipei, "2027-01-05T00:57:56Z"},
		{"Tue, 05 Jan 2027 08:57:56 CST", chicago, "2027-01-05T14:57:56Z"},
		{"Tue, 05 Jan 2027 08:57:56 CST", time.UTC, "2027-01-05T14:57:56Z"},
		{"2026-08-05 08:57:56 GMT+8", time.UTC, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56 UTC+08:00", time.UTC, "2026-08-05T00:57:56Z"},
		{"2026/08/05 08:57 (GMT+8)", time.UTC, "2026-08-05T00:57:00Z"},
		{"2026/08/05 08:57（UTC+8）", time.UTC, "2026-08-05T00:57:00Z"},
		{"2026-08-05 08:57:56 (UTC+08:00) 台北", time.UTC, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56 (GMT)", taipei, "2026-08-05T08:57:56Z"},
		{"2026-08-05 08:57:56 +08", time.UTC, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56 +0800 (台北標準時間)", time.UTC, "2026-08-05T00:57:56Z"},
		{"2026-08-05 08:57:56 XYZ", taipei, "2026-08-05T00:57:56Z"},
		// Chinese.
		{"2023年11月20日", taipei, "2023-11-19T16:00:00Z"},
		{"2026年8月5日 星期三 08:57", taipei, "2026-08-05T00:57:00Z"},
		{"2026年8月5日（三）下午3:05", taipei, "2026-08-05T07:05:00Z"},
		{"2026年8月5日 上午 08時57分56秒", taipei, "2026-08-05T00:57:56Z"},
		{"2026年8月5日 下午3點", taipei, "2026-08-05T07:00:00Z"},
		{"2026 年 8 月 5 日 晚上 8：57", taipei, "2026-08-05T12:57:00Z"},
		{"２０２６／０８／０５ ０８：５７", taipei, "2026-08-05T00:57:00Z"},
		{"2026/8/5 上午 12:30:00", taipei, "2026-08-04T16:30:00Z"},
		{"2026/8/5 下午 12:30:00", taipei, "2026-08-05T04:30:00Z"},
		{"週三, 05 8月 2026 08:57:56 +0800", taipei, ""},
		{"民國115年8月5日", taipei, "2026-08-04T16:00:00Z"},
		{"115年8月5日 08:57", taipei, "2026-08-05T00:57:00Z"},
		// As people write.
		{"August 5, 2026 3:04 PM", taipei, "2026-08-05T07:04:00Z"},
		{"Aug 5th, 2026", taipei, "2026-08-04T16:00:00Z"},
		{"Wednesday, 5 August 2026, 3:04 p.m.", taipei, "2026-08-05T07:04:00Z"},
		{"Wednesday, 05-Aug-26 08:57:56 GMT", taipei, "2026-08-05T08:57:56Z"},
		{"05.08.2026 08:57", taipei, "2026-08-05T00:57:00Z"},
		{"Mon, 05 Aug 2026 08:57:56 +0800", taipei, "2026-08-05T00:57:56Z"}, // it was a Wednesday
		{"Wed Aug 05 2026 08:57:56 GMT+0800 (Taipei Standard Time)", time.UTC, "2026-08-05T00:57:56Z"},
		{"5 Sept. 1999 1:02", time.UTC, "1999-09-05T01:02:00Z"},
		// The ends of a day and of a minute (ISO 8601).
		{"2026-08-31T24:00:00+08:00", taipei, "2026-08-31T16:00:00Z"},
		{"2026-12-31 24:00", taipei, "2026-12-31T16:00:00Z"},
		{"2016-12-31T23:59:60Z", taipei, "2016-12-31T23:59:59Z"},
		{"Sat, 31 Dec 2016 23:59:60 GMT", taipei, "2016-12-31T23:59:59Z"},
		// None.
		{"", taipei, ""},
		{"soon", taipei, ""},
		{"0001-01-01T00:00:00Z", taipei, ""},
		{"Mon, 01 Jan 0001 00:00:00 +0000", taipei, ""},
		{"Thu, 01 Jan 1970 00:00:00 GMT", taipei, ""},
		{"2026-02-30", taipei, ""},
		{"2026-13-01", taipei, ""},
		{"2026-08-05 25:00", taipei, ""},
		{"2026-08-05 24:01", taipei, ""},
		{"2026-08-05 08:57:61", taipei, ""},
		{"2026-08-05 08:75", taipei, ""},
		{"08/05/2026", taipei, ""}, // May or August
		{"08:57", taipei, ""},
		{"1785891476", taipei, ""},
		{string(make([]byte, 500)), taipei, ""},
	} {
		got, ok := parseDate(test.text, test.zone)
		if shown := got.UTC().Format(time.RFC3339); ok != (test.want != "") || ok && shown != test.want {
			t.Errorf("%q in %v: %s, %v; want %q", test.text, test.zone, shown, ok, test.want)
		}
	}
}

func TestReleasesThatAreNoneYet(t *testing.T) {
	for tag, want := range map[string]bool{
		"v1.2.0": false, "v1.2.0-rc.1": true, "v1.2.0-alpha1": true, "v1.30.0-rc1+k3s1": true, "v1.30.0+k3s1": false,
		"1.0b2": true, "2.0rc1": true, "v3.0.0-beta": true, "helm-chart-4.1.0": false, "release-2026-11-20": false,
		"v1.2.0-alpine": false, "v2.0.0-preview.3": true, "nightly": false, "v1.27.0-ga": false, "v0.9.0.dev3": true, "v1.0.0-M2": true,
		"v1.0-eagle": false, "v1.0.0-nextcloud": false, "v2026.1-prefix": false, "release-2.0-devops": false, "1.2.3-3-g9a3f": false,
		"20240101-1a2b3c": false, "v1.2.3-b200-gpu": false, "v1.0-m1-mac": false, "jdk8u302-b08": false, "v1.0.0-0.20240101123456-1a2b3c": false,
		"kustomize/v5.3.0-rc.1": true, "kustomize%2Fv5.3.0-rc.1": true, "kustomize/v5.3.0": false, "21-ea%2B5": true, "v3.13.0a1": true,
		"1.0a1.post2": true, "v1.0.0-prerelease": true, "v2.0-devel": true, "v1.0.0.M12": true, "v1.0-next.3": true,
	} {
		if got := prerelease.MatchString("https://github.com/example/tool/releases/tag/" + tag); got != want {
			t.Errorf("%s: %v, want %v", tag, got, want)
		}
	}
}

// TestFewFeedsAreReadAtOnce: large ones together would need more memory than a
// small machine has.
func TestFewFeedsAreReadAtOnce(t *testing.T) {
	for range cap(parsing) {
		parsing <- struct{}{}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := Parse([]byte("<rss/>"), "", Options{}); err != nil {
			t.Error(err)
		}
	}()
	select {
	case <-done:
		t.Error("one more was read")
	case <-time.After(50 * time.Millisecond):
	}
	for range cap(parsing) {
		<-parsing
	}
	<-done
}

func TestCutShowsThatMoreWasThere(t *testing.T) {
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{
		{"一二三四五", 5, "一二三四五"}, {"一二三四五", 4, "一二三…"}, {"一二，四五", 4, "一二…"}, {"", 3, ""}, {"ab", 1, "…"},
	} {
		if got := cut(test.text, test.limit); got != test.want {
			t.Errorf("cut(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"Wed, 05 Aug 2026 08:57:56 CST", "2026年8月5日（三）下午3點05分", "2026-08-05T08:57:56+08:00", "August 5th, 2026 3:04 p.m.", "民國115年8月5日"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := parseDate(s, time.UTC); ok && (got.Year() < oldest-1 || got.Year() > 10_000) {
			t.Errorf("%q is %v", s, got)
		}
	})
}

// TestCursorsDropWhatNoServerMaySet proves that nothing of a cursor gets into a
// request that a server could not have put there.
func TestCursorsDropWhatNoServerMaySet(t *testing.T) {
	c, _ := decodeCursor(`{"rules":"r","at":{"etag":"a\r\nHost: evil","address":"http://new.example/","sum":"s"},"items":"h"}`, "r")
	want := cursor{Rules: "r", Validators: fetch.Validators{Sum: "s"}, Hash: "h"}
	if c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}
