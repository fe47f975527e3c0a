package markdown

import "testing"

// The anchors were made by github-slugger 1.5.0, as Docusaurus 3.10.1 calls it.
func TestAnchors(t *testing.T) {
	for _, test := range []struct{ name, page, anchor string }{
		{"colon", "## 精彩回顧：Meetup 活動", "精彩回顧meetup-活動"},
		{"slash", "## KubeCon/Cloud Native CON NA 參與經驗", "kubeconcloud-native-con-na-參與經驗"},
		{"parentheses", "### 1. 團隊建立(2031/04/26)", "1-團隊建立20310426"},
		{"spaces stay", "## 議程 / Sessions", "議程--sessions"},
		{"emoji", "## 上線!火熱登場!📣📣 2031", "上線火熱登場-2031"},
		{"only emoji", "## 📣", ""},
		{"code", "## 安裝 `herald run`", "安裝-herald-run"},
		{"link", "## 見 [CNCF 網站](https://example.org) 的說明", "見-cncf-網站-的說明"},
		{"emphasis", "## **重要** _事項_", "重要-事項"},
		{"underscore", "## snake_case 與 kebab-case", "snake_case-與-kebab-case"},
		{"accents and full width", "## Café ＡＢＣ　全形", "café-ａｂｃ全形"},
		{"entity", "## A &amp; B", "a--b"},
		{"explicit", "## 是什麼 {#what-it-is}", "what-it-is"},
		{"explicit with underscores", "## 一 {#a_b_c}", "a_b_c"},
		{"comment", "## 一 {/* #a-b 說明 */}", "a-b"},
		{"HTML comment", "## 一 <!-- #a-b -->", "a-b"},
		{"underlined", "一 {#a-b}\n===", "a-b"},
		{"address", "## 見 https://example.org/a", "見-httpsexampleorga"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sections := Body([]byte(test.page), Options{MDX: true}).Sections
			if len(sections) != 1 || sections[0].Anchor != test.anchor {
				t.Errorf("%s: %+v, want anchor %q", test.page, sections, test.anchor)
			}
		})
	}
}

func TestAnchorsAreUnique(t *testing.T) {
	page := "# 活動\n## 活動\n## 活動 1\n## 活動-1\n## 活動\n## 別的 {#活動}\n"
	want := []string{"活動", "活動-1", "活動-1-1", "活動-1-2", "活動-2", "活動-3"}
	sections := Body([]byte(page), Options{MDX: true}).Sections
	if len(sections) != len(want) {
		t.Fatalf("%d sections, want %d", len(sections), len(want))
	}
	for i, s := range sections {
		if s.Anchor != want[i] {
			t.Errorf("anchor %d is %q, want %q", i, s.Anchor, want[i])
		}
	}
}

func TestHugoAttributes(t *testing.T) {
	s := Body([]byte("## 一 {#a .b}"), Options{Shortcodes: true}).Sections[0]
	if s.Heading != "一" || s.Anchor != "a" {
		t.Errorf("heading %q, anchor %q", s.Heading, s.Anchor)
	}
}

func TestHeading(t *testing.T) {
	for _, test := range []struct {
		name, page, want string
		ok               bool
	}{
		{"plain", "# 標題\n文字", "標題", true},
		{"after empty lines", "\n\n# 標題", "標題", true},
		{"underlined", "標題\n===\n文字", "標題", true},
		{"after imports", "import A from 'a';\n\n# 標題", "標題", true},
		{"after a comment", "<!-- 註\n解 -->\n\n# 標題", "標題", true},
		{"comment that goes on", "# 標題 <!-- 註\n解 --> 後\n文字", "標題 後", true},
		{"hash without a space", "#標題\n===", "#標題", true},
		{"markup", "# **CNTUG** `2031` [站](https://example.org) &amp; 🎉 {#id}", "CNTUG 2031 站 & 🎉", true},
		{"picture in it", "# ![圖](https://example.org/a.png) 標題", "標題", true},
		{"second level", "## 標題", "", false},
		{"text first", "文字\n\n# 標題", "", false},
		{"picture first", "![圖](a.png)\n\n# 標題", "", false},
		{"rule", "文字\n\n===", "", false},
		{"empty heading", "#\n\n文字", "", false},
		{"empty page", "", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Heading([]byte(test.page), Options{MDX: true})
			if got != test.want || ok != test.ok {
				t.Errorf("Heading(%q) = %q, %v, want %q, %v", test.page, got, ok, test.want, test.ok)
			}
		})
	}
}
