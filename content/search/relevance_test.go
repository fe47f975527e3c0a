package search_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudnative.tw/herald/content"
	"cloudnative.tw/herald/content/search"
	"cloudnative.tw/herald/content/site"
)

// load reads the posts of a folder as the site generator shows them.
func load(t *testing.T, entry, dir string, cfg site.Config) []*content.Post {
	t.Helper()
	format, err := site.New(entry, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	var files []content.File
	tree := os.DirFS(dir)
	err = fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !format.Wants(path) {
			return err
		}
		data, err := fs.ReadFile(tree, path)
		files = append(files, content.File{Path: path, Name: path, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	posts, problems := format.Update(files, nil)
	for _, p := range problems {
		t.Error(p)
	}
	return posts
}

var (
	docusaurus = site.Config{
		Format: "docusaurus", URL: "https://cloudnative.tw",
		Folders: map[string]string{"blog": "blog", "meetups": "docs/meetups", "pages": "docs"},
	}
	glossary = site.Config{Format: "glossary", URL: "https://glossary.cncf.io/"}
)

// shipped are the synonyms of the config.yaml that ships with Herald.
var shipped = [][]string{
	{"永續", "可持續", "sustainability"}, {"捐款", "贊助", "donation"}, {"徵稿", "投稿", "CFP"},
	{"聚會", "meetup"}, {"容器", "container"}, {"可觀測性", "observability"},
}

// Every query of a file is asked, and the mean of 1/rank of the first post that
// pleases must stay above a floor that was reached.
func TestRelevance(t *testing.T) {
	posts := slices.Concat(
		load(t, "site", "../posts", docusaurus),
		load(t, "terms", "../posts/glossary", glossary),
	)
	g := newGenerator(3)
	for i := range 500 {
		posts = append(posts, g.post(i, 2000))
	}
	relevance(t, posts, "testdata/relevance.tsv", 0.95)
}

func TestRelevanceOfRealPages(t *testing.T) {
	dir := os.Getenv("HERALD_SHARED")
	if dir == "" {
		t.Skip("HERALD_SHARED names no folder with the community's real pages")
	}
	posts := slices.Concat(
		load(t, "site", filepath.Join(dir, "site"), docusaurus),
		load(t, "zh", filepath.Join(dir, "glossary", "zh-tw"), glossary),
		load(t, "en", filepath.Join(dir, "glossary", "en"), glossary),
	)
	relevance(t, posts, "testdata/relevance_shared.tsv", 0.95)
}

func relevance(t *testing.T, posts []*content.Post, file string, floor float64) {
	t.Helper()
	ix := open(t, "", posts, shipped...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var queries, sum float64
	for line := range strings.Lines(string(data)) {
		query, want, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		wanted := strings.Fields(want)
		known := slices.ContainsFunc(posts, func(p *content.Post) bool { return slices.Contains(wanted, p.String()) })
		if !known {
			t.Errorf("%q: none of %v is a post", query, wanted)
		}
		rank, first := rankOf(t, ix, query, wanted)
		queries++
		if rank > 0 {
			sum += 1 / float64(rank)
		}
		if rank != 1 {
			t.Logf("%-28q rank %d behind %s", query, rank, first)
		}
	}
	t.Logf("%s: MRR %.3f of %.0f queries over %d posts", file, sum/queries, queries, len(posts))
	if sum/queries < floor {
		t.Errorf("MRR is below %.2f", floor)
	}
}

// rankOf returns the place of the first wanted post among the first ten, 0 for
// none, and what stands first.
func rankOf(t *testing.T, ix *search.Index, query string, wanted []string) (rank int, first string) {
	t.Helper()
	r, err := ix.Search(t.Context(), content.Query{Text: query, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Hits) == 0 {
		return 0, "nothing"
	}
	at := slices.IndexFunc(r.Hits, func(h content.Hit) bool { return slices.Contains(wanted, h.Post.String()) })
	return at + 1, r.Hits[0].Post.String() + " " + r.Hits[0].Post.Title
}
