package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComplete(t *testing.T) {
	ix := open(t, "", posts())
	for _, test := range []struct {
		name, typed string
		want        []string
	}{
		{"the beginning of a title", "kub", []string{"Kubernetes"}},
		{"a word of a title", "tai", []string{"KCD Taipei 開始徵稿啦！", "taipei"}},
		{"one character", "贊", []string{"贊助商募集: Sustainability Week"}},
		{"inside a run", "年度回", []string{"社群 2023 年度回顧"}},
		{"simplified", "赞助", []string{"贊助商募集: Sustainability Week"}},
		{"a slug", "ithome", []string{"鐵人賽"}},
		{"a tag", "year-end", []string{"社群 2023 年度回顧", "year-end-recap"}},
		{"a word of a body", "gito", []string{"gitops"}},
		{"the last word", "infra la", []string{"infra labs"}},
		{"no words", "！！", nil},
		{"nothing that begins so", "zzz", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ix.Complete(t.Context(), test.typed, 3)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%q (-want +got):\n%s", test.typed, diff)
			}
		})
	}
}

func TestCompleteNothingTyped(t *testing.T) {
	ix := open(t, "", posts())
	got, err := ix.Complete(t.Context(), " ", 2)
	if want := []string{posts()[0].Title, posts()[1].Title}; err != nil || !cmp.Equal(got, want) {
		t.Errorf("completes to %q, %v; want %q", got, err, want)
	}
	if got, err := open(t, "", nil).Complete(t.Context(), "a", 5); err != nil || len(got) != 0 {
		t.Errorf("an empty index completes to %q, %v", got, err)
	}
}

func TestCompleteBounds(t *testing.T) {
	ix := open(t, "", generated(50))
	for _, typed := range []string{"", "s", "服", strings.Repeat("服務 service ", 400)} {
		got, err := ix.Complete(t.Context(), typed, 5)
		if err != nil || len(got) > 5 {
			t.Errorf("%.20q completes to %q, %v", typed, got, err)
		}
	}
}
