package main

import (
	"context"
	"errors"
	"testing"

	"cloudnative.tw/herald/bot"
	"cloudnative.tw/herald/bot/store"
)

func TestTroubleOfTheStoreInChinese(t *testing.T) {
	for text, want := range map[string]string{
		"opening the store /srv/herald.db to read: " + store.ErrNone.Error():      "打不開 /srv/herald.db：還沒有這個檔案，執行 herald run 就會建立",
		"opening the store /srv/herald.db: " + store.ErrInUse.Error():             "打不開 /srv/herald.db：另一個 Herald 正在用它：請先停掉那一個，或讓這一個用別的檔案",
		"reading the ledger: " + store.ErrDamaged.Error() + " (file is not good)": "讀寫紀錄時出錯：它壞了，或不是 Herald 的檔案：請換回備份，或把它移開、重新開始（file is not good）",
		"opening the store postgres://…: " + store.ErrAddress.Error():             "打不開 postgres://…：這不是資料庫的位址：要像 postgres://USER@HOST:PORT/NAME，密碼裡的特殊字元寫成 %40",
		"act 3 cannot be tried again: it was sent":                                "#3 不能再試：它已經發了",
		"act 3 cannot be tried again: it is part of act 4, so ask for that":       "#3 不能再試：它是 #4 的一部分，請改試 #4",
		"act 3 cannot be tried again: the message it is about, act 4, is failed":  "#3 不能再試：它要處理的 #4 是：失敗",
	} {
		err := errors.New(text)
		if got := troubleIn(bot.TraditionalChinese, err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
		if got := troubleIn(bot.English, err); got.Error() != text {
			t.Errorf("in English: %s, want %s", got, text)
		}
	}
	if troubleIn(bot.TraditionalChinese, nil) != nil {
		t.Error("no trouble is trouble")
	}
	for _, err := range []error{store.ErrInUse, store.ErrNone, store.ErrNewer, store.ErrOlder, store.ErrFull, store.ErrReadOnly, store.ErrDamaged, store.ErrAddress} {
		if !hasHan(troubleIn(bot.TraditionalChinese, err).Error()) {
			t.Errorf("not in Chinese: %v", err)
		}
	}
	if err := failed(); troubleIn(bot.TraditionalChinese, err).Error() != err.Error() {
		t.Error("what has been said is said again")
	}
	if err := troubleIn(bot.TraditionalChinese, context.Canceled); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTroubleOfSourcesInChinese(t *testing.T) {
	const private = "get http://localhost/feed: the host has a private or special address"
	texts := sourceTrouble(private)
	if got, want := texts.In(bot.TraditionalChinese), "http://localhost/feed：這是內部網路的位址；要讀的話請設定環境變數 HERALD_ALLOW_PRIVATE=1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := texts.In(bot.English), private+"; HERALD_ALLOW_PRIVATE=1 in the environment has it read"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
