package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cloudnative.tw/herald/bot/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const channel = -1001

// newServer returns a calm server with a channel, validated by the official
// description if that is at hand.
func newServer(t *testing.T, knobs telegramtest.Knobs) *telegramtest.Server {
	t.Helper()
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	s := telegramtest.New(telegramtest.Config{Spec: spec, Knobs: &knobs})
	s.AddChat(telegramtest.Chat{ID: channel, Type: "channel", Title: "News", Username: "news", Bot: telegramtest.Admin()})
	s.AddChat(telegramtest.Chat{ID: 7, Type: "private", Title: "Ann"})
	return s
}

type response struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  map[string]any  `json:"parameters"`
}

func call(t *testing.T, s *telegramtest.Server, method, params string) response {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/bot"+telegramtest.Token+"/"+method, strings.NewReader(params))
	r.Header.Set("Content-Type", "application/json")
	s.ServeHTTP(w, r)
	var got response
	if err := json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&got); err != nil {
		t.Fatalf("%s: %v in %q", method, err, w.Body)
	}
	return got
}

// TestRefusals has the server refuse what Telegram refuses.
func TestRefusals(t *testing.T) {
	tests := []struct{ name, method, params, want string }{
		{"fine", "sendMessage", `{"chat_id":-1001,"text":"hi"}`, ""},
		{"by name", "sendMessage", `{"chat_id":"@news","text":"hi"}`, ""},
		{"empty", "sendMessage", `{"chat_id":-1001,"text":"\u2060"}`, "text is empty"},
		{"long", "sendMessage", `{"chat_id":-1001,"text":"` + strings.Repeat("字", 4097) + `"}`, ""},
		{"emoji count twice", "sendMessage", `{"chat_id":-1001,"text":"` + strings.Repeat("😀", 2049) + `"}`, ""},
		{"no chat", "sendMessage", `{"chat_id":5,"text":"hi"}`, "chat not found"},
		{"entity outside", "sendMessage", `{"chat_id":-1001,"text":"hi","entities":[{"type":"bold","offset":1,"length":2}]}`, "outside of the text"},
		{"entity in an emoji", "sendMessage", `{"chat_id":-1001,"text":"😀a","entities":[{"type":"bold","offset":1,"length":2}]}`, "UTF-16"},
		{"crossing entities", "sendMessage", `{"chat_id":-1001,"text":"abc","entities":[{"type":"bold","offset":0,"length":2},{"type":"italic","offset":1,"length":2}]}`, "cross"},
		{"code in bold", "sendMessage", `{"chat_id":-1001,"text":"abc","entities":[{"type":"bold","offset":0,"length":3},{"type":"code","offset":1,"length":1}]}`, "code cannot"},
		{"mention as entity", "sendMessage", `{"chat_id":-1001,"text":"@abc","entities":[{"type":"mention","offset":0,"length":4}]}`, "unexpected type"},
		{"long data", "sendMessage", `{"chat_id":-1001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","callback_data":"` + strings.Repeat("x", 65) + `"}]]}}`, ""},
		{"button without purpose", "sendMessage", `{"chat_id":-1001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b"}]]}}`, "inline keyboard"},
		{"local button", "sendMessage", `{"chat_id":-1001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","url":"http://localhost/"}]]}}`, "Wrong HTTP URL"},
		{"markup", "sendMessage", `{"chat_id":-1001,"text":"a","parse_mode":"HTML"}`, "parse_mode"},
		{"unknown method", "sendMesage", `{}`, "Not Found"},
		{"long caption", "sendPhoto", `{"chat_id":-1001,"photo":"https://x.tw/a.png","caption":"` + strings.Repeat("a", 1025) + `"}`, ""},
		{"picture that is gone", "sendPhoto", `{"chat_id":-1001,"photo":"https://x.tw/broken.png"}`, "HTTP URL content"},
		{"nothing to edit", "editMessageText", `{"chat_id":-1001,"message_id":99,"text":"a"}`, "message to edit not found"},
		{"nothing to delete", "deleteMessage", `{"chat_id":-1001,"message_id":99}`, "message to delete not found"},
		{"bad command", "setMyCommands", `{"commands":[{"command":"Recap","description":"x"}]}`, "BOT_COMMAND_INVALID"},
		{"webhook without https", "setWebhook", `{"url":"http://x.tw/"}`, "HTTPS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, telegramtest.Knobs{})
			got := call(t, s, tt.method, tt.params)
			fine := tt.name == "fine" || tt.name == "by name"
			if got.OK != fine || !strings.Contains(got.Description, tt.want) {
				t.Errorf("answer %+v; want %q", got, tt.want)
			}
		})
	}
}

// TestSpecRefuses holds the interpreter against labelled calls.
func TestSpecRefuses(t *testing.T) {
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	if spec == nil {
		t.Skip("HERALD_SHARED is not set: the official description is not at hand")
	}
	tests := []struct{ method, params, want string }{
		{"sendMessage", `{"chat_id":1,"text":"a"}`, ""},
		{"sendMessage", `{"chat_id":"@x","text":"a","disable_notification":true}`, ""},
		{"sendMessage", `{"chat_id":1}`, "text: missing"},
		{"sendMessage", `{"chat_id":1.5,"text":"a"}`, "chat_id"},
		{"sendMessage", `{"chat_id":1,"text":"a","disable_notification":"yes"}`, "no Boolean"},
		{"sendMessage", `{"chat_id":1,"text":"a","disable_web_page_preview":true}`, "unknown"},
		{"sendMessage", `{"chat_id":1,"text":"` + strings.Repeat("a", 4097) + `"}`, "4097 is not in 1-4096"},
		{"sendMessage", `{"chat_id":1,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","callback_data":"` + strings.Repeat("字", 22) + `"}]]}}`, "66 is not in 1-64"},
		{"sendMessage", `{"chat_id":1,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","unique":"x"}]]}}`, "unique: unknown"},
		{"setMyCommands", `{"commands":[{"command":"a","description":"b"}],"scope":{"type":"all_group_chats"}}`, ""},
		{"setMyCommands", `{"commands":[{"command":"a"}]}`, "description: missing"},
		{"setMyCommands", `{"commands":[],"scope":{"type":"everybody"}}`, "none of"},
		{"setMyCommands", `{"commands":[],"scope":{"type":"chat"}}`, "chat_id: missing"},
		{"getUpdates", `{"limit":101}`, "101 is not in"},
		{"answerInlineQuery", `{"inline_query_id":"1","results":[{"type":"article","id":"1","title":"t","input_message_content":{"message_text":"m"}}]}`, ""},
		{"answerInlineQuery", `{"inline_query_id":"1","results":[{"type":"article","id":"1","title":"t"}]}`, "input_message_content: missing"},
		{"sendMesage", `{}`, "no method"},
	}
	for _, tt := range tests {
		var params map[string]any
		decoder := json.NewDecoder(strings.NewReader(tt.params))
		decoder.UseNumber()
		if err := decoder.Decode(&params); err != nil {
			t.Fatal(err)
		}
		wrong := strings.Join(spec.CheckCall(tt.method, params), "; ")
		if (wrong == "") != (tt.want == "") || !strings.Contains(wrong, tt.want) {
			t.Errorf("%s %s: %q; want %q", tt.method, tt.params[:min(80, len(tt.params))], wrong, tt.want)
		}
	}
}

// TestAnswersAreAsDescribed holds the server's own answers against the
// description.
func TestAnswersAreAsDescribed(t *testing.T) {
	spec, err := telegramtest.SharedSpec()
	if err != nil {
		t.Fatal(err)
	}
	if spec == nil {
		t.Skip("HERALD_SHARED is not set: the official description is not at hand")
	}
	s := newServer(t, telegramtest.Knobs{})
	s.Say(telegramtest.User{ID: 7, Name: "Ann", Language: "en"}, 7, 0, "/help me")
	s.Ask(telegramtest.User{ID: 7, Name: "Ann"}, "x")
	for _, c := range [][2]string{
		{"getMe", `null`},
		{"sendMessage", `{"chat_id":-1001,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","callback_data":"c"}]]}}`},
		{"sendPhoto", `{"chat_id":7,"photo":"https://x.tw/a.png","caption":"a"}`},
		{"editMessageText", `{"chat_id":-1001,"message_id":1,"text":"b"}`},
		{"getChat", `{"chat_id":"@news"}`}, {"getChatMember", `{"chat_id":-1001,"user_id":110201543}`},
		{"setMyCommands", `{"commands":[{"command":"a","description":"b"}]}`}, {"getMyCommands", `{}`},
		{"getUpdates", `{"timeout":1}`},
	} {
		got := call(t, s, c[0], c[1])
		decoder := json.NewDecoder(bytes.NewReader(got.Result))
		decoder.UseNumber()
		var result any
		if err := decoder.Decode(&result); err != nil {
			t.Fatalf("%s: %+v: %v", c[0], got, err)
		}
		if wrong := spec.CheckResult(c[0], result); wrong != nil {
			t.Errorf("%s answers %s: %q", c[0], got.Result, wrong)
		}
	}
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, telegramtest.Knobs{})
		hello := `{"chat_id":-1001,"text":"hi"}`
		sent := 0
		for range 60 { // one each half second
			if got := call(t, s, "sendMessage", hello); got.OK {
				sent++
			} else if got.Code != 429 || got.Parameters["retry_after"] == nil {
				t.Fatalf("answer %+v", got)
			}
			time.Sleep(500 * time.Millisecond)
		}
		if sent != 20 { // a minute has not passed
			t.Errorf("%d sent within 30 seconds; want 20", sent)
		}
		if len(s.Limited()) != 40 || len(s.Refused()) != 0 {
			t.Errorf("%d limited, %d refused; want 40 and 0", len(s.Limited()), len(s.Refused()))
		}
	})
}

func TestOneBotPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, telegramtest.Knobs{})
		first := make(chan response, 1)
		go func() { first <- call(t, s, "getUpdates", `{"timeout":50}`) }()
		synctest.Wait()
		second := make(chan response, 1)
		go func() { second <- call(t, s, "getUpdates", `{"timeout":50}`) }()
		if got := <-first; got.Code != 409 {
			t.Errorf("first poll: %+v; want 409", got)
		}
		s.Say(telegramtest.User{ID: 7, Name: "Ann"}, 7, 0, "/help")
		if got := <-second; !got.OK || !strings.Contains(string(got.Result), "/help") {
			t.Errorf("second poll: %+v; want the message", got)
		}
	})
}

func TestRings(t *testing.T) {
	s := newServer(t, telegramtest.Knobs{NoLimits: true})
	for _, tt := range []struct {
		text, entities string
		want           int
	}{
		{"hi @someone", "[]", 1}, {"a@b.tw", "[]", 0}, {"@\u2060all", "[]", 0},
		{"@someone", `[{"type":"code","offset":0,"length":8}]`, 0},
		{"@someone", `[{"type":"bold","offset":0,"length":8}]`, 1},
		{"x", `[{"type":"text_mention","offset":0,"length":1,"user":{"id":5,"is_bot":false,"first_name":"x"}}]`, 1},
	} {
		call(t, s, "sendMessage", `{"chat_id":7,"text":"`+tt.text+`","entities":`+tt.entities+`}`)
		all := s.Messages(7)
		if got := all[len(all)-1].Rings; len(got) != tt.want {
			t.Errorf("%q %s rings %q; want %d", tt.text, tt.entities, got, tt.want)
		}
	}
}
