package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/content"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tree is a folder in a test with a clock for it.
type tree struct {
	*testing.T
	dir    string
	time   time.Time
	folder *Folder
}

func newTree(t *testing.T, files ...string) *tree {
	tr := &tree{T: t, dir: t.TempDir(), time: time.Date(2023, 7, 30, 12, 0, 0, 0, time.UTC)}
	tr.folder = New(tr.dir, func() time.Time { return tr.time })
	for _, path := range files {
		tr.write(path, "first "+path, time.Hour)
	}
	return tr
}

// write makes the file as if it had been written that long ago.
func (t *tree) write(path, data string, ago time.Duration) {
	t.Helper()
	name := filepath.Join(t.dir, path)
	t.must(os.MkdirAll(filepath.Dir(name), 0o755))
	t.must(os.WriteFile(name, []byte(data), 0o644))
	t.must(os.Chtimes(name, time.Time{}, t.time.Add(-ago)))
}

func (t *tree) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t *tree) remove(path string) { t.must(os.RemoveAll(filepath.Join(t.dir, path))) }

// read reads the change as "path=data", "-path" and "!path".
func (t *tree) read() []string {
	t.Helper()
	change, err := t.folder.Read(t.Context(), pages)
	t.must(err)
	told := []string{}
	for _, f := range change.Files {
		if want := filepath.Join(t.dir, f.Path); f.Name != want {
			t.Errorf("Name = %s, want %s", f.Name, want)
		}
		told = append(told, f.Path+"="+string(f.Data))
	}
	for _, path := range change.Removed {
		told = append(told, "-"+path)
	}
	for _, p := range change.Problems {
		told = append(told, "!"+strings.TrimPrefix(p.File, t.dir+"/"))
	}
	slices.Sort(told)
	return told
}

func pages(path string) bool { return strings.HasSuffix(path, ".md") }

func (t *tree) want(step string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(append([]string{}, want...), t.read()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", step, diff)
	}
}

func (t *tree) hurried() bool {
	select {
	case <-t.folder.hurry:
		return true
	default:
		return false
	}
}

func TestReadTellsChangesOnly(t *testing.T) {
	tr := newTree(t, "a.md", "blog/b.md", "blog/聚會.md", "blog/picture.png",
		".git/x.md", "node_modules/y.md", "blog/.obsidian/z.md")
	tr.want("all", "a.md=first a.md", "blog/b.md=first blog/b.md", "blog/聚會.md=first blog/聚會.md")
	tr.want("nothing")

	tr.write("a.md", "second", time.Minute)
	tr.remove("blog/b.md")
	tr.must(os.Rename(filepath.Join(tr.dir, "blog/聚會.md"), filepath.Join(tr.dir, "meetup.md")))
	tr.want("changed, removed and renamed",
		"-blog/b.md", "-blog/聚會.md", "a.md=second", "meetup.md=first blog/聚會.md")

	tr.write("docs/new/c.md", "c", time.Minute)
	tr.remove("blog")
	tr.want("a new directory", "docs/new/c.md=c")
	tr.remove("docs")
	tr.want("a directory less", "-docs/new/c.md")
	tr.write("a.md", "2nd...", time.Minute)
	tr.want("same size and time, other bytes, long ago")
}

func TestReadSeesReplacedFile(t *testing.T) {
	tr := newTree(t, "a.md")
	tr.read()
	tr.write("new", "other a.md", time.Hour)
	tr.must(os.Rename(filepath.Join(tr.dir, "new"), filepath.Join(tr.dir, "a.md")))
	tr.want("same size and time, another file", "a.md=other a.md")
}

func TestReadLooksAgainWithinTheGrainOfTime(t *testing.T) {
	tr := newTree(t, "a.md")
	tr.read()
	tr.write("a.md", "one", time.Second)
	tr.want("just changed", "a.md=one")
	tr.write("a.md", "two", time.Second)
	tr.want("changed again without a trace", "a.md=two")
	tr.want("the same bytes")
	tr.write("a.md", "for", -time.Hour)
	tr.want("written in the future", "a.md=for")
	tr.write("a.md", "4 4", -time.Hour)
	tr.want("and again", "a.md=4 4")
}

func TestReadLeavesWhatIsBeingWritten(t *testing.T) {
	tr := newTree(t, "a.md")
	tr.write("b.md", "here at first", writing/2)
	tr.want("the first time", "a.md=first a.md", "b.md=here at first")

	tr.write("a.md", "", writing/2)
	tr.write("new.md", "ha", writing/2)
	tr.want("cut off and half written")
	if !tr.hurried() {
		t.Error("nobody was asked to look again")
	}
	tr.time = tr.time.Add(writing)
	tr.write("a.md", "whole", writing)
	tr.want("later", "a.md=whole", "new.md=ha")
	if tr.hurried() {
		t.Error("asked to look again without need")
	}
}

func TestReadUnreadableFilesCostThemselves(t *testing.T) {
	tr := newTree(t, "a.md", "big.md")
	tr.read()
	tr.must(os.Truncate(filepath.Join(tr.dir, "big.md"), content.MaxFileSize+1))
	tr.must(os.Symlink("/etc/passwd", filepath.Join(tr.dir, "out.md")))
	tr.must(os.Symlink("nowhere.md", filepath.Join(tr.dir, "nowhere.link.md")))
	tr.must(os.Symlink("a.md", filepath.Join(tr.dir, "in.md")))
	tr.must(os.Symlink(".", filepath.Join(tr.dir, "loop")))
	tr.must(os.WriteFile(filepath.Join(tr.dir, "\xff.md"), nil, 0o644))
	tr.must(os.Mkdir(filepath.Join(tr.dir, "\xfe"), 0o755))
	bad := []string{"!big.md", "!nowhere.link.md", "!out.md", "!\xfe", "!\xff.md"}
	tr.want("bad files", append(slices.Clone(bad), "in.md=first a.md")...)
	tr.want("bad files stay problems, what was known stays", bad...)

	tr.remove("big.md")
	tr.want("the big one is gone", append(slices.Clone(bad[1:]), "-big.md")...)
}

func TestReadWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	tr := newTree(t, "a.md", "blog/b.md")
	tr.must(os.Chmod(filepath.Join(tr.dir, "a.md"), 0))
	tr.want("a file that may not be read", "!a.md", "blog/b.md=first blog/b.md")
	tr.must(os.Chmod(filepath.Join(tr.dir, "a.md"), 0o644))
	tr.must(os.Chmod(filepath.Join(tr.dir, "blog"), 0))
	defer os.Chmod(filepath.Join(tr.dir, "blog"), 0o755)
	if change, err := tr.folder.Read(t.Context(), pages); !errors.Is(err, fs.ErrPermission) || len(change.Files) > 0 {
		t.Errorf("half a tree: %v, %v", change, err)
	}
	tr.must(os.Chmod(filepath.Join(tr.dir, "blog"), 0o755))
	tr.want("the other half", "a.md=first a.md")
}

func TestReadMissingFolder(t *testing.T) {
	tr := newTree(t, "a.md")
	tr.read()
	away := tr.dir + "-away"
	tr.must(os.Rename(tr.dir, away))
	if _, err := tr.folder.Read(t.Context(), pages); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), tr.dir) {
		t.Errorf("err = %v", err)
	}
	tr.must(os.WriteFile(tr.dir, nil, 0o644))
	if _, err := tr.folder.Read(t.Context(), pages); err == nil {
		t.Error("a file was taken for a folder")
	}
	tr.must(os.Remove(tr.dir))
	tr.must(os.Symlink(away, tr.dir))
	tr.want("back, behind a symbolic link")
}

func TestReadStopsWithItsContext(t *testing.T) {
	tr := newTree(t, "a.md")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tr.folder.Read(ctx, pages); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	tr.want("all the same", "a.md=first a.md")
}

func tenThousand(b *testing.B) *tree {
	dir := b.TempDir()
	body := strings.Repeat("雲端原生 cloud native ", 150)
	for n := range 10_000 {
		sub := filepath.Join(dir, fmt.Sprint(n%50))
		if n < 50 {
			if err := os.Mkdir(sub, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(sub, fmt.Sprint(n, ".md")), []byte(body), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return &tree{dir: dir, time: time.Now().Add(time.Hour)}
}

func BenchmarkLoad10k(b *testing.B) {
	tr := tenThousand(b)
	for b.Loop() {
		f := New(tr.dir, func() time.Time { return tr.time })
		if c, err := f.Read(b.Context(), pages); err != nil || len(c.Files) != 10_000 {
			b.Fatal(len(c.Files), err)
		}
	}
}

func BenchmarkChangeOne10k(b *testing.B) {
	tr := tenThousand(b)
	f := New(tr.dir, func() time.Time { return tr.time })
	if _, err := f.Read(b.Context(), pages); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		if err := os.WriteFile(filepath.Join(tr.dir, "7/7.md"), fmt.Append(nil, "round ", n), 0o644); err != nil {
			b.Fatal(err)
		}
		if c, err := f.Read(b.Context(), pages); err != nil || len(c.Files) != 1 {
			b.Fatal(len(c.Files), err)
		}
	}
}
