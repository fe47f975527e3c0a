package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cloudnative.tw/herald/bot"
)

// notReasons are sentences of the packages below that never stand in the ledger
// as a reason: they are in errors and for programmers.
var notReasons = []string{
	// what is wrong with the store as a whole
	"there is none yet: herald run makes it",
	"a newer Herald has written it: run that version, or restore an older copy of the store",
	"an older Herald has written it: herald run brings it up to date",
	"the disk is full: nothing is said until there is room again",
	"it cannot be written: look at the owner and the rights of the file and its folder",
	"it is damaged, or no store at all: restore a copy of it, or move it away to begin anew",
	"migration %s is missing",
	"this is no address of a database: postgres://USER@HOST:PORT/NAME, with what is special in a password written as %40",
	"recorded meanwhile by another process",
	// why herald retry refuses an act, which it says in English
	"act %d cannot be tried again: %s",
	"there is no such act",
	"it is owed already",
	"it is being sent",
	"it was sent",
	"its words are no longer kept",
	"it is part of act %d, so ask for that",
	"a later change took its place",
	"it was withdrawn, and perhaps said before",
	"the message it is about, act %d, is %s",
	// which post or announcement an error is about
	"content entry %s: %w",
	"post %q: %w",
	"its address or path is empty",
	"its address or path is longer than %d bytes",
	"its address or path holds characters that are none",
	"announcement %s: %w",
	"error parsing regexp: ",
	"there is no announcement %q",
	"the newest item is held back by its filter: %s",
	// parts of other sentences, and of digests
	"a day", "this week", "this month",
}

// TestEveryReasonIsTranslated reads the sources of the packages that write the
// ledger. Every sentence in them is a reason, which needs its translation in
// reasons.go, unless it is known to be something else: a log line, the context of
// an error, which says what was being done, or one of notReasons.
func TestEveryReasonIsTranslated(t *testing.T) {
	seen := make(map[string]bool)
	for _, dir := range []string{"bot/store", "bot/outbox", "bot/announce"} {
		for _, sentence := range sentencesIn(sourcesOf(t, dir)) {
			seen[sentence] = true
			if slices.Contains(notReasons, sentence) {
				continue
			}
			said := asKept(sentence)
			if got := reasonIn(bot.TraditionalChinese, said); got == said {
				t.Errorf("%s says %q, which reasons.go does not translate", dir, said)
			}
		}
	}
	for _, sentence := range notReasons {
		if !seen[sentence] {
			t.Errorf("%q is said no more: take it out of notReasons", sentence)
		}
	}
}

func sourcesOf(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(dir + "/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("no sources in", dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

var (
	// prose are at least two words, the first in lower case. Errors say first what
	// was being done.
	prose  = regexp.MustCompile(`^(?:/%s )?[a-z]+ [a-z%(]`)
	gerund = regexp.MustCompile(`^[a-z]+ing `)

	isSQL    = regexp.MustCompile(`\b(UPDATE|SELECT|INSERT|DELETE|SET)\b`)
	quoted   = regexp.MustCompile(`'([^']*)'`)
	joined   = regexp.MustCompile(`' \|\| \$\d+ \|\| '`)
	formVerb = regexp.MustCompile(`%[a-z]`)

	logging = []string{"Debug", "Info", "Warn", "Error", "With", "tellOnce"}
	// whys are what a reason is called on its way into the ledger; such a one may
	// be a single word.
	whys = []string{"why", "reason", "Reason", "silent", "Unwanted"}
)

// sentences collects what sources say that may be a reason.
type sentences struct {
	takers []string // functions with a parameter that is a reason
	found  []string
}

func sentencesIn(files []*ast.File) []string {
	s := new(sentences)
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && takesWhy(f) {
				s.takers = append(s.takers, f.Name.Name)
			}
		}
	}
	for _, file := range files {
		ast.Inspect(file, s.visit)
	}
	return s.found
}

func takesWhy(f *ast.FuncDecl) bool {
	for _, param := range f.Type.Params.List {
		for _, name := range param.Names {
			if slices.Contains(whys, name.Name) {
				return true
			}
		}
	}
	return false
}

// visit reports whether to look into a node.
func (s *sentences) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.Field: // a path, the tag of a struct
		return false
	case *ast.CompositeLit: // sentence{English, Chinese} stands in both languages
		return nameOf(n.Type) != "sentence"
	case *ast.CallExpr:
		if slices.Contains(s.takers, nameOf(n.Fun)) {
			for _, arg := range n.Args {
				s.addWhy(arg)
			}
		}
		return !slices.Contains(logging, nameOf(n.Fun))
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) && slices.Contains(whys, nameOf(left)) {
				s.addWhy(n.Rhs[i])
			}
		}
	case *ast.KeyValueExpr:
		if slices.Contains(whys, nameOf(n.Key)) {
			s.addWhy(n.Value)
		}
	case *ast.BasicLit:
		s.add(literal(n))
	}
	return true
}

// add adds a text, or what stands in quotes in one of SQL, if it is a sentence.
func (s *sentences) add(text string) {
	texts := []string{text}
	if isSQL.MatchString(text) {
		texts = nil
		for _, q := range quoted.FindAllStringSubmatch(joined.ReplaceAllString(text, "%s"), -1) {
			texts = append(texts, q[1])
		}
	}
	for _, text := range texts {
		if prose.MatchString(text) && !gerund.MatchString(text) {
			s.found = append(s.found, text)
		}
	}
}

// addWhy adds a text that is a reason.
func (s *sentences) addWhy(e ast.Expr) {
	if text := literal(e); text != "" {
		s.found = append(s.found, text)
	}
}

// nameOf returns the name of a variable, a field, a function or a type.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// literal returns the text that e is, or "".
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

// asKept returns a sentence as it stands in the ledger, with something in the
// place of each value; one that ends in a space goes on.
func asKept(sentence string) string {
	said := formVerb.ReplaceAllStringFunc(sentence, func(verb string) string {
		if verb == "%d" {
			return "7"
		}
		return "x"
	})
	if strings.HasSuffix(said, " ") {
		said += "x"
	}
	return said
}
