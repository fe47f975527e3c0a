package markdown

import (
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
)

// bodyTests are pages of Docusaurus unless hugo is set; want is what dump
// writes of their sections.
var bodyTests = []struct {
	name, page, want string
	hugo             bool
}{
	{name: "import", page: "import A from 'a';\nimport {\n  B,\n} from \"b\"\n\n文字", want: "paragraph: 文字"},
	{name: "export over empty lines", page: "export const a = [\n  {b: 1},\n\n  {b: 2},\n];\n\n文字", want: "paragraph: 文字"},
	{name: "export that goes on", page: "export const a =\n  b\n    .c()\n\n文字", want: "paragraph: 文字"},
	{name: "export without end", page: "export const a = {\n\n文字", want: "paragraph: 文字"},
	{name: "import as a word", page: "import duties rise", want: "paragraph: import duties rise"},
	{name: "import within a paragraph", page: "例如\nimport a from 'b'", want: "paragraph: 例如 import a from 'b'"},
	{name: "import is text for Hugo", hugo: true, page: "import a from 'b'", want: "paragraph: import a from 'b'"},

	{name: "component", page: "<Tabs values={[{a: '>'}, {b: \"}\"}]}>\n  <TabItem value=\"x\">\n\n    內容\n\n  </TabItem>\n</Tabs>", want: "paragraph: 內容"},
	{name: "component in a line", page: "這是<Highlight color=\"#25c2a0\">綠色</Highlight>的", want: "paragraph: 這是綠色的"},
	{name: "fragment", page: "<>文字</>", want: "paragraph: 文字"},
	{name: "list in an element", page: "<div>\n- 一\n  - 二\n</div>", want: "item: 一\n  item: 二"},
	{name: "tag of several lines", page: "前\n\n<Foo\n  bar={{\n    a: 1,\n\n    b: 2,\n  }}\n/>\n\n後", want: "paragraph: 前\nparagraph: 後"},
	{name: "not a tag", page: "1 < 2 與 a <b", want: "paragraph: 1 < 2 與 a <b"},
	{name: "line break", page: "一<br/>二<br>三", want: "paragraph: 一⏎二⏎三"},
	{name: "details", page: "<details><summary>標題</summary>內容</details>", want: "paragraph: 標題⏎內容"},
	{name: "list of HTML", page: "<ul><li>一</li><li>二</li></ul>", want: "paragraph: • 一⏎• 二"},
	{name: "script", page: "前<script>alert('x')</script>後", want: "paragraph: 前後"},
	{name: "indented HTML", hugo: true, page: "<div>\n    <p>文字</p>\n</div>", want: "paragraph: 文字"},
	{name: "link of HTML", page: `見<a href="/x?a=1&amp;b=2">**這裡**</a>`, want: "paragraph: 見[b‹這裡›→https://example.tw/x?a=1&b=2]"},
	{name: "link component", page: `<Link to="/x">這裡</Link>`, want: "paragraph: [這裡→https://example.tw/x]"},
	{name: "link of HTML without end", page: `<a href="/x">這裡`, want: "paragraph: 這裡"},
	{name: "picture of HTML", page: `<img alt="圖 [一]" src={useBaseUrl('/a b.png')} />`, want: `image: "圖 [一]" https://example.tw/a%20b.png`},
	{name: "YouTube", page: `<iframe src="https://www.youtube-nocookie.com/embed/a_b-C?start=3" allowfullscreen></iframe>`,
		want: "paragraph: [https://www.youtube.com/watch?v=a_b-C→https://www.youtube.com/watch?v=a_b-C]"},
	{name: "frame", page: `<iframe src="https://example.org/map"/>`, want: "paragraph: [https://example.org/map→https://example.org/map]"},
	{name: "frame without address", page: `文字<iframe srcdoc="x"></iframe>`, want: "paragraph: 文字"},

	{name: "expressions", page: "一{' '}二{year}{\"三\"}", want: "paragraph: 一 二三"},
	{name: "expression over lines", page: "{items.map((i) => (\n  <li>it's {i}</li>\n\n))}\n\n後", want: "paragraph: 後"},
	{name: "comment after a brace without end", page: "一 { 二{/* 三 */}", want: "paragraph: 一 { 二"},
	{name: "comment after a shortcode without end", hugo: true, page: "一 {{< 二<!-- 三 -->", want: "paragraph: 一 {{< 二"},
	{name: "indented line of a paragraph", hugo: true, page: "一\n    <b>二</b>", want: "paragraph: 一二"},
	{name: "brace without end", page: "一 { 二", want: "paragraph: 一 { 二"},
	{name: "escaped brace", page: `一 \{二\} \<b>`, want: "paragraph: 一 {二} <b>"},
	{name: "comments", page: "一<!-- 註\n\n解 -->二{/* 註\n\n解 */}三", want: "paragraph: 一二三"},
	{name: "comment without end", page: "一 <!-- 二", want: "paragraph: 一 <!-- 二"},
	{name: "code is left alone", page: "`<b> {x}` ``a ` <!-- b``\n\n```js\nimport a from 'b'\n<b>{x}</b> :::\n```",
		want: "paragraph: m‹<b> {x}› m‹a ` <!-- b›\ncode: import a from 'b'⏎<b>{x}</b> :::"},
	{name: "code in a quote and a list", page: "> ~~~\n> {x}\n> ~~~\n\n- ```\n  <b>\n  ```", want: "  code: {x}\n  code: <b>"},
	{name: "quote ends its code", page: "> ```\n> {x}\n\n<b>後</b>", want: "  code: {x}\nparagraph: 後"},
	{name: "mdx-code-block", page: "````mdx-code-block\n<B>**粗**</B>\n\n```\n{x}\n```\n````\n{y}後", want: "paragraph: b‹粗›\ncode: {x}\nparagraph: 後"},
	{name: "indented code", hugo: true, page: "文字\n\n    <b>\n\n    {{< x >}}\n", want: "paragraph: 文字\ncode: <b>⏎⏎{{< x >}}"},
	{name: "MDX has no indented code", page: "### 標題\n    文字\n    - 一\n        - 二\n\n後", want: "### 標題 (#標題)\nparagraph: 文字\nitem: 一\n  item: 二\nparagraph: 後"},

	{name: "admonition", page: ":::note[小 *心*]\n\n文字\n\n:::\n\n後", want: "quote: b‹小 ›i‹b‹心››\nquote: 文字\nparagraph: 後"},
	{name: "admonition without empty lines", page: "前\n:::tip 小心\n- 一\n:::\n後", want: "paragraph: 前\nquote: b‹小心›\n  item: 一\nparagraph: 後"},
	{name: "nested admonitions", page: "::::info\n:::danger\n內\n:::\n外\n::::\n後", want: "  quote: 內\nquote: 外\nparagraph: 後"},
	{name: "admonition without end", page: ":::warning\n文字", want: "quote: 文字"},
	{name: "colons", page: "一 ::: 二\n\n::: 三", want: "paragraph: 一 ::: 二\nparagraph: ::: 三"},
	{name: "heading in an admonition", page: ":::note\n## 標題\n文字\n:::", want: "## 標題 (#標題)\nquote: 文字"},

	{name: "shortcodes", hugo: true, page: "一{{< x \"y\" >}}二{{% /x %}}三 {{ 四 }}", want: "paragraph: 一二三 {{ 四 }}"},
	{name: "Hugo knows no expressions", hugo: true, page: "a {b} c", want: "paragraph: a {b} c"},

	{name: "reference links", page: "[一][a]、[b]、[無][c]\n\n[a]: /a\n[b]: <https://example.org/b> \"t\"", want: "paragraph: [一→https://example.tw/a]、[b→https://example.org/b]、[無][c]"},
	{name: "unknown links keep their words", page: "[一](./a.md) ![圖](./a.png)", want: "paragraph: 一"},
	{name: "entities in links", page: `[一](https://example.org/?a=1&amp;b=\_2)`, want: "paragraph: [一→https://example.org/?a=1&b=_2]"},
	{name: "destination in brackets", page: "[一](<https://example.org/a b>)", want: "paragraph: [一→https://example.org/a b]"},
	{name: "autolinks", page: "<https://example.org/a_b> <me@example.org>", want: "paragraph: [https://example.org/a_b→https://example.org/a_b] [me@example.org→mailto:me@example.org]"},
	{name: "addresses beside Chinese", page: "見https://example.org/a，或「https://example.org/b」。（www.example.org）https://example.org的網站",
		want: "paragraph: 見[https://example.org/a→https://example.org/a]，或「[https://example.org/b→https://example.org/b]」。（[http://www.example.org→http://www.example.org]）[https://example.org→https://example.org]的網站"},
	{name: "addresses in a sentence", page: "(https://example.org/a_(b)). **https://example.org/?q=1&copy=2**!", want: "paragraph: ([https://example.org/a_(b)→https://example.org/a_(b)]). [b‹https://example.org/?q=1&copy=2›→https://example.org/?q=1&copy=2]!"},
	{name: "address of letters", page: "https://zh.example.org/wiki/雲端 是", want: "paragraph: [https://zh.example.org/wiki/雲端→https://zh.example.org/wiki/雲端] 是"},
	{name: "address as a link's words", page: "[https://example.org](https://example.org/a)", want: "paragraph: [https://example.org→https://example.org/a]"},
	{name: "link around a picture", page: "[![縮圖](/t.png)](https://example.org) [![](/t.png)](/v)", want: "paragraph: [縮圖→https://example.org] [https://example.tw/v→https://example.tw/v]\n" +
		"image: \"縮圖\" https://example.tw/t.png\nimage: \"\" https://example.tw/t.png"},
	{name: "styles in a link", page: "[一**二**`三`](/x)", want: "paragraph: [一→https://example.tw/x][b‹二›→https://example.tw/x][m‹三›→https://example.tw/x]"},

	{name: "emphasis beside Chinese", page: "他說**「雲端」**是*未來*。**粗體：**後面，又**（粗）**字", want: "paragraph: 他說b‹「雲端」›是i‹未來›。b‹粗體：›後面，又b‹（粗）›字"},
	{name: "emphasis within a word", page: "snake_case_name 2*3*4 ***全***", want: "paragraph: snake_case_name 2i‹3›4 i‹b‹全››"},
	{name: "strikethrough keeps its sign", page: "~~週五~~週六", want: "paragraph: ~~週五~~週六"},
	{name: "lines of Chinese", page: "一\n二，\nKubernetes\n三\nGo\nTest\n（四）", want: "paragraph: 一二，Kubernetes 三 Go Test（四）"},
	{name: "hard line breaks", page: "一  \n二\\\n三", want: "paragraph: 一⏎二⏎三"},
	{name: "white space", page: "一 \t  二\u00a0三", want: "paragraph: 一 二\u00a0三"},
	{name: "entities", page: "&lt;b&gt; &amp;amp; &copy &#x4e00; \\&lt; `&lt;`", want: "paragraph: <b> &amp; &copy 一 &lt; m‹&lt;›"},
	{name: "hidden characters", page: "a\u202eb\u200bc\x00d&#x202e;\u2067e\ufeff`f\u202a`", want: "paragraph: abcdem‹f›"},
	{name: "family emoji stays", page: "👩‍👩‍👧", want: "paragraph: 👩‍👩‍👧"},

	{name: "lists", page: "3. 三\n4. 四\n\n   續\n   - 內\n\n- [x] 完\n- [ ] 未\n- ", want: "item 3: 三\nitem 4: 四\n  paragraph: 續\n  item: 內\nitem: ☑ 完\nitem: ☐ 未"},
	{name: "quotes", page: "> 一\n> > 二\n>\n> - 三", want: "quote: 一\n  quote: 二\n  item: 三"},
	{name: "table", page: "| 一 | 二 |\n|---|---|\n| a<br/>b | |\n| `x\\|y` | [三](/3) |", want: "row: 一 | 二\nrow: a b | \nrow: m‹x|y› | [三→https://example.tw/3]"},
	{name: "footnotes", page: "文字[^1]。\n\n[^1]: 註腳 https://example.org", want: "paragraph: 文字。"},
	{name: "rules", page: "一\n\n===\n\n---\n\n***\n\n_ _ _\n\n二", want: "paragraph: 一\nparagraph: 二"},

	{name: "heading after a line", page: "文字\n## 標題\n內容", want: "paragraph: 文字\n## 標題 (#標題)\nparagraph: 內容"},
	{name: "empty sections", page: "## 一\n### 二\n文字", want: "## 一 (#一)\n### 二 (#二)\nparagraph: 文字"},
	{name: "title repeated", page: "![圖](/a.png)\n\n# 我的　標題：Ａ 🎉\n\n文字", want: "paragraph: 文字\nimage: \"圖\" https://example.tw/a.png"},
	{name: "title not first", page: "# 別的\n\n## 我的標題：A", want: "# 別的 (#別的)\n## 我的標題：A (#我的標題a)"},
	{name: "picture in a heading", page: "## 一 ![圖](/a.png)", want: "## 一 (#一-圖)\nimage: \"圖\" https://example.tw/a.png"},
}

func TestBody(t *testing.T) {
	for _, test := range bodyTests {
		t.Run(test.name, func(t *testing.T) {
			b := Body([]byte(test.page), Options{
				MDX: !test.hugo, Shortcodes: test.hugo, Title: "我的標題:A", Link: on, Image: on,
			})
			if got := dumpSections(b.Sections); got != test.want {
				t.Errorf("Body(%q)\n got %s\nwant %s", test.page, got, test.want)
			}
		})
	}
}

func TestLinksWithoutFunctions(t *testing.T) {
	page := "[a](https://example.org/x) [b](/y) [c](mailto:me@example.org) [d](javascript:alert) [e](https:///x) [f](data:x)\n" +
		"![g](http://example.org/g.png) ![h](h.png) ![i](mailto:me@example.org)"
	want := "paragraph: [a→https://example.org/x] b [c→mailto:me@example.org] d e f\nimage: \"g\" http://example.org/g.png"
	b := Body([]byte(page), Options{})
	if got := dumpSections(b.Sections); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExcerpt(t *testing.T) {
	for _, test := range []struct{ name, page, want string }{
		{"first sentence", "第一段。\n\n第二段。", "第一段。"},
		{"in a section", "# 標題\n\n## 前言\n\n第一段。", "第一段。"},
		{"pictures and addresses", "![圖](/a.png)\n\nhttps://example.org/a.b\n\n第一段。", "第一段。"},
		{"labels", "時間：2031/01/01。\n\nSpeaker: Ann.\n\nTalk 1: 很好！\n\n第一段。", "第一段。"},
		{"lists, quotes and tables", "- 一。\n\n  續。\n\n> 二。\n\n|a。|\n|-|\n|b。|\n\n第一段。", "第一段。"},
		{"what leads to a list", "以下是這一次活動會談到的幾個主題：\n\n- 一\n\n第一段。", "第一段。"},
		{"names", "小安 Ann\n\n第一段。", "第一段。"},
		{"without an end", "一個很長但是沒有句點的段落也會是一個摘要的樣子", "一個很長但是沒有句點的段落也會是一個摘要的樣子"},
		{"one line", "第一行。  \n第二行\n第三行", "第一行。 第二行第三行"},
		{"truncated within a paragraph", "第一句。<!-- truncate -->第二句。", "第一句。"},
		{"truncated on its own line", "第一句。\n{/* truncate */}\n第二句。", "第一句。"},
		{"nothing", "## 標題\n\n- 一。", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Body([]byte(test.page), Options{MDX: true}).Excerpt; got != test.want {
				t.Errorf("Excerpt of %q = %q, want %q", test.page, got, test.want)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("一", maxCode)
	code := Body([]byte("```\n"+long+"\n```"), Options{}).Sections[0].Blocks[0].Text()
	if !strings.HasSuffix(code, "一…") || len(code) > maxCode+len("…") {
		t.Errorf("code block has %d bytes and ends in %q", len(code), code[len(code)-6:])
	}
	page := strings.Repeat(strings.Repeat("字", 99)+"\n\n", maxSource/200)
	if got := len(Body([]byte(page), Options{}).Sections[0].Text()); got > maxSource || got < maxSource*9/10 {
		t.Errorf("%d bytes of a page of %d are read, want about %d", got, len(page), maxSource)
	}
	for _, deep := range []string{strings.Repeat("> ", 500), strings.Repeat("- ", 500), strings.Repeat(">", 9999)} {
		blocks := Body([]byte(deep+"字"), Options{MDX: true}).Sections[0].Blocks
		if len(blocks) != 1 || blocks[0].Text() != "字" || blocks[0].Depth != maxDepth {
			t.Errorf("%.9q…: %+v", deep, blocks)
		}
	}
}

func dumpSections(sections []content.Section) string {
	lines := strings.Split(dump(content.Body{Sections: sections}), "\n")[1:]
	var kept []string
	for _, line := range lines {
		if line != "" && line != "  (#)" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
