package feeds_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"

	"cloudnative.tw/herald/feeds"
	"cloudnative.tw/herald/feeds/fetch"
)

// small is a Source of RSS that knows no more than it needs for these tests.
type small struct {
	client *fetch.Client
	url    string
}

// validatorsIn reads a cursor; what cannot be read costs one full answer.
func validatorsIn(cursor string) (v fetch.Validators) {
	_ = json.Unmarshal([]byte(cursor), &v)
	return v
}

func (s *small) Poll(ctx context.Context, now time.Time, cursor string) (feeds.Batch, error) {
	res, err := s.client.Get(ctx, now, fetch.Request{URL: s.url, Validators: validatorsIn(cursor)})
	if err != nil {
		return feeds.Batch{}, err
	}
	b := feeds.Batch{Unchanged: res.NotModified, Cursor: res.Validators.Encode(), Wait: res.Wait, Notice: res.Notice}
	if res.NotModified {
		return b, nil
	}
	var doc struct {
		Items []struct {
			GUID  string `xml:"guid"`
			Title string `xml:"title"`
			Link  string `xml:"link"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(res.Body, &doc); err != nil {
		return feeds.Batch{}, fmt.Errorf("read the feed: %w", err)
	}
	for _, item := range doc.Items {
		b.Items = append(b.Items, feeds.Item{ID: item.GUID, Title: item.Title, URL: item.Link})
	}
	return b, nil
}
